// Taking clients off the listener, a thread for each (clause 6.3 and part 9).
using System.Diagnostics.CodeAnalysis;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>Accepts clients; out of descriptors it rests until a client leaves or a second passes.</summary>
internal sealed class Acceptor(Socket listener, Registry registry, Service service) : IDisposable
{
    private const int Stack = 256 * 1024;
    private const int Limit = 512;
    private const int LimitOfMany = 1050;
    private const int Leak = 100_000;
    private const int SmallLeak = 4000;
    private const int Five = 5;
    private const int Killed = 128 + 9;

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly Lock _admission = new();
    private readonly ManualResetEventSlim _left = new();
    // The console's own stream opens more when it is first written to, and then there may be no descriptor left.
    private readonly StreamWriter _errors = new(Native.Open(Native.StandardError)) { AutoFlush = true };
    private readonly List<object> _leaked = [];
    private readonly List<Socket> _kept = [];
    private bool _inTrouble;
    private bool _toldOnce;

    /// <summary>Accepts for ever.</summary>
    public void Run()
    {
        while (true)
        {
            listener.Poll(Fault.Is(SpinsWithoutClients) || (Fault.Is(SpinsAfterDescriptorsOut) && _toldOnce) ? 0 : -1, SelectMode.SelectRead);
            while (TryAccept(out Socket? socket))
            {
                Admit(socket);
            }
        }
    }

    public void Dispose()
    {
        _left.Dispose();
        _errors.Dispose();
    }

    private bool TryAccept([NotNullWhen(true)] out Socket? client)
    {
        client = null;
        _left.Reset(); // who leaves from here on makes the next attempt worth while
        try
        {
            if (!listener.Poll(0, SelectMode.SelectRead))
            {
                _inTrouble = false;
                return false;
            }

            client = listener.Accept();
            client.NoDelay = !Fault.Is(NoDelayMissing);
            KeepAlive.TurnOn(client);
            return true;
        }
        catch (SocketException) when (client != null)
        {
            return true; // it has gone already; its session will notice
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.Interrupted)
        {
            return false;
        }
        catch (SocketException error)
        {
            Rest(error);
            return false;
        }
    }

    private void Rest(SocketException error)
    {
        if (Fault.Is(DescriptorsOutDies))
        {
            Tell(error);
            Environment.Exit(Texts.Failure);
        }

        if (!_inTrouble || Fault.Is(DescriptorsOutToldEachTime))
        {
            _inTrouble = true;
            if (!Fault.Is(DescriptorsOutSilent) && !(Fault.Is(DescriptorsOutToldOnce) && _toldOnce))
            {
                _toldOnce = true;
                Tell(error);
            }
        }

        if (Fault.Is(DescriptorsOutForGood))
        {
            Clock.LetPass(TimeSpan.FromHours(1));
        }

        if (Fault.Is(DescriptorsOutStopsAll))
        {
            lock (Session.All)
            {
                Clock.LetPass(LongestRest);
            }
        }
        else if (!Fault.Is(DescriptorsOutSpins))
        {
            _left.Wait(LongestRest);
        }
    }

    private void Tell(SocketException error) => _errors.WriteLine($"cannot accept clients now: {error.Message}");

    // The thread must be had before the ID is given, and the connect lines must be out before its first reply: so it
    // starts under a lock, and passing that lock is the first thing that it does.
    private void Admit(Socket socket)
    {
        if (Fault.Is(ClientLimit) && registry.Count >= Limit)
        {
            socket.Dispose();
            return;
        }

        if (registry.Count >= LimitOfMany && (Fault.Is(RefusedSilently) || Fault.Is(RefusedToldEachTime) || Fault.Is(RefusedWithId) || Fault.Is(RefusedKeptWaiting)))
        {
            Refuse(socket);
            return;
        }

        if (Fault.Is(StderrChatter))
        {
            _errors.WriteLine($"accepted {socket.RemoteEndPoint}");
        }

        if (Fault.Is(MemoryLeak) || Fault.Is(MemoryLeakSmall))
        {
            byte[] memory = GC.AllocateUninitializedArray<byte>(Fault.Is(MemoryLeak) ? Leak : SmallLeak);
            Array.Fill(memory, (byte)1);
            _leaked.Add(memory);
        }

        if (Fault.Is(DescriptorLeak))
        {
            _leaked.Add(File.OpenHandle("/dev/null"));
        }

        if (Fault.Is(DropsClientsWhenNetworkChanges))
        {
            NetworkChange.NetworkAddressChanged += (_, _) => socket.Dispose();
        }

        if (Fault.Is(EndsAsIfKilled) && registry.Count >= Five)
        {
            Environment.Exit(Killed);
        }

        var session = new Session(socket, registry, service);
        if (Fault.Is(OneClientAtATime))
        {
            session.Join();
            Serve(session);
            return;
        }

        lock (_admission)
        {
            try
            {
                new Thread(() => ServeOnThread(session), Stack) { IsBackground = true }.Start();
            }
            catch (OutOfMemoryException)
            {
                socket.Dispose();
                _errors.WriteLine("refused a client: no thread can be had for it");
                return;
            }

            if (!Fault.Is(IdsOutOfOrder) && !Fault.Is(ConnectLineAtFirstRequest))
            {
                session.Join();
            }
        }

        if (Fault.Is(AcceptorAwaitsFirstRequest))
        {
            socket.Poll(-1, SelectMode.SelectRead);
        }
    }

    // Refuses a client, wrongly in one way: with an ID, or told of each time, or not at all, or by never closing it.
    private void Refuse(Socket socket)
    {
        if (Fault.Is(RefusedWithId))
        {
            registry.Leave(registry.Join());
        }

        if (Fault.Is(RefusedToldEachTime) || (!Fault.Is(RefusedSilently) && !_toldOnce))
        {
            _toldOnce = true;
            _errors.WriteLine("refused a client: there are too many");
        }

        if (Fault.Is(RefusedKeptWaiting))
        {
            _kept.Add(socket);
            return;
        }

        socket.Dispose();
    }

    private void ServeOnThread(Session session)
    {
        lock (_admission)
        {
        }

        if (Fault.Is(IdsOutOfOrder))
        {
            session.Join();
        }

        Serve(session);
    }

    private void Serve(Session session)
    {
        session.Serve();
        _left.Set();
        if (Fault.Is(ThreadLeak))
        {
            Clock.LetPass(TimeSpan.FromHours(1));
        }
    }
}
