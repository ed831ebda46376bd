// The relays of one cell: through them its clients reach their servers, and what passed there is judged.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Processes;

/// <summary>Records the connections of a laboratory. Disposing it ends them.</summary>
/// <param name="seed">What everything random on the way is drawn from.</param>
internal sealed class Wiretap(long seed) : IAsyncDisposable
{
    private const int MostRoundTrips = 1000; // of a connection

    private readonly Dictionary<int, ServerUnderTest> _listening = [];
    private readonly Dictionary<(int Port, Fault? Fault), Relay> _relays = [];

    /// <summary>The connections so far.</summary>
    public IReadOnlyList<Exchange> Exchanges
    {
        get
        {
            lock (_relays)
            {
                return [.. _relays.Values.SelectMany(relay => relay.Exchanges)];
            }
        }
    }

    /// <summary>Knows from here on where a server listens.</summary>
    public void Note(ServerUnderTest server)
    {
        lock (_relays)
        {
            _listening[server.Port] = server;
        }
    }

    /// <summary>The port of the relay before a server's.</summary>
    /// <param name="port">The server's own.</param>
    /// <param name="fault">What happens to connections on the way; null for nothing.</param>
    public int PortBefore(int port, Fault? fault)
    {
        lock (_relays)
        {
            if (!_relays.TryGetValue((port, fault), out Relay? relay))
            {
                _relays.Add((port, fault), relay = new Relay(_listening[port].EndPoint, fault, seed));
            }

            return relay.Port;
        }
    }

    /// <summary>Judges what passed, as far as it has come.</summary>
    /// <exception cref="CaseFailedException">Something that a clause forbids passed, or an end that one promises did not come.</exception>
    public async Task Judge(Lab lab)
    {
        PeerProcess[] clients = [.. lab.Peers.Where(peer => !lab.IsServer(peer))];
        foreach (Exchange exchange in Exchanges)
        {
            if (clients.All(peer => peer.Ended.IsCompleted) && ServerToldToEnd(lab) == null)
            {
                await Wait.Until("that the client's connection ends with the client", "1.7", Wait.Patience, () => exchange.EndOf(Direction.ToServer) != null, () => "it stays open");
                await Wait.Until("that the server ends a connection which its client has ended", "1.4", Wait.Patience, () => exchange.EndOf(Direction.ToClient) != null, () => "it stays open");
            }

            IReadOnlyList<TimeSpan> roundTrips = await Judge(exchange, lab);
            if (exchange.Violation != null)
            {
                throw exchange.Violation;
            }

            if (exchange.Fault == null && roundTrips.Count > 0)
            {
                lab.Measure("round trip", "s", roundTrips.Take(MostRoundTrips).Select(time => Math.Round(time.TotalSeconds, 6)));
            }
        }
    }

    /// <summary>Looks for what broke a clause, and throws nothing.</summary>
    public async Task NoteViolations(Lab lab)
    {
        foreach (Exchange exchange in Exchanges.Where(exchange => exchange.Violation == null))
        {
            await Judge(exchange, lab);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Relay relay in _relays.Values)
        {
            await relay.DisposeAsync();
        }
    }

    private static TimeSpan? ServerToldToEnd(Lab lab) => lab.Peers.Where(lab.IsServer).Select(peer => peer.ToldToEndAt).Min();

    // The round trips of a connection, which keeps what broke a clause.
    private static async Task<IReadOnlyList<TimeSpan>> Judge(Exchange exchange, Lab lab)
    {
        try
        {
            return await ExchangeJudge.Judge(exchange, ServerToldToEnd(lab), lab.Peers.Where(peer => !lab.IsServer(peer)).Select(peer => peer.KilledAt).Min());
        }
        catch (CaseFailedException violation)
        {
            exchange.Violation = violation;
            return [];
        }
    }
}
