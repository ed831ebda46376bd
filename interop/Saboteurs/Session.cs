// One client's connection from its first byte to its end (parts 1 and 5, clause 6.4).
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>Carries bytes between a socket and its conversation.</summary>
internal sealed partial class Session(Socket socket, Registry registry, Service service)
{
    private const int BrokenPipe = 141; // as SIGPIPE ends a C program
    private const int EnoughReplies = 1024 * 1024;

    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LateBy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BatchTime = TimeSpan.FromMilliseconds(20);
    private static readonly ConcurrentQueue<Socket> Leaked = [];

    private readonly Conversation _conversation = new(service, new Caller((IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!));
    private readonly Outbox _outbox = new(socket);
    private long? _id;
    private bool _isSending;
    private bool _isEnding;
    private bool _isOverdue;

    private static int _sending;
    private static int _ending;

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
}
