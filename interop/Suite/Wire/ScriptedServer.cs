// A server of the suite's own, which answers exactly what a case wants it to answer.
using System.Net;
using System.Net.Sockets;
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>Listens on loopback for clients under test.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly Socket _listener;

    /// <summary>Listens.</summary>
    /// <param name="family">Over IPv4 or IPv6.</param>
    /// <param name="isNarrow">True for connections that hold little, so that a client that sends much must wait for its server to read.</param>
    public ScriptedServer(AddressFamily family = AddressFamily.InterNetwork, bool isNarrow = false)
    {
        _listener = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        if (isNarrow)
        {
            // The client's system sizes its own buffer by the segments that this side takes; the largest on loopback would hold any request.
            _listener.SetRawSocketOption(6, 2, BitConverter.GetBytes(536)); // TCP_MAXSEG
            _listener.ReceiveBufferSize = 1; // the least that the system gives
        }

        _listener.Bind(new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback, 0));
        _listener.Listen();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Awaits a client.</summary>
    public async Task<ServedClient> Accept() =>
        new(await Wait.For("a connection from the client", "10.1", Wait.Patience, async cancel => await _listener.AcceptAsync(cancel)));

    public void Dispose() => _listener.Dispose();
}

/// <summary>A client under test, as the server sees it.</summary>
internal sealed class ServedClient : IDisposable
{
    private readonly Socket _socket;
    private readonly MessageReader _requests;

    public ServedClient(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _requests = new MessageReader(Voice.Client, (room, cancel) => _socket.ReceiveAsync(room, cancel));
    }

    /// <summary>The client's port.</summary>
    public int Port => ((IPEndPoint)_socket.RemoteEndPoint!).Port;

    /// <summary>Awaits a request and checks it to the byte.</summary>
    public async Task ExpectRequest(string command, string payload = "")
    {
        Message? request = await Read($"the request {command} with {payload.Length} bytes");
        Expect.Same($"{command} {Excerpt.Of(payload)} {payload.Length}",
            request == null ? "the end of the connection" : $"{request.Word} {Excerpt.Of(request.Payload)} {request.Payload.Length}",
            "3", "the client's request");
        Expect.That(string.Equals(request!.Text, payload, StringComparison.Ordinal), "10.4",
            "that the sentence goes out byte for byte", "one with other bytes");
    }

    /// <summary>Takes so many bytes, whatever they are, and leaves the rest unread.</summary>
    public async Task<string> Take(int count)
    {
        byte[] bytes = new byte[count];
        int taken = 0;
        await Wait.For($"{count} bytes of a request", "10.2", Wait.Patience, async cancel =>
        {
            while (taken < count && await _socket.ReceiveAsync(bytes.AsMemory(taken), cancel) is > 0 and int more)
            {
                taken += more;
            }
        });
        return Encoding.Latin1.GetString(bytes, 0, taken);
    }

    /// <summary>Awaits the client's end: it closes its connection to exit (clause 1.7).</summary>
    public async Task ExpectEnd()
    {
        Message? request = await Read("that the client closes its connection");
        Expect.That(request == null, "1.7", "that the client closes its connection", $"another request, {request?.Word}");
    }

    /// <summary>Sends bytes in one piece.</summary>
    public async Task Send(string latin1)
    {
        try
        {
            await _socket.SendAsync(Encoding.Latin1.GetBytes(latin1), CancellationToken.None);
        }
        catch (SocketException error)
        {
            throw new CaseFailedException("10.5", "that the client takes its reply", error.Message);
        }
    }

    /// <summary>Sends bytes one at a time, each a segment of its own.</summary>
    public async Task SendByteByByte(string latin1)
    {
        foreach (char each in latin1)
        {
            await Send(each.ToString());
        }
    }

    /// <summary>Sends no more, and leaves unread what the client still sends.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<Message?> Read(string what)
    {
        try
        {
            return await Wait.For(what, "10.2", Wait.Patience, _requests.Read);
        }
        catch (SocketException error)
        {
            throw new CaseFailedException("1.7", what, error.Message);
        }
    }
}
