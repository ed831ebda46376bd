// Where peers run: on this machine, or in containers. A case does not know which it has.
using System.Net;
using System.Net.Sockets;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Places;

/// <summary>A way to start peers, and how they and the suite reach each other.</summary>
internal abstract class Place
{
    /// <summary>Where the peers of this run are; one for all of it.</summary>
    public static Place Current { get; set; } = FromEnvironment();

    /// <summary>Why nothing can be run there, in one line; null if it can.</summary>
    public virtual string? Missing => null;

    /// <summary>What else can be had of this suite, in one line; null for nothing that needs saying.</summary>
    public virtual string? Elsewhere => null;

    /// <summary>The NUnit category of the cells there.</summary>
    public virtual string Category => "Processes";

    /// <summary>The make target that runs cells there, for the line that replays one.</summary>
    public abstract string Target { get; }

    /// <summary>Those of a registry who can be run there.</summary>
    public virtual PeerRegistry PeersOf(PeerRegistry registry) => registry.InImages;

    /// <summary>True if a case can be run there.</summary>
    public abstract bool Takes(CaseAttribute about);

    /// <summary>Starts a program.</summary>
    /// <param name="title">What it is, for reports.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What to set in its environment.</param>
    /// <param name="prefix">A command to start it by, where peers are here.</param>
    public abstract PeerProcess Start(string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, string[]? prefix);

    /// <summary>True if peers and suite can reach each other over IPv6.</summary>
    public abstract bool CarriesIPv6 { get; }

    /// <summary>So many cells run at a time for each processor: they wait far more than they work.</summary>
    public virtual int CellsPerProcessor => 5;

    /// <summary>So many timed cells run at a time, where most of them only wait.</summary>
    public virtual int TimedCells => int.MaxValue;

    /// <summary>How long the suite waits there for what no clause sets a time for.</summary>
    public virtual TimeSpan Patience { get; } = TimeSpan.FromSeconds(15);

    /// <summary>How far a report may be from its time there while a whole crowd leaves; never more than clause 7.3 grants.</summary>
    public virtual TimeSpan CrowdReport => Tolerance.CrowdReport;

    /// <summary>How long a cell may take there, beside the time that its case needs. No honest one comes near: every wait inside is
    /// bounded already.</summary>
    public virtual TimeSpan LongestCell { get; } = TimeSpan.FromMinutes(3);

    /// <summary>Where the suite listens for peers.</summary>
    public abstract IPAddress Listening(AddressFamily family);

    /// <summary>The host by which peers reach what the suite listens with.</summary>
    public abstract string Suite(AddressFamily family);

    /// <summary>The hosts by which clients reach a server: its addresses, and a name that stands for them.</summary>
    public abstract Task<string[]> Names(ServerUnderTest server);

    /// <summary>What may be told as the address of a client that reached its server by one of those hosts.</summary>
    public abstract Task<string[]> AddressesOf(ClientUnderTest client, string host);

    /// <summary>Removes what this place made; to be called once, at the end.</summary>
    public virtual void Leave()
    {
    }

    // For runs by `dotnet test`, whose process ends without a word to whoever made the place.
    private static Place FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("DOCKER") is null or "" or "0")
        {
            return new ThisMachine();
        }

        Place place = ContainerPlace.Make().GetAwaiter().GetResult();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => place.Leave();
        return place;
    }

    /// <summary>As <see cref="Names"/>, of a server with addresses of its own.</summary>
    protected async Task<string[]> NamesOf(ServerUnderTest server) =>
    [
        server.EndPoint.Address.ToString(),
        server.Process.Host,
        .. CarriesIPv6 ? [(await server.Process.Address(AddressFamily.InterNetworkV6)).ToString()] : Array.Empty<string>(),
    ];

    /// <summary>As <see cref="AddressesOf"/>, of a client with addresses of its own.</summary>
    protected static async Task<string[]> AddressesOfApart(ClientUnderTest client, string host)
    {
        string ipv4 = (await client.Process.Address(AddressFamily.InterNetwork)).ToString();
        string ipv6 = (await client.Process.Address(AddressFamily.InterNetworkV6)).ToString();
        return !IPAddress.TryParse(host, out IPAddress? address) ? [ipv4, ipv6] : address.AddressFamily == AddressFamily.InterNetwork ? [ipv4] : [ipv6];
    }
}

/// <summary>Peers are processes of this machine.</summary>
internal class ThisMachine : Place
{
    // Half an hour off whole ones: a running time that has gone through the calendar shows it.
    private const string TimeZone = "Asia/Kolkata";

    public override string Target => "make interop";

    public override string? Elsewhere => "In containers, and with the faults that only hosts of their own can have: make interop-docker";

    public override PeerRegistry PeersOf(PeerRegistry registry) => registry;

    public override bool CarriesIPv6 => Socket.OSSupportsIPv6;

    public override bool Takes(CaseAttribute about) => !about.Apart;

    public override PeerProcess Start(string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, string[]? prefix)
    {
        string[] command = peer.CommandWith(arguments);
        if (command[0].Contains('/', StringComparison.Ordinal))
        {
            command[0] = Path.GetFullPath(command[0], Repository.Root);
        }

        command[0] = Interpreter.Resolve(command[0]);
        return LocalProcess.Start(title, [.. prefix ?? [], .. command], Repository.Root, new Dictionary<string, string?>(environment, StringComparer.Ordinal) { ["TZ"] = TimeZone }, hasChildren: peer.GuestCommand != null || prefix != null);
    }

    public override IPAddress Listening(AddressFamily family) => family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;

    public override string Suite(AddressFamily family) => Listening(family).ToString();

    public override Task<string[]> Names(ServerUnderTest server) =>
        Task.FromResult<string[]>(CarriesIPv6 ? ["127.0.0.1", "localhost", "::1"] : ["127.0.0.1", "localhost"]);

    public override Task<string[]> AddressesOf(ClientUnderTest client, string host) =>
        Task.FromResult<string[]>(string.Equals(host, "localhost", StringComparison.Ordinal) ? ["127.0.0.1", "::1"] : [host]);
}
