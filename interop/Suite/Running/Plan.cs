// What a run will judge, before it begins: every cell, by name.
using System.Globalization;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Running;

/// <summary>The cells of a run.</summary>
/// <param name="Servers">The servers under test.</param>
/// <param name="Clients">The clients under test.</param>
/// <param name="Cells">All cells, the longest first; those with a lane of their own last, for they run beside the others from the start on.</param>
internal sealed record Plan(IReadOnlyList<Peer> Servers, IReadOnlyList<Peer> Clients, IReadOnlyList<Cell> Cells)
{
    /// <summary>True for a plan that judges the suite itself.</summary>
    public bool IsOfSaboteurs { get; init; }

    /// <summary>The plan that this is a part of; null if it is none.</summary>
    public Plan? Whole { get; init; }

    /// <summary>Which part of that plan it is; null for all of it.</summary>
    public Shard? Shard { get; init; }

    /// <summary>True if most of its cells wait for what never comes, and cost this machine little: those of saboteurs, as processes.</summary>
    public bool MostlyWaits => IsOfSaboteurs && Place.Current is ThisMachine;

    /// <summary>The plan of this process.</summary>
    public static Plan Current
    {
        get => field ??= Make(Place.Current.PeersOf(PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null)), Selection.FromEnvironment());
        set;
    }

    /// <summary>Plans a run here. A choice of servers leaves out what judges clients alone, and the other way round.</summary>
    public static Plan Make(PeerRegistry registry, Selection selection) => Make(registry, selection, Place.Current.Takes);

    /// <summary>All cells that there are, wherever they are run.</summary>
    public static Plan Everything(PeerRegistry registry) => Make(registry, new Selection { Nightly = true }, _ => true);

    private static Plan Make(PeerRegistry registry, Selection selection, Func<CaseAttribute, bool> isTaken)
    {
        Plan whole = MakeWhole(registry, selection, isTaken);
        return selection.Shard == null || whole.Cells.Count == 0 ? whole : whole.PartOf(selection.Shard);
    }

    private Plan PartOf(Shard shard)
    {
        HashSet<string> names = [.. shard.CellsOf(Cells).Select(cell => cell.Name)];
        return names.Count > 0
            ? this with { Cells = [.. Cells.Where(cell => names.Contains(cell.Name))], Whole = this, Shard = shard }
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"SHARD: {shard} has none of the plan's {Cells.Count} cells"));
    }

    private static Plan MakeWhole(PeerRegistry registry, Selection selection, Func<CaseAttribute, bool> isTaken)
    {
        Pattern.ExpectEach("SERVER", Selection.IsCommand(selection.Server) ? null : selection.Server, pattern => registry.Servers.Any(peer => Pattern.Matches(pattern, peer.Name)));
        Pattern.ExpectEach("CLIENT", Selection.IsCommand(selection.Client) ? null : selection.Client, pattern => registry.Clients.Any(peer => Pattern.Matches(pattern, peer.Name)));
        IReadOnlyList<Peer> servers = selection.ServersOf(registry);
        IReadOnlyList<Peer> clients = selection.ClientsOf(registry);
        IEnumerable<Cell> cells = Case.All.Where(each => isTaken(each.About) && each.About.IsIn(selection.Quick, selection.Nightly)).SelectMany(each => each.About.Role switch
        {
            Role.Pair => servers.SelectMany(server => clients.Select(client => new Cell(server, client, each, registry, selection.Seed))),
            Role.Server => selection.Client != null ? [] : servers.Select(server => new Cell(server, null, each, registry, selection.Seed) { HistoryFile = selection.History }),
            _ => selection.Server != null ? [] : clients.Select(client => new Cell(null, client, each, registry, selection.Seed)),
        });
        Cell[] all = [.. cells];
        Pattern.ExpectEach("CASE", selection.Case, pattern => all.Any(cell => new Selection(Case: pattern).Takes(cell.Case.About.Id, cell.Name)));
        return new Plan(servers, clients, [.. all.Where(cell => selection.Takes(cell.Case.About.Id, cell.Name))
            .OrderBy(cell => cell.Case.About.Lane != Lane.Any).ThenByDescending(cell => cell.Case.About.Seconds)]);
    }
}
