// What a run was asked for: SERVER=, CLIENT=, CASE=, QUICK= and SHARD=.
using System.CommandLine.Parsing;
using System.Globalization;
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Peers;

/// <summary>A choice of servers, clients and cases. Null means all.</summary>
/// <param name="Server">Patterns of names (<c>c-*,python-*</c>), or a command with <c>{port}</c> in it.</param>
/// <param name="Client">Likewise.</param>
/// <param name="Case">Patterns of case IDs; those with a blank in them are of whole cell names.</param>
/// <param name="Quick">Leave out the true minute, and what is exhaustive.</param>
/// <param name="Seed">What everything random in the run is drawn from.</param>
internal sealed record Selection(string? Server = null, string? Client = null, string? Case = null, bool Quick = false, long Seed = Selection.DefaultSeed)
{
    /// <summary>A file with the history that is to be played instead of random ones; null for none.</summary>
    public string? History { get; init; }

    /// <summary>Take in what takes too long for all other runs.</summary>
    public bool Nightly { get; init; }

    /// <summary>Which part of what is chosen is run; null for all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>The same run twice gives the same verdict; `make nightly` draws another seed each time.</summary>
    public const long DefaultSeed = 1;

    /// <summary>The selection in the environment, for runs by <c>dotnet test</c> and in a container. What is empty is not given.</summary>
    /// <exception cref="ArgumentException">SEED is no number, or SHARD no shard.</exception>
    public static Selection FromEnvironment() => new(Variable("SERVER"), Variable("CLIENT"), Variable("CASE"), Variable("QUICK") is not (null or "0"), Number("SEED", DefaultSeed)) { Nightly = Variable("NIGHTLY") is not (null or "0"), Shard = Shard.Parse(Variable("SHARD"), Variable("MINUTE")) };

    /// <summary>The servers to test.</summary>
    public IReadOnlyList<Peer> ServersOf(PeerRegistry registry) => PeersOf(registry.Servers, Server, "your-server", "{report}");

    /// <summary>The clients to test.</summary>
    public IReadOnlyList<Peer> ClientsOf(PeerRegistry registry) => PeersOf(registry.Clients, Client, "your-client", "{host}");

    /// <summary>True if a cell's case is chosen, by its ID or by the cell's whole name. All such names have blanks, and no ID has.</summary>
    public bool Takes(string caseId, string cellName) =>
        Case == null || Case.Split(',', StringSplitOptions.TrimEntries).Any(pattern => Pattern.Matches(pattern, pattern.Contains(' ', StringComparison.Ordinal) ? cellName : caseId));

    /// <summary>True if a value of SERVER= or CLIENT= is a command and not a pattern.</summary>
    public static bool IsCommand(string? value) => value?.Contains("{port}", StringComparison.Ordinal) == true;

    /// <exception cref="ArgumentException">A command lacks the other place that its role needs.</exception>
    private static List<Peer> PeersOf(IReadOnlyList<Peer> peers, string? value, string guestName, string otherPlace) =>
        IsCommand(value) && !value!.Contains(otherPlace, StringComparison.Ordinal)
            ? throw new ArgumentException($"'{value}' does not say where {otherPlace} goes")
            : IsCommand(value)
            ? [new Peer(guestName, "yours", [.. CommandLineParser.SplitCommandLine(value!)]) { GuestCommand = value }]
            : [.. peers.Where(peer => Pattern.Matches(value, peer.Name))];

    private static long Number(string name, long otherwise) =>
        Variable(name) is not string text ? otherwise
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
        : throw new ArgumentException($"{name}: '{text}' is no number");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
