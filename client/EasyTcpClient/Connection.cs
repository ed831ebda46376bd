// The connection to a server: one request at a time, each with a time limit (clauses 10.1 and 10.10).
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EasyTcp.Protocol;

namespace EasyTcp.Client;

/// <summary>A reply: its status and its payload.</summary>
/// <param name="IsOk">True for OK, false for ERR.</param>
/// <param name="Payload">Its bytes as they came.</param>
public sealed record Reply(bool IsOk, byte[] Payload);

/// <summary>Asks a server and judges what comes back.</summary>
public sealed class Connection : IDisposable
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(10);

    // "ERR 65535" and LF
    private const int LongestHeader = 10;

    private readonly Socket _socket;
    private readonly byte[] _received = new byte[LongestHeader + Wire.MaxPayload];
    private int _count;

    private Connection(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
    }

    /// <summary>The port that the client is running on.</summary>
    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Connects to the first address of a host that answers; each is given 5 s (clause 10.1).</summary>
    /// <exception cref="ServerException">Unknown host, or no server at any of its addresses.</exception>
    public static Connection Open(string host, int port)
    {
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(host, out IPAddress? literal)
                ? [literal.IsIPv4MappedToIPv6 ? literal.MapToIPv4() : literal]
                : Dns.GetHostAddresses(host);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            throw new ServerException($"unknown host '{Printable.Text(host)}': {error.Message}");
        }

        string reason = "it has no address";
        foreach (IPAddress address in addresses)
        {
            try
            {
                return new Connection(Connect(new IPEndPoint(address, port)));
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                reason = error is SocketException ? error.Message : $"no answer from {address} within {ConnectTime.TotalSeconds} s";
            }
        }

        throw new ServerException($"cannot connect to {Printable.Text(host)} port {port}: {reason}");
    }

    /// <summary>Sends a request and waits for its whole reply.</summary>
    /// <exception cref="ServerException">The server is gone, late, or breaks the protocol (clause 10.10).</exception>
    public Reply Ask(ReadOnlySpan<byte> command, ReadOnlySpan<byte> payload)
    {
        long start = Stopwatch.GetTimestamp();
        RefuseUnasked();

        byte[] request = new byte[Wire.MaxHeader + payload.Length];
        int header = Header.Write(request, command, payload.Length);
        payload.CopyTo(request.AsSpan(header));
        ReadOnlySpan<byte> toSend = request.AsSpan(0, header + payload.Length);
        while (true)
        {
            // Reads while it writes: a server may answer, or refuse, before it has taken all (clause 1.5).
            toSend = toSend[Send(toSend)..];
            Receive();
            if (TakeReply() is Reply reply)
            {
                return reply;
            }

            Wait(ReplyTime - Stopwatch.GetElapsedTime(start), forRoomToo: !toSend.IsEmpty);
        }
    }

    /// <summary>Closes the connection: that is "exit" (clause 1.7).</summary>
    public void Dispose() => _socket.Dispose();

    // What came before it was asked for is no reply (clause 10.11).
    private void RefuseUnasked()
    {
        Receive();
        if (_count > 0)
        {
            throw new ServerException($"the server broke the protocol: nobody asked for '{Printable.Text(_received.AsSpan(0, _count))}'");
        }
    }

    private int Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        int count = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => count,
            SocketError.WouldBlock or SocketError.Interrupted => 0,
            _ => throw Gone(error),
        };
    }

    private void Receive()
    {
        if (_count == _received.Length)
        {
            return; // a whole reply fits, so this one is judged first
        }

        int count = _socket.Receive(_received.AsSpan(_count), SocketFlags.None, out SocketError error);
        switch (error)
        {
            case SocketError.Success when count > 0:
                _count += count;
                break;
            case SocketError.Success:
                throw new ServerException(_count == 0
                    ? "the server has closed the connection"
                    : "the server has closed the connection in the middle of a reply");
            case SocketError.WouldBlock or SocketError.Interrupted:
                break;
            default:
                throw Gone(error);
        }
    }

    // The reply at the front of what was received; null if it is not complete.
    private Reply? TakeReply()
    {
        ReadOnlySpan<byte> received = _received.AsSpan(0, _count);
        HeaderState state = Header.Read(received, out Header header);
        bool isOk = header.Word.SequenceEqual(Wire.Ok);
        if (state == HeaderState.Incomplete && received.Length < LongestHeader)
        {
            return null;
        }

        if (state != HeaderState.Complete || !(isOk || header.Word.SequenceEqual(Wire.Err)) || header.PayloadLength > Wire.MaxPayload)
        {
            throw new ServerException($"the server broke the protocol: '{Printable.Text(received)}' is no reply");
        }

        int size = header.Size + header.PayloadLength;
        if (received.Length < size)
        {
            return null;
        }

        var reply = new Reply(isOk, received[header.Size..size].ToArray());
        received[size..].CopyTo(_received);
        _count -= size;
        return reply;
    }

    private void Wait(TimeSpan time, bool forRoomToo)
    {
        if (time <= TimeSpan.Zero)
        {
            throw new ServerException($"no complete reply within {ReplyTime.TotalSeconds} s of the request");
        }

        List<Socket> readable = [_socket];
        List<Socket>? writable = forRoomToo ? [_socket] : null;
        Socket.Select(readable, writable, null, TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)));
    }

    private static ServerException Gone(SocketError error) =>
        new($"the server is gone: {new SocketException((int)error).Message}");

    private static Socket Connect(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            using var time = new CancellationTokenSource(ConnectTime);
            socket.ConnectAsync(endpoint, time.Token).AsTask().GetAwaiter().GetResult();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
