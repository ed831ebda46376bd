// A client of the suite's own, which says exactly what a case wants it to say.
using System.Net;
using System.Net.Sockets;
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>A connection to a server under test, byte by byte.</summary>
internal sealed partial class RawClient : IDisposable
{
    // "At once" (clause 9.3), on a machine that is busy with a crowd.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(0.1);

    // As many bytes as any length may be taken for.
    private static readonly string More = new('x', 100_000);

    private readonly Socket _socket;
    private readonly MessageReader _replies;
    private readonly Exchange _exchange;

    private RawClient(Socket socket)
    {
        _socket = socket;
        _exchange = new Exchange(Address, socket.RemoteEndPoint!.ToString()!, Part.Client);
        Lab.Current?.Keep(_exchange);
        _replies = new MessageReader(Voice.Server, Receive);
    }

    /// <summary>The client's own address, as clause 3.2 writes it.</summary>
    public string Address
    {
        get
        {
            var local = (IPEndPoint)_socket.LocalEndPoint!;
            return local.AddressFamily == AddressFamily.InterNetworkV6
                ? FormattableString.Invariant($"[{local.Address}]:{local.Port}")
                : FormattableString.Invariant($"{local.Address}:{local.Port}");
        }
    }

    /// <summary>The client's own port.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Connects to a server.</summary>
    /// <remarks>A host that has just come, or come again, may not be known to this one's network yet. That says nothing of a server,
    /// which never sees such an attempt: there is another one.</remarks>
    /// <param name="server">Where it listens.</param>
    /// <param name="from">The client's own address; null lets the system choose.</param>
    /// <param name="isNarrow">True for one that holds little of what it is sent, so that a server that sends much must wait until it reads.</param>
    public static async Task<RawClient> Connect(IPEndPoint server, IPAddress? from = null, bool isNarrow = false)
    {
        TimeSpan start = Moment.Now;
        while (true)
        {
            try
            {
                return await ConnectOnce(server, from, isNarrow);
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.HostUnreachable && Moment.Now - start < Wait.Patience)
            {
                await Wait.LetPass(BetweenAttempts);
            }
            catch (SocketException error)
            {
                throw new CaseFailedException("1.1", $"a connection to {server.Address} port {server.Port}", error.Message);
            }
        }
    }

    private static async Task<RawClient> ConnectOnce(IPEndPoint server, IPAddress? from, bool isNarrow)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (from != null)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            if (isNarrow)
            {
                Pieces.MakeNarrow(socket);
            }

            await Wait.For($"a connection to {server.Address} port {server.Port}", "1.1", Wait.Patience,
                async cancel => await socket.ConnectAsync(server, cancel));
            return new RawClient(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends bytes; they leave at once.</summary>
    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await Wait.For($"that the server takes {bytes.Length} bytes", "1.2", Wait.Patience, cancel => _exchange.Send(Direction.ToServer, _socket, bytes, cancel));
        }
        catch (SocketException error)
        {
            throw new CaseFailedException("1.2", $"that the server takes {bytes.Length} bytes", error.Message);
        }
    }

    /// <inheritdoc cref="Send(ReadOnlyMemory{byte})"/>
    public Task Send(string latin1) => Send(Encoding.Latin1.GetBytes(latin1));

    /// <summary>Puts acknowledgements off for as long as the system does, some 40 ms, until the next that is due.</summary>
    public void DelayAcknowledgements() => Pieces.DelayAcknowledgements(_socket);

    /// <summary>Is gone from here on as a host that loses its power: whatever still comes is dropped unseen, and nothing is answered.</summary>
    public void Vanish() => Hush.Apply(_socket);

    /// <summary>Sends bytes one at a time, each a segment of its own.</summary>
    public Task SendByteByByte(string latin1) => Pieces.SendByteByByte(latin1, Send);

    /// <summary>Sends a request and awaits its reply.</summary>
    public async Task<Message> Ask(string command, string payload = "")
    {
        await Send(WireText.Request(command, payload));
        return await Reply($"the reply to {command}");
    }

    /// <summary>Sends a request and awaits an OK reply.</summary>
    public async Task ExpectAnswer(string command, string payload = "")
    {
        Message reply = await Ask(command, payload);
        Expect.That(reply.Word is "OK", "3", $"OK to {command}", $"{reply.Word} {Excerpt.Of(reply.Payload)}");
    }

    /// <summary>Awaits a reply.</summary>
    public async Task<Message> Reply(string what, TimeSpan? within = null) =>
        await Read(what, within) ?? throw new CaseFailedException("1.2", what, "the end of the connection");

    /// <summary>Awaits a reply and compares it with the one expected.</summary>
    public async Task ExpectReply(string status, string payload, string clause, string what, TimeSpan? within = null)
    {
        long start = _replies.Offset;
        Message reply = await Reply($"{what}: {status} {Excerpt.Of(payload)}", within);
        ExpectAt(start, () => Expect.Same($"{status} {payload.Length}\n{payload}", $"{reply.Word} {reply.Payload.Length}\n{reply.Text}", clause, what));
    }

    /// <summary>Awaits an ERR that is owed for what was sent. A server that waits for more instead is given more, so that it shows
    /// what it took the bytes for.</summary>
    public async Task ExpectErr(string error, string clause, string what)
    {
        (TimeSpan start, TimeSpan soon) = (Moment.Now, Wait.Soon);
        if (!_replies.HasMore && !await HasNews(soon))
        {
            await Send(More);
            Message? reply = await Read($"{what}: ERR '{error}'", soon);
            throw new CaseFailedException(clause, $"{what}: ERR '{error}'",
                $"nothing, until {More.Length} bytes more were sent; then {(reply == null ? "the end of the connection" : $"{reply.Word} {Excerpt.Of(reply.Payload)}")}")
            { Late = Lateness.OfWait(start, soon) };
        }

        await ExpectReply("ERR", error, clause, what);
    }

    /// <summary>Awaits a clean end: no further byte, no reset.</summary>
    public async Task ExpectEnd(string clause, string what, TimeSpan? within = null)
    {
        long start = _replies.Offset;
        if (await Read($"{what}: a clean end", within) is Message reply)
        {
            ExpectAt(start, () => Expect.That(false, clause, $"{what}: a clean end", $"another reply, {reply.Word} {Excerpt.Of(reply.Payload)}"));
        }
    }

    /// <summary>Awaits exactly these bytes and takes no more of what has come than them, so that the rest is left unread.</summary>
    public async Task ExpectBytes(string latin1, string clause, string what) => await WithErrors(what, async () =>
    {
        byte[] bytes = new byte[latin1.Length];
        int count = 0;
        await Wait.For($"{what}: {Excerpt.Of(latin1)}", clause, Wait.Patience, async cancel =>
        {
            while (count < bytes.Length && await Receive(bytes.AsMemory(count), cancel) is > 0 and int more)
            {
                count += more;
            }
        });
        ExpectAt(_replies.Offset, () => Expect.Same(latin1, Encoding.Latin1.GetString(bytes, 0, count), clause, what));
        return true;
    });

    /// <summary>Awaits so many replies that are all alike, as a busy client does.</summary>
    public async Task ExpectReplies(int count, string status, string payload, string clause, string what) => await WithErrors(what, async () =>
    {
        await Wait.For(what, clause, Wait.Patience, async cancel =>
        {
            for (int i = 0; i < count; i++)
            {
                long start = _replies.Offset;
                Message? reply = await _replies.Read(cancel);
                if (reply == null || !string.Equals(reply.Word, status, StringComparison.Ordinal) || !string.Equals(reply.Text, payload, StringComparison.Ordinal))
                {
                    ExpectAt(start, () => Expect.That(false, clause, $"{what}: {status} {Excerpt.Of(payload)}",
                        reply == null ? "the end of the connection" : $"{reply.Word} {Excerpt.Of(reply.Payload)}"));
                }
            }
        });
        return true;
    });

    /// <summary>Asks once: true for the right reply, false if the server has closed the connection instead, in whatever way.</summary>
    /// <param name="slack">The server's: how much longer than others it may take.</param>
    /// <exception cref="CaseFailedException">A wrong reply, or none and no end either.</exception>
    public async Task<bool> IsServed(double slack = 1)
    {
        try
        {
            _ = SendWhatFits(WireText.Request("UPPER", "anybody there?"));
            Message? reply = await Wait.For("a reply, or the end of the connection at once", "9.3", AtOnce * slack, _replies.Read);
            Expect.That(reply is null or { Word: "OK", Text: "ANYBODY THERE?" }, "9.3", "OK 'ANYBODY THERE?', or the end of the connection", $"{reply?.Word} {Excerpt.Of(reply?.Payload)}");
            return reply != null;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>True if a byte, or the end, is here already or comes within the time.</summary>
    public Task<bool> HasNews(TimeSpan within) => Task.Run(() => _socket.Poll(within, SelectMode.SelectRead));

    /// <summary>Sends no more, but reads on (clause 1.4).</summary>
    public void EndSending()
    {
        _exchange.RecordEnd(Direction.ToServer, isReset: false);
        _socket.Shutdown(SocketShutdown.Send);
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _exchange.RecordEnd(Direction.ToServer, isReset: true);
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        _exchange.RecordEnd(Direction.ToServer, isReset: false);
        _socket.Dispose();
    }

    // A reply that is wrong is told of with the place where it stands.
    private void ExpectAt(long offset, Action check)
    {
        try
        {
            check();
        }
        catch (CaseFailedException fault)
        {
            _exchange.Violation = fault.At(new Spot(Direction.ToClient, offset + (fault.DiffersAt ?? 0)));
            throw;
        }
    }

    private Task<Message?> Read(string what, TimeSpan? within) =>
        WithErrors(what, () => Wait.For(what, "1.2", within ?? Wait.Patience, _replies.Read));

    private async Task<T> WithErrors<T>(string what, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (SocketException error)
        {
            throw new CaseFailedException("5.3", what, $"{error.Message}, after {_replies.Offset} bytes of replies");
        }
    }

    private ValueTask<int> Receive(Memory<byte> room, CancellationToken cancel) => _exchange.Heard(Direction.ToClient, room, _socket.ReceiveAsync(room, cancel));
}
