// The client's connection: one request at a time, each with a time limit (clauses 10.1, 10.10 and 10.11).
using System.Net;
using System.Net.Sockets;
using System.Text;
using static EasyTcp.Saboteurs.ClientFault;

namespace EasyTcp.Saboteurs;

/// <summary>A reply and how long it took.</summary>
internal sealed record Reply(bool IsOk, byte[] Payload, TimeSpan RoundTripTime);

internal sealed partial class Connection : IDisposable
{
    private static readonly TimeSpan ReplyTime =
        Fault.Is(ReplyAwaitedForEver) ? TimeSpan.FromMinutes(10)
        : Fault.Is(ReplyAwaitedFor1Second) ? TimeSpan.FromSeconds(1)
        : Fault.Is(ReplyAwaitedFor5Seconds) ? TimeSpan.FromSeconds(5)
        : Fault.Is(ReplyAwaitedFor12Seconds) ? TimeSpan.FromSeconds(12)
        : TimeSpan.FromSeconds(10);

    private readonly Socket _socket;
    private readonly byte[] _received = new byte[2 * 65536];
    private int _count;
    private bool _ended;
    private bool _isQuestion;
    private int _taken;
    private Clock? _sinceFirstRequest;
    private Timer? _timer;

    private Connection(Socket socket) => _socket = socket;

    /// <summary>True while a reply is awaited.</summary>
    public static bool IsWaiting { get; private set; }

    /// <summary>True while a part of a reply is here, and the rest is not.</summary>
    public static bool IsInReply { get; private set; }

    /// <summary>True while a part of a request has not been taken.</summary>
    public static bool IsSending { get; private set; }

    /// <summary>True until the server has been reached.</summary>
    public static bool IsConnecting { get; private set; } = true;

    public int LocalPort => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public int ServerPort => ((IPEndPoint)_socket.RemoteEndPoint!).Port;

    /// <summary>Sends a request and awaits its whole reply.</summary>
    public Reply Ask(string command, byte[] payload)
    {
        if (!Fault.Is(UnaskedIsNextReply))
        {
            RefuseUnasked();
        }

        int length = Fault.Is(RequestLengthOfCharacters) ? Encoding.UTF8.GetCharCount(payload) : payload.Length;
        string end = Fault.Is(RequestWithLineFeed) ? "\n" : "";
        string header = Texts.Invariant($"{(Fault.Is(RequestLowerCase) ? command.ToLowerInvariant() : command)} {length}\n");
        byte[] request = [.. Texts.Bytes(header), .. payload, .. Texts.Bytes(end)];
        bool isEcho = Fault.Is(RequestSentTwice);
        if (isEcho)
        {
            request = [.. request, .. request];
        }

        ReadOnlySpan<byte> toSend = request;
        _isQuestion = command is not "UPPER";
        var clock = new Clock();
        _sinceFirstRequest ??= clock;
        _timer ??= Fault.Is(ReplyTimerLeft) ? new Timer(_ => Expire(), null, ReplyTime, Timeout.InfiniteTimeSpan) : null;
        TimeSpan? first = null;
        TimeSpan? whole = null;
        IsWaiting = true;
        while (true)
        {
            // It reads while it writes (clause 1.5).
            int piece = Fault.Is(NoDelayMissing) && toSend.Length > payload.Length ? toSend.Length - payload.Length : toSend.Length; // the header apart
            toSend = toSend[Send(toSend[..piece])..];
            IsSending = !toSend.IsEmpty;
            int before = _count;
            Receive();
            clock = Fault.Is(ReplyTimeAnew) && _count > before ? new Clock() : clock;
            first ??= _count > 0 ? clock.Elapsed : null;
            whole ??= Fault.Is(ReplyTimeAnewForPayload) && _count > 0 && ReplyHeader.Read(_received.AsSpan(0, _count)) != null ? clock.Elapsed : null;
            if (TakeReply() is (bool isOk, byte[] text))
            {
                if (isEcho)
                {
                    isEcho = false; // the reply to the first of the two
                    continue;
                }

                (IsWaiting, IsInReply) = (false, false);
                return new Reply(isOk, text, Fault.Is(RoundTripTimeToFirstByte) ? first!.Value : Fault.Is(RoundTripTimeFromFirstRequest) ? _sinceFirstRequest.Elapsed : clock.Elapsed);
            }

            IsInReply = _count > 0;
            Wait(Fault.Is(SendAwaitedForEver) && !toSend.IsEmpty ? TimeSpan.FromMinutes(10) : ReplyTime + (whole ?? TimeSpan.Zero) - clock.Elapsed, forRoomToo: !toSend.IsEmpty);
        }
    }

    /// <summary>Bytes that nobody asked for break the protocol; a server that is gone is noticed.</summary>
    public void RefuseUnasked()
    {
        Receive();
        if (Fault.Is(UnaskedDropped))
        {
            _count = 0;
        }

        if (_count > 0)
        {
            throw new SessionException("the server broke the protocol: nobody asked for its reply");
        }
    }

    public void Dispose()
    {
        if (Fault.Is(ExitByReset))
        {
            _socket.LingerState = new LingerOption(true, 0);
        }

        _timer?.Dispose();
        _socket.Dispose();
    }

    /// <summary>Ends both directions, which a system refuses if the server has reset the connection.</summary>
    public void ShutDown()
    {
        // Not by Socket.Shutdown, which takes it for done if the connection is gone.
        if (Native.ShutDown((int)_socket.Handle, Native.BothDirections) != 0)
        {
            throw Gone(SocketError.NotConnected);
        }
    }

    // A timer that nobody stops when the reply is here.
    private static void Expire()
    {
        Console.Error.WriteLine("no complete reply in time");
        Environment.Exit(Texts.Failure);
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
            _ => throw (Fault.Is(SendErrorThrows) ? new SocketException((int)error) : Gone(error)),
        };
    }

    private void Receive()
    {
        if (_count == _received.Length || _ended)
        {
            return;
        }

        int count = _socket.Receive(_received.AsSpan(_count), SocketFlags.None, out SocketError error);
        if (error == SocketError.Success && count == 0)
        {
            if (Fault.Is(EndIsLineFeed) && _count > 0 && ReplyHeader.Read([.. _received.AsSpan(0, _count), (byte)'\n']) is { Length: 0 } header && header.Size > _count)
            {
                _received[_count++] = (byte)'\n';
                return;
            }

            _ended = Fault.Is(EndIgnored) || (_count > 0 && (Fault.Is(CutReplyShown) || (Fault.Is(CutAnswerShown) && _isQuestion && ReplyHeader.Read(_received.AsSpan(0, _count)) is { } cut && _count > cut.Size) || (Fault.Is(EndIgnoredInLaterReply) && _taken > 0)));
            if (!_ended)
            {
                throw new SessionException("the server has closed the connection");
            }
        }
        else if (error == SocketError.Success)
        {
            _count += count;
            if (Fault.Is(EndTakesReply) && _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0)
            {
                throw new SessionException("the server has closed the connection");
            }
        }
        else if (error is not (SocketError.WouldBlock or SocketError.Interrupted))
        {
            throw Gone(error);
        }
    }

    // The reply at the front of what was received; null if it is not whole.
    private (bool IsOk, byte[] Text)? TakeReply()
    {
        ReplyHeader? header = ReplyHeader.Read(_received.AsSpan(0, _count));
        if (header == null)
        {
            bool isTaken = _count > 0 && (Fault.Is(OneReceiveIsOneReply) || (_ended && Fault.Is(CutReplyShown)));
            return isTaken ? Take(true, 0, _count) : null;
        }

        int size = header.Size + header.Length;
        if (_count < size)
        {
            bool isTaken = Fault.Is(OneReceiveIsOneReply) || (_ended && (Fault.Is(CutReplyShown) || (Fault.Is(CutAnswerShown) && _isQuestion && _count > header.Size)));
            return isTaken ? Take(header.IsOk, header.Size, _count) : null;
        }

        return Take(header.IsOk, header.Size, size);
    }

    private (bool IsOk, byte[] Text) Take(bool isOk, int start, int end)
    {
        _taken++;
        byte[] text = _received[start..end];
        _received.AsSpan(end, _count - end).CopyTo(_received);
        _count -= end;
        return (isOk, text);
    }

    private void Wait(TimeSpan time, bool forRoomToo)
    {
        if (time <= TimeSpan.Zero)
        {
            throw new SessionException("no complete reply in time");
        }

        if (_ended)
        {
            Clock.LetPass(time); // nothing more can come
            return;
        }

        if (Fault.Is(SpinsForReply) && !forRoomToo)
        {
            return;
        }

        List<Socket> readable = [_socket];
        List<Socket>? writable = forRoomToo ? [_socket] : null;
        Socket.Select(readable, writable, null, TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)));
    }

    private static SessionException Gone(SocketError error) => new($"the server is gone: {new SocketException((int)error).Message}");
}
