// One cell's laboratory: starts the peers that a case asks for, keeps what they print, and leaves nothing running.
using System.Globalization;
using System.Net.Sockets;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Processes;

/// <summary>What a case works in. Disposing it ends every peer that it started.</summary>
/// <param name="server">The server under test, if the case has one.</param>
/// <param name="client">The client under test, if the case has one.</param>
/// <param name="clients">The registry's clients, for cases with one of each language.</param>
/// <param name="seed">What everything random in the case is drawn from.</param>
/// <param name="isTapped">True if clients go through a relay, which records and judges what passes.</param>
internal sealed class Lab(Peer? server, Peer? client, IReadOnlyList<Peer> clients, long seed, bool isTapped) : IAsyncDisposable
{
    private static readonly AsyncLocal<Lab?> Here = new();

    private readonly List<PeerProcess> _peers = [];
    private readonly List<Measurement> _measurements = [];
    private readonly HashSet<PeerProcess> _servers = [];
    private readonly List<Exchange> _own = [];
    private readonly Wiretap _wiretap = new(seed);
    private TaskCompletionSource _deserted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What everything random in the case is drawn from: the same for the same cell and the same SEED=.</summary>
    public long Seed => seed;

    /// <summary>The connections that went through a relay.</summary>
    public IReadOnlyList<Exchange> Exchanges => _wiretap.Exchanges;

    /// <summary>The connections that were the suite's own.</summary>
    public IReadOnlyList<Exchange> OwnExchanges
    {
        get
        {
            lock (_own)
            {
                return [.. _own];
            }
        }
    }

    /// <summary>True for a server, among the peers that were started.</summary>
    public bool IsServer(PeerProcess peer) => _servers.Contains(peer);

    /// <summary>What the case has measured so far.</summary>
    public IReadOnlyList<Measurement> Measurements
    {
        get
        {
            lock (_measurements)
            {
                return [.. _measurements];
            }
        }
    }

    /// <summary>The registry's clients.</summary>
    public IReadOnlyList<Peer> Clients => clients;

    /// <summary>The server under test.</summary>
    public Peer Server => server ?? throw new InvalidOperationException("this case has no server under test");

    /// <summary>The client under test.</summary>
    public Peer Client => client ?? throw new InvalidOperationException("this case has no client under test");

    /// <summary>How much longer the programs under test may take than others (<see cref="Peer.Slack"/>).</summary>
    public double Slack { get; } = Math.Max(server?.Slack ?? 1, client?.Slack ?? 1);

    /// <summary>A history that is to be played instead of random ones; null for none.</summary>
    public string? HistoryFile { get; init; }

    /// <summary>False where failing is what is meant, so that nobody waits for the smallest input that fails.</summary>
    public bool Shrinks { get; init; } = true;

    /// <summary>All peers started so far, for evidence.</summary>
    public IReadOnlyList<PeerProcess> Peers
    {
        get
        {
            lock (_peers)
            {
                return [.. _peers];
            }
        }
    }

    /// <summary>True if nobody else may be given a peer's address, also when it is off the network.</summary>
    public bool KeepsAddresses { get; init; }

    /// <summary>The laboratory that the code which asks works in; null outside of a case.</summary>
    public static Lab? Current => Here.Value;

    /// <summary>Completes when every peer that was started so far has ended: whatever is awaited then cannot come any more.</summary>
    public Task Deserted
    {
        get
        {
            lock (_peers)
            {
                return _deserted.Task;
            }
        }
    }

    /// <summary>Since when that is so; null if somebody lives.</summary>
    public TimeSpan? DesertedAt { get; private set; }

    /// <summary>How they ended.</summary>
    public string Obituary => $"every program had ended by then: {string.Join(", ", Peers.Select(peer => peer.Fate).OfType<string>().TakeLast(3))}";

    /// <summary>Makes this the current one for what the caller does from here on.</summary>
    public void Enter() => Here.Value = this;

    /// <summary>Keeps figures for the results, whatever becomes of the case.</summary>
    public void Measure(string name, string unit, IEnumerable<double> values) => Measure([new Measurement(name, unit, [.. values])]);

    /// <inheritdoc cref="Measure(string, string, IEnumerable{double})"/>
    public void Measure(IEnumerable<Measurement> measurements)
    {
        lock (_measurements)
        {
            _measurements.AddRange(measurements);
        }
    }

    /// <summary>Keeps a connection of the suite's own, for evidence; of very many the first.</summary>
    public void Keep(Exchange exchange)
    {
        const int Most = 2000;
        lock (_own)
        {
            if (_own.Count < Most)
            {
                _own.Add(exchange);
            }
        }
    }

    /// <summary>Starts the server under test and awaits its ready line.</summary>
    /// <param name="port">0 lets the system choose.</param>
    /// <param name="report">The report's interval in seconds; null leaves it out.</param>
    /// <param name="locale">A locale for its environment, such as <c>tr_TR.UTF-8</c>.</param>
    /// <param name="prefix">A command to start it by, such as one that sets a limit.</param>
    public async Task<ServerUnderTest> StartServer(string port = "0", string? report = "60", string? locale = null, string[]? prefix = null)
    {
        return await Ready(LaunchServer(report == null ? [port] : [port, report], locale, prefix));
    }

    /// <summary>Starts a server once more whose host has ended with it, and awaits its ready line.</summary>
    public async Task<ServerUnderTest> StartAgain(ServerUnderTest ended)
    {
        PeerProcess process = Keep(((ContainerProcess)ended.Process).StartAgain());
        _servers.Add(process);
        return await Ready(process);
    }

    private async Task<ServerUnderTest> Ready(PeerProcess process)
    {
        ServerUnderTest started = await ServerUnderTest.Ready(process, Slack);
        _wiretap.Note(started);
        return started;
    }

    /// <summary>Starts the server under test with any arguments at all, and awaits nothing.</summary>
    public PeerProcess LaunchServer(string[] arguments, string? locale = null, string[]? prefix = null)
    {
        PeerProcess process = Start($"server {Server.Name}", Server, arguments, locale, prefix);
        _servers.Add(process);
        return process;
    }

    /// <summary>Starts a client.</summary>
    /// <param name="port">The server's port.</param>
    /// <param name="host">The server's host; null for the suite's own, where relays and scripted servers are.</param>
    /// <param name="peer">Which one, if not the one under test.</param>
    /// <param name="locale">A locale for its environment.</param>
    /// <param name="fault">What happens to its connection on the way, in a case whose clients go through the relay.</param>
    /// <param name="prefix">A command to start it by.</param>
    public ClientUnderTest StartClient(int port, string? host = null, Peer? peer = null, string? locale = null, Fault? fault = null, string[]? prefix = null) =>
        new(LaunchClient([host ?? Place.Current.Suite(AddressFamily.InterNetwork), (isTapped ? _wiretap.PortBefore(port, fault) : port).ToString(CultureInfo.InvariantCulture)], peer, locale, prefix));

    /// <summary>Starts a client with any arguments at all, and awaits nothing.</summary>
    public PeerProcess LaunchClient(string[] arguments, Peer? peer = null, string? locale = null, string[]? prefix = null)
    {
        peer ??= Client;
        return Start($"client {peer.Name}", peer, arguments, locale, prefix);
    }

    /// <summary>Ends the server under test in good order if it was built with a sanitizer and still runs: leaks are reported at the end.</summary>
    public async Task EndInstrumented()
    {
        foreach (PeerProcess process in server is { Slack: > 1 } ? Peers.Where(peer => peer.IsAlone && _servers.Contains(peer)) : [])
        {
            process.Signal(PosixSignals.Terminate);
            await process.End("8.1", Wait.Patience);
        }
    }

    /// <summary>Judges what passed over the connections that went through a relay, as far as it has come.</summary>
    /// <exception cref="CaseFailedException">Something that a clause forbids passed there, or an end that one promises did not come.</exception>
    public Task JudgeExchanges() => _wiretap.Judge(this);

    /// <summary>Looks for what broke a clause in connections that a relay has recorded, of a case that failed already: what a client
    /// then printed wrong may have gone wrong on the wire.</summary>
    public Task NoteViolations() => _wiretap.NoteViolations(this);

    /// <summary>Ends every peer started so far, and forgets it: a case that starts many keeps those of its last try.</summary>
    public async Task Clear()
    {
        await DisposeAsync();
        lock (_peers)
        {
            _peers.Clear();
        }

        lock (_own)
        {
            _own.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        var faults = new List<Exception>();
        foreach (PeerProcess peer in Peers)
        {
            try
            {
                await peer.DisposeAsync();
            }
            catch (Exception fault)
            {
                faults.Add(fault); // the others are to be ended all the same
            }
        }

        await _wiretap.DisposeAsync();
        if (faults.Count > 0)
        {
            throw new AggregateException(faults);
        }
    }

    private PeerProcess Start(string title, Peer peer, string[] arguments, string? locale, string[]? prefix)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (locale != null)
        {
            (environment["LC_ALL"], environment["LANG"]) = (locale, locale);
            if (Place.Current is ThisMachine && OwnLocale.FolderOf(locale) is string folder)
            {
                environment["LOCPATH"] = folder;
            }
        }

        return Keep(Place.Current.Start(title, peer, arguments, environment, prefix));
    }

    private PeerProcess Keep(PeerProcess process)
    {
        lock (_peers)
        {
            _peers.Add(process);
            DesertedAt = null;
            if (_deserted.Task.IsCompleted)
            {
                _deserted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        _ = process.Ended.ContinueWith(_ => NoteEnd(), TaskScheduler.Default);
        return process;
    }

    private void NoteEnd()
    {
        lock (_peers)
        {
            if (_peers.TrueForAll(peer => peer.Ended.IsCompleted))
            {
                DesertedAt ??= Moment.Now;
                _deserted.TrySetResult();
            }
        }
    }
}
