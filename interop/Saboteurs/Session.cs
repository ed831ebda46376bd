// One client's connection from its first byte to its end (parts 1 and 5, clause 6.4).
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>Carries bytes between a socket and its conversation.</summary>
internal sealed class Session(Socket socket, Registry registry, Service service)
{
    private const int Page = 4096;
    private const int BrokenPipe = 141; // as SIGPIPE ends a C program
    private const int EnoughReplies = 1024 * 1024;

    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LateBy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(20);
    private static readonly ConcurrentQueue<Socket> Leaked = [];

    private readonly Conversation _conversation = new(service, new Caller((IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!));
    private readonly Outbox _outbox = new(socket);
    private long? _id;
    private bool _isSending;
    private bool _hadToWait;
    private bool _isEnding;
    private bool _isOverdue;

    private static int _sending;
    private static int _ending;
    private static Socket? _newest;

    /// <summary>For servers in which one keeps all others waiting.</summary>
    public static object All { get; } = new();

    /// <summary>How many sessions wait for their clients to take what is sent, or are about to.</summary>
    public static int Sending => Volatile.Read(ref _sending);

    /// <summary>How many sessions wait for their clients to close after an error.</summary>
    public static int Ending => Volatile.Read(ref _ending);

    /// <summary>The client gets its ID, and its connect lines.</summary>
    public void Join()
    {
        _id = registry.Join();
        _newest = socket;
    }

    /// <summary>Serves the client to its end.</summary>
    public void Serve()
    {
        bool wasReset = false;
        try
        {
            Converse();
        }
        catch (SocketException) when (Fault.Is(WriteAfterEndKills) && _isSending)
        {
            Environment.Exit(BrokenPipe);
        }
        catch (SocketException) when (!Fault.Is(ResetKills) && !(Fault.Is(SendErrorKills) && _isSending) && !(Fault.Is(EndingResetKills) && _isEnding))
        {
            wasReset = true;
        }

        if (Monitor.IsEntered(All))
        {
            Monitor.Exit(All);
        }

        _outbox.Finish();
        if ((wasReset && Fault.Is(DescriptorLeakAfterReset)) || (_isOverdue && Fault.Is(EndingNeverCloses)))
        {
            Leaked.Enqueue(socket);
        }
        else
        {
            socket.Dispose();
        }

        Leave(wasReset);
    }

    private void Leave(bool wasReset)
    {
        if (Fault.Is(DisconnectLineLate))
        {
            Clock.LetPass(LateBy);
        }

        bool isTold = !(Fault.Is(DisconnectLineMissingAfterReset) && wasReset) && !(Fault.Is(DisconnectLineMissingInRequest) && _conversation.IsInRequest) &&
            !(Fault.Is(DisconnectLineMissingInHeader) && wasReset && _conversation.IsInRequest && !_conversation.IsInPayload) &&
            !(Fault.Is(DisconnectLineMissingAfterFailedSend) && _isSending);
        if (_id is long id && isTold)
        {
            registry.Leave(id, wasReset);
        }
    }

    private void Converse()
    {
        bool ended = false;
        while (!ended)
        {
            if (Fault.Is(IdleClientsDropped))
            {
                socket.ReceiveTimeout = (int)IdleTime.TotalMilliseconds;
            }

            if (Fault.Is(StalledRequestsDropped))
            {
                socket.ReceiveTimeout = _conversation.IsInRequest ? (int)IdleTime.TotalMilliseconds : 0;
            }

            if (Fault.Is(StalledRequestsDroppedLate))
            {
                socket.ReceiveTimeout = _conversation.IsInRequest ? (int)HalfAMinute.TotalMilliseconds : 0;
            }

            if (Fault.Is(SlowReadersDropped))
            {
                socket.SendTimeout = (int)HalfAMinute.TotalMilliseconds;
            }

            if (Fault.Is(DrainsOneClient))
            {
                AwaitTurn();
            }

            ended = !Receive();
            if (Fault.Is(DescriptorsOutStopsAll))
            {
                lock (All)
                {
                    // it goes on when the listener has rested
                }
            }

            Traffic.Note();
            if (Fault.Is(ConnectLineAtFirstRequest) && _id == null)
            {
                Join();
            }

            if (Fault.Is(HalfCloseDropsReplies) && !ended && !_conversation.IsBroken &&
                _conversation.RepliesHeld < EnoughReplies && socket.Poll(BatchTime, SelectMode.SelectRead))
            {
                continue; // more is coming, so the replies go out together with those to that; unless it was the end that came
            }

            if (!(ended && Fault.Is(HalfCloseDropsReplies)))
            {
                Send(_conversation.TakeReplies());
            }

            _conversation.Sent();
            if (_conversation.IsBroken)
            {
                End();
                return;
            }

            if (_conversation.IsOver)
            {
                return;
            }
        }

        if (Fault.Is(CleanEndByReset))
        {
            socket.LingerState = new LingerOption(true, 0);
        }

        if (Fault.Is(ReplyAfterEnd))
        {
            SendAll(Texts.Bytes("OK 0\n"));
        }

        if (Fault.Is(HalfCloseIgnored))
        {
            socket.Poll(-1, SelectMode.SelectError);
        }
    }

    // As one thread for all that stays with a client for as long as more of it is here.
    private void AwaitTurn()
    {
        if (Monitor.IsEntered(All))
        {
            if (socket.Poll(0, SelectMode.SelectRead))
            {
                return;
            }

            Monitor.Exit(All);
        }

        socket.Poll(-1, SelectMode.SelectRead);
        Monitor.Enter(All);
    }

    // False at the client's end.
    private bool Receive()
    {
        byte[] page = new byte[Page];
        bool isLocked = Fault.Is(PayloadReadUnderLock) && _conversation.IsInPayload;
        if (isLocked)
        {
            Monitor.Enter(All);
        }

        try
        {
            while ((Fault.Is(SpinsWithIdleClients) || (Fault.Is(SpinsAfterFullBuffer) && _hadToWait) || (Fault.Is(SpinsInHeader) && _conversation.IsInRequest && !_conversation.IsInPayload)) && !socket.Poll(0, SelectMode.SelectRead))
            {
            }

            int count = socket.Receive(page);
            if (count == 0)
            {
                _conversation.InputEnded();
                return false;
            }

            if (Fault.Is(PayloadReadUnderLock) && !isLocked)
            {
                lock (All)
                {
                    _conversation.Received(page.AsSpan(0, count));
                }
            }
            else
            {
                _conversation.Received(page.AsSpan(0, count));
            }

            // As with a loop that reads for as long as reads are full.
            return !Fault.Is(FullReceiveAwaitsMore) || count < page.Length || Receive();
        }
        finally
        {
            if (isLocked)
            {
                Monitor.Exit(All);
            }
        }
    }

    private void Send(IReadOnlyList<byte[]> replies)
    {
        byte[] bytes = Texts.Joined(Fault.Is(RepliesReversed) ? replies.Reverse() : replies);
        if (bytes.Length == 0)
        {
            return;
        }

        if (Fault.Is(RepliesQueuedWithoutBound) || Fault.Is(EndingSecondFromError))
        {
            _outbox.Add(bytes);
            return;
        }

        if (Fault.Is(RepliesHoarded))
        {
            Hoard.Add(bytes);
        }

        if (Fault.Is(SlowReaderBlocksAll))
        {
            lock (All)
            {
                SendAll(bytes);
            }

            return;
        }

        SendAll(bytes);
        _conversation.IsOver |= Fault.Is(ClosesAfterReply) || (Fault.Is(ClosesAfterFarewell) && bytes.AsSpan().EndsWith("\nBYE BYE~"u8));
    }

    private void SendAll(byte[] bytes)
    {
        _isSending = true;
        for (int sent = 0; sent < bytes.Length;)
        {
            Interlocked.Increment(ref _sending);
            _hadToWait |= Fault.Is(SpinsAfterFullBuffer) && !socket.Poll(0, SelectMode.SelectWrite);
            while (Fault.Is(SpinsWithFullBuffer) && !socket.Poll(0, SelectMode.SelectWrite))
            {
            }

            try
            {
                sent += socket.Send(bytes.AsSpan(sent, Fault.Is(SpinsWithFullBuffer) ? Math.Min(Page, bytes.Length - sent) : bytes.Length - sent));
            }
            catch (SocketException) when (Fault.Is(SendErrorRetried) && bytes.Length > Texts.MaxPayload)
            {
                Clock.LetPass(LongTime);
            }
            finally
            {
                Interlocked.Decrement(ref _sending);
            }
        }

        _isSending = false;
    }

    // The ERR is out: the sending side is shut down, and what still comes in is dropped, for a second (clause 5.2).
    private void End()
    {
        if (!Fault.Is(EndingSecondFromError))
        {
            _outbox.Finish();
        }
        else if (!_outbox.Finish(EndingTime))
        {
            socket.LingerState = new LingerOption(true, 0);
            return;
        }

        _isEnding = true;
        if (Fault.Is(EndingStaysOpen))
        {
            Drop(LongTime);
            return;
        }

        if (Fault.Is(EndingReset))
        {
            socket.LingerState = new LingerOption(true, 0);
            return;
        }

        if (_id is long id)
        {
            registry.Break(id);
        }

        socket.Shutdown(SocketShutdown.Send);
        if (Fault.Is(EndingOutlivesClient))
        {
            new Thread(EndNewest) { IsBackground = true }.Start();
        }

        if (Fault.Is(EndingIgnoresClose))
        {
            Clock.LetPass(EndingTime);
        }

        if (!Fault.Is(EndingAtOnce))
        {
            Interlocked.Increment(ref _ending);
            Drop(Fault.Is(EndingNever) ? LongTime : EndingTime);
            Interlocked.Decrement(ref _ending);
        }
    }

    // As with a timer for a descriptor's number, which is the next client's by then.
    private void EndNewest()
    {
        Clock.LetPass(EndingTime);
        if (_newest is Socket newest && newest != socket)
        {
            _ = Native.ShutDown((int)newest.Handle, Native.BothDirections);
        }
    }

    private void Drop(TimeSpan time)
    {
        byte[] dropped = new byte[Page];
        var clock = new Clock();
        do
        {
            TimeSpan left = time - clock.Elapsed;
            if (Fault.Is(SpinsInEnding) && left > TimeSpan.Zero && !socket.Poll(0, SelectMode.SelectRead))
            {
                continue;
            }

            // Rounded up, for the runtime cuts it to milliseconds, and a second is a second.
            if (left <= TimeSpan.Zero || !socket.Poll(left + TimeSpan.FromMilliseconds(1), SelectMode.SelectRead))
            {
                _isOverdue = true;
                return;
            }
        }
        while ((Fault.Is(SpinsInEnding) && socket.Available == 0 && !socket.Poll(0, SelectMode.SelectRead)) || DropSome());

        bool DropSome()
        {
            clock = Fault.Is(EndingTimeAnew) ? new Clock() : clock;
            return socket.Receive(dropped) > 0;
        }
    }
}
