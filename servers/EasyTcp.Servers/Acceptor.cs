// Taking clients off the listener, also when the system has nothing left to take them with (part 9).
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace EasyTcp.Servers;

/// <summary>
/// Accepts clients. Out of descriptors it rests until a client leaves or a second passes, so that the server neither
/// dies nor spins (clause 9.2). It says each trouble once an episode: until nobody is left waiting and the last attempt went well.
/// </summary>
/// <param name="listener">A listening socket. Those of its clients block if it does.</param>
/// <param name="clock">The monotonic clock.</param>
/// <param name="tell">Takes one line for stderr.</param>
public sealed class Acceptor(Socket listener, TimeProvider clock, Action<string> tell)
{
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly object _rest = new();
    private long _restingSince;
    private volatile bool _resting;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal); // in this episode
    private bool _wentWell = true;

    /// <summary>The listening socket, for those who wait on it.</summary>
    public Socket Listener => listener;

    /// <summary>How long the listener is still to be left alone; zero when clients can be accepted.</summary>
    public TimeSpan RestLeft
    {
        get
        {
            if (!_resting)
            {
                return TimeSpan.Zero; // whoever rests sets it himself, and whoever ends the rest needs no answer
            }

            lock (_rest)
            {
                TimeSpan left = _resting ? LongestRest - clock.GetElapsedTime(_restingSince) : TimeSpan.Zero;
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Accepts one client. False if nobody waits, or if nobody can be had now.</summary>
    public bool TryAccept([NotNullWhen(true)] out Socket? client)
    {
        client = null;
        try
        {
            // Accept on an empty queue throws, which costs more than to ask.
            if (!listener.Poll(0, SelectMode.SelectRead))
            {
                if (_wentWell)
                {
                    _told.Clear();
                }

                return false;
            }

            client = listener.Accept();
            _wentWell = true;
            client.NoDelay = true;
            KeepAlive.TurnOn(client);
            return true;
        }
        catch (SocketException) when (client != null)
        {
            return true; // it has gone already; its session will notice
        }
        catch (SocketException error)
        {
            // Anything but a client that left the queue may last, so it is a reason to rest.
            if (error.SocketErrorCode is not (SocketError.WouldBlock or SocketError.ConnectionAborted or
                SocketError.ConnectionReset or SocketError.Interrupted))
            {
                // .NET has one error for "too many open files" of the process and of the system, and the system's text for it.
                string reason = error.SocketErrorCode == SocketError.TooManyOpenSockets ? "too many open files" : error.Message;
                Rest($"cannot accept clients now ({reason}); they wait until others leave");
            }

            return false;
        }
    }

    /// <summary>Closes a client that cannot be served (clause 9.3).</summary>
    public void Refuse(Socket client, string reason)
    {
        ArgumentNullException.ThrowIfNull(client);
        TellOnce($"refused a client: {reason}");
        client.Dispose();
    }

    /// <summary>A client left: its descriptor may be what is needed.</summary>
    public void ClientLeft()
    {
        lock (_rest)
        {
            _resting = false;
            Monitor.Pulse(_rest);
        }
    }

    /// <summary>Waits for a client, for a thread that has nothing else to do.</summary>
    public void WaitForClient()
    {
        lock (_rest)
        {
            while (RestLeft > TimeSpan.Zero)
            {
                Monitor.Wait(_rest, RestLeft.RoundedUp());
            }
        }

        listener.Poll(-1, SelectMode.SelectRead);
    }

    private void Rest(string reason)
    {
        lock (_rest)
        {
            (_resting, _restingSince) = (true, clock.GetTimestamp());
        }

        TellOnce(reason);
    }

    private void TellOnce(string line)
    {
        _wentWell = false;
        if (_told.Add(line))
        {
            tell(line);
        }
    }
}
