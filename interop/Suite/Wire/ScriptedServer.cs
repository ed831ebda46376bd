// A server of the suite's own, which answers exactly what a case wants it to answer.
using System.Net;
using System.Net.Sockets;
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>Listens for clients under test.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly Socket _listener;

    /// <summary>Listens where the clients of this run find the suite.</summary>
    /// <param name="family">Over IPv4 or IPv6.</param>
    /// <param name="isNarrow">True for connections that hold little, so that a client that sends much must wait for its server to read.</param>
    public ScriptedServer(AddressFamily family = AddressFamily.InterNetwork, bool isNarrow = false)
        : this(Place.Current.Listening(family), 0, isNarrow)
    {
    }

    /// <summary>Listens at one address.</summary>
    /// <param name="address">Which.</param>
    /// <param name="port">0 lets the system choose.</param>
    /// <param name="isNarrow">As above.</param>
    public ScriptedServer(IPAddress address, int port = 0, bool isNarrow = false)
    {
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (isNarrow)
        {
            Pieces.MakeNarrow(_listener);
        }

        _listener.Bind(new IPEndPoint(address, port));
        _listener.Listen();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Awaits the connection of a client that was started.</summary>
    /// <exception cref="CaseFailedException">It ended instead, or did not come.</exception>
    public async Task<ServedClient> Accept(ClientUnderTest client)
    {
        using var end = new CancellationTokenSource();
        Task<Socket> accepted = Wait.For("a connection from the client", "10.1", Wait.Patience, async cancel =>
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, end.Token);
            return await _listener.AcceptAsync(either.Token);
        });
        if (await Task.WhenAny(accepted, client.Process.Ended) == accepted)
        {
            return new ServedClient(await accepted);
        }

        await end.CancelAsync();
        try
        {
            return new ServedClient(await accepted); // it came, and left at once
        }
        catch (OperationCanceledException)
        {
            Ending ending = await client.Process.Ended;
            throw new CaseFailedException("10.1", "a connection from the client",
                $"exit status {ending.ExitCode} without any; stdout {Excerpt.OfEnd(client.Process.Output.Text)}, stderr {Excerpt.OfEnd(client.Process.Errors.Text)}");
        }
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>A client under test, as the server sees it.</summary>
internal sealed class ServedClient : IDisposable
{
    private readonly Socket _socket;
    private readonly MessageReader _requests;
    private readonly Exchange _exchange;

    public ServedClient(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _exchange = new Exchange(socket.RemoteEndPoint!.ToString()!, socket.LocalEndPoint!.ToString()!, Part.Server);
        Lab.Current?.Keep(_exchange);
        _requests = new MessageReader(Voice.Client, Receive);
    }

    /// <summary>The client's port.</summary>
    public int Port => ((IPEndPoint)_socket.RemoteEndPoint!).Port;

    /// <summary>Awaits a request and checks it to the byte.</summary>
    public async Task ExpectRequest(string command, string payload = "")
    {
        long start = _requests.Offset;
        Message? request = await Read($"the request {command} with {payload.Length} bytes");
        ExpectAt(start, () => Expect.Same($"{command} {Excerpt.Of(payload)} {payload.Length}",
            request == null ? "the end of the connection" : $"{request.Word} {Excerpt.Of(request.Payload)} {request.Payload.Length}",
            "3", "the client's request"));
        int header = WireText.Request(command, payload).Length - payload.Length;
        ExpectAt(start + header + payload.AsSpan().CommonPrefixLength(request!.Text), () => Expect.That(string.Equals(request.Text, payload, StringComparison.Ordinal), "10.4",
            "that the sentence goes out byte for byte", "one with other bytes"));
    }

    /// <summary>Takes so many bytes, whatever they are, and leaves the rest unread.</summary>
    public async Task<string> Take(int count)
    {
        byte[] bytes = new byte[count];
        int taken = 0;
        await Wait.For($"{count} bytes of a request", "10.2", Wait.Patience, async cancel =>
        {
            while (taken < count && await Receive(bytes.AsMemory(taken), cancel) is > 0 and int more)
            {
                taken += more;
            }
        });
        return Encoding.Latin1.GetString(bytes, 0, taken);
    }

    /// <summary>Awaits the client's end: it closes its connection to exit (clause 1.7).</summary>
    public async Task ExpectEnd()
    {
        long start = _requests.Offset;
        Message? request = await Read("that the client closes its connection");
        ExpectAt(start, () => Expect.That(request == null, "1.7", "that the client closes its connection", $"another request, {request?.Word}"));
    }

    /// <summary>Sends bytes in one piece.</summary>
    public async Task Send(string latin1)
    {
        try
        {
            await _exchange.Send(Direction.ToClient, _socket, Encoding.Latin1.GetBytes(latin1), CancellationToken.None);
        }
        catch (SocketException error)
        {
            throw new CaseFailedException("10.5", "that the client takes its reply", error.Message);
        }
    }

    /// <summary>Sends bytes one at a time, each a segment of its own.</summary>
    public Task SendByteByByte(string latin1) => Pieces.SendByteByByte(latin1, Send);

    /// <summary>Puts acknowledgements off for as long as the system does, some 40 ms, until the next that is due.</summary>
    public void DelayAcknowledgements() => Pieces.DelayAcknowledgements(_socket);

    /// <summary>True if a byte, or the end, is here already or comes within the time.</summary>
    public Task<bool> HasNews(TimeSpan within) => Task.Run(() => _socket.Poll(within, SelectMode.SelectRead));

    /// <summary>Sends no more, and leaves unread what the client still sends.</summary>
    public void EndSending()
    {
        _exchange.RecordEnd(Direction.ToClient, isReset: false);
        _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _exchange.RecordEnd(Direction.ToClient, isReset: true);
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose()
    {
        _exchange.RecordEnd(Direction.ToClient, isReset: false);
        _socket.Dispose();
    }

    private ValueTask<int> Receive(Memory<byte> room, CancellationToken cancel) => _exchange.Heard(Direction.ToServer, room, _socket.ReceiveAsync(room, cancel));

    private void ExpectAt(long offset, Action check)
    {
        try
        {
            check();
        }
        catch (CaseFailedException fault)
        {
            _exchange.Violation = fault.At(new Spot(Direction.ToServer, offset));
            throw;
        }
    }

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
