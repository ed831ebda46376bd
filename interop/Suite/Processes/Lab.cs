// One cell's laboratory: starts the peers that a case asks for, keeps what they print, and leaves nothing running.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Processes;

/// <summary>What a case works in. Disposing it ends every peer that it started.</summary>
/// <param name="server">The server under test, if the case has one.</param>
/// <param name="client">The client under test, if the case has one.</param>
/// <param name="clients">The registry's clients, for cases with one of each language.</param>
/// <param name="seed">What everything random in the case is drawn from.</param>
internal sealed class Lab(Peer? server, Peer? client, IReadOnlyList<Peer> clients, long seed) : IAsyncDisposable
{
    private readonly List<PeerProcess> _peers = [];
    private readonly List<Measurement> _measurements = [];

    /// <summary>What everything random in the case is drawn from: the same for the same cell and the same SEED=.</summary>
    public long Seed => seed;

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

    /// <summary>Keeps figures for the results, whatever becomes of the case.</summary>
    public void Measure(string name, string unit, IEnumerable<double> values)
    {
        lock (_measurements)
        {
            _measurements.Add(new Measurement(name, unit, [.. values]));
        }
    }

    /// <summary>Starts the server under test and awaits its ready line.</summary>
    /// <param name="port">0 lets the system choose.</param>
    /// <param name="report">The report's interval in seconds.</param>
    /// <param name="locale">A locale for its environment, such as <c>tr_TR.UTF-8</c>.</param>
    /// <param name="prefix">A command to start it by, such as one that sets a limit.</param>
    public async Task<ServerUnderTest> StartServer(string port = "0", string report = "60", string? locale = null, string[]? prefix = null) =>
        await ServerUnderTest.Ready(LaunchServer([port, report], locale, prefix));

    /// <summary>Starts the server under test with any arguments at all, and awaits nothing.</summary>
    public PeerProcess LaunchServer(string[] arguments, string? locale = null, string[]? prefix = null)
    {
        return Start($"server {Server.Name}", [.. prefix ?? [], .. WithArguments(Server, arguments)], locale, hasChildren: Server.GuestCommand != null || prefix != null);
    }

    /// <summary>Starts a client.</summary>
    /// <param name="port">The server's port.</param>
    /// <param name="host">The server's host.</param>
    /// <param name="peer">Which one, if not the one under test.</param>
    /// <param name="locale">A locale for its environment.</param>
    public ClientUnderTest StartClient(int port, string host = "127.0.0.1", Peer? peer = null, string? locale = null) =>
        new(LaunchClient([host, port.ToString(System.Globalization.CultureInfo.InvariantCulture)], peer, locale));

    /// <summary>Starts a client with any arguments at all, and awaits nothing.</summary>
    public PeerProcess LaunchClient(string[] arguments, Peer? peer = null, string? locale = null)
    {
        peer ??= Client;
        return Start($"client {peer.Name}", WithArguments(peer, arguments), locale, hasChildren: peer.GuestCommand != null);
    }

    /// <summary>Ends every peer started so far, and forgets it: a case that starts many keeps those of its last try.</summary>
    public async Task Clear()
    {
        await DisposeAsync();
        lock (_peers)
        {
            _peers.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PeerProcess peer in Peers)
        {
            await peer.DisposeAsync();
        }
    }

    // The arguments of the registry's command are replaced by those given; what is part of the program itself stays.
    private static string[] WithArguments(Peer peer, string[] arguments)
    {
        string[] places = peer.IsServer ? ["{port}", "{report}"] : ["{host}", "{port}"];
        bool fits = arguments.Length == places.Length;
        Dictionary<string, string> values = fits
            ? places.Zip(arguments).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
            : [];
        string[] command = fits
            ? [.. peer.Command.Select(part => values.Aggregate(part, (text, value) => text.Replace(value.Key, value.Value, StringComparison.Ordinal)))]
            : [.. peer.Command.Where(part => !places.Contains(part, StringComparer.Ordinal)), .. arguments];
        if (command[0].Contains('/', StringComparison.Ordinal))
        {
            command[0] = Path.GetFullPath(command[0], Repository.Root);
        }

        command[0] = Interpreter.Resolve(command[0]);
        return command;
    }

    private PeerProcess Start(string title, string[] command, string? locale, bool hasChildren)
    {
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (locale != null)
        {
            (environment["LC_ALL"], environment["LANG"]) = (locale, locale);
        }

        PeerProcess peer = PeerProcess.Start(title, command, Repository.Root, environment, hasChildren);
        lock (_peers)
        {
            _peers.Add(peer);
        }

        return peer;
    }
}
