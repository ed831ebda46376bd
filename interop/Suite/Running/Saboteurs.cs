// Programs that are wrong in one way each, and which cases are meant to see it: interop/saboteurs.json.
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;

namespace EasyTcp.Interop.Running;

/// <summary>A program with one fault.</summary>
/// <param name="Role"><c>server</c> or <c>client</c>.</param>
/// <param name="Fault">The verb that names it.</param>
/// <param name="Clause">The clause that it breaks.</param>
/// <param name="Sentence">What it does wrong.</param>
/// <param name="Killers">The IDs of the cases that are meant to fail because of it.</param>
internal sealed record Saboteur(string Role, string Fault, string Clause, string Sentence, IReadOnlyList<string> Killers)
{
    public const string Correct = "none";
    private const string ProgramFile = "artifacts/csharp/Saboteurs";
    private const string Image = "easytcp-saboteurs";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>The list of all.</summary>
    public static string DefaultFile => Repository.At("interop", "saboteurs.json");

    /// <summary>True if the fault is that something which a clause demands never comes. For such a saboteur, and for no other, it
    /// is a kill that a case waits in vain for what no clause states a time for: any other must be caught by what it does
    /// wrong, or by a time that a clause states, and not because a case happens to hang.</summary>
    public bool Omits { get; init; }

    /// <summary>True for the variant without a fault, which every case must pass.</summary>
    public bool IsCorrect => string.Equals(Fault, Correct, StringComparison.Ordinal);

    /// <summary>Its name in the matrix.</summary>
    public string Name { get; } = $"{Role}:{Fault}";

    /// <summary>The saboteur as a peer.</summary>
    public Peer Peer => new(Name, "saboteur", [ProgramFile, Role, Fault, .. IsServer ? new[] { "{port}", "{report}" } : ["{host}", "{port}"]]) { Image = Image };

    private bool IsServer => string.Equals(Role, "server", StringComparison.Ordinal);

    /// <summary>All saboteurs, and the correct variant of each role.</summary>
    /// <exception cref="InvalidDataException">The file is not a list of saboteurs, or names a case that there is not.</exception>
    public static IReadOnlyList<Saboteur> Load(string file)
    {
        try
        {
            Saboteur[] saboteurs = JsonSerializer.Deserialize<Saboteur[]>(File.ReadAllText(file), Format) ?? [];
            string? unknown = saboteurs.SelectMany(each => each.Killers).FirstOrDefault(id => Case.All.All(each => !string.Equals(each.About.Id, id, StringComparison.Ordinal)));
            return unknown == null
                ? [new Saboteur("server", Correct, "", "No fault.", []), new Saboteur("client", Correct, "", "No fault.", []), .. saboteurs]
                : throw new InvalidDataException($"{file} names a case '{unknown}', which there is not");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is no list of saboteurs: {error.Message}", error);
        }
    }

    /// <summary>Sees to it that the program has just the faults that are listed: one that it does not know would end at once, and
    /// look like a saboteur that every case kills.</summary>
    /// <exception cref="InvalidDataException">A fault is listed and not there, or there and not listed.</exception>
    public static async Task ExpectEachKnown(IReadOnlyList<Saboteur> saboteurs)
    {
        BufferedCommandResult listed = await Cli.Wrap(Repository.At(ProgramFile)).WithArguments(["list"]).ExecuteBufferedAsync();
        string[] known = [.. listed.StandardOutput.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        string[] asked = [.. saboteurs.Select(each => $"{each.Role} {each.Fault}")];
        if (asked.Except(known, StringComparer.Ordinal).FirstOrDefault() is string missing)
        {
            throw new InvalidDataException($"{ProgramFile} does not know '{missing}'; it may be older than {DefaultFile}");
        }

        if (known.Except(asked, StringComparer.Ordinal).FirstOrDefault() is string more)
        {
            throw new InvalidDataException($"{DefaultFile} does not list '{more}', which {ProgramFile} knows");
        }
    }

    /// <summary>Plans every case on every saboteur; pair cases with the quickest partner that the registry has. Cases that judge
    /// time, that keep the machine busy, that take a second and more or two programs, or that need containers, are for those that
    /// they are meant to see and for the correct variants: hundreds of them would measure the machine. Nightly, those that merely
    /// take their time are for all. In containers only those are planned that need them; the others are the same code wherever they run.</summary>
    public static Plan PlanFor(IReadOnlyList<Saboteur> saboteurs, PeerRegistry registry, Selection selection)
    {
        Peer partnerServer = registry.Servers.First(peer => peer.Name is "c-nonblocking");
        Peer partnerClient = registry.Clients.First(peer => peer.Name is "c");
        // Who is for none of this run's cases is for another's.
        HashSet<string> here = [.. Case.All.Select(each => each.About).Where(about => Place.Current.Takes(about) && about.Apart == (Place.Current is not ThisMachine) && about.IsIn(selection.Quick, selection.Nightly)).Select(about => about.Id)];
        IEnumerable<Cell> cells =
            from saboteur in saboteurs
            let peer = saboteur.Peer
            where Pattern.Matches(selection.Server ?? selection.Client, saboteur.Name)
            from each in Case.All
            let about = each.About
            where about.Role == Cases.Role.Pair || (about.Role == Cases.Role.Server) == saboteur.IsServer
            where here.Contains(about.Id)
            where saboteur.IsCorrect || saboteur.Killers.Any(here.Contains)
            where !IsCostly(about, selection.Nightly) || saboteur.IsCorrect || saboteur.Killers.Contains(about.Id, StringComparer.Ordinal)
            select about.Role == Cases.Role.Pair
                ? saboteur.IsServer ? new Cell(peer, partnerClient, each, registry, selection.Seed) : new Cell(partnerServer, peer, each, registry, selection.Seed)
                : saboteur.IsServer ? new Cell(peer, null, each, registry, selection.Seed) : new Cell(null, peer, each, registry, selection.Seed);
        return new Plan([], [], InOrder([.. cells.Where(cell => selection.Takes(cell.Case.About.Id, cell.Name))])) { IsOfSaboteurs = true };
    }

    // Cells that take seconds wait for most of them. Among those that work they cost no time, if the last has begun well before the end.
    private static Cell[] InOrder(Cell[] cells)
    {
        const double LastBegins = 0.6;
        Cell[] waiting = [.. cells.Where(cell => cell.Case.About.Seconds >= 1).OrderByDescending(cell => cell.Case.About.Seconds)];
        Cell[] working = [.. cells.Except(waiting)];
        return [.. waiting.Select((cell, n) => (Cell: cell, Place: LastBegins * n / waiting.Length))
            .Concat(working.Select((cell, n) => (Cell: cell, Place: (double)n / working.Length)))
            .OrderBy(each => each.Cell.Case.About.Lane != Lane.Any).ThenBy(each => each.Place).Select(each => each.Cell)];
    }

    private static bool IsCostly(CaseAttribute about, bool isNightly) =>
        about.Apart || about.FullRunOnly || about.Lane != Lane.Any || ((about.Seconds >= 1 || about.Role == Cases.Role.Pair) && !isNightly);

    /// <summary>True if a cell judges this saboteur.</summary>
    public bool IsIn(Cell cell) => string.Equals(IsServer ? cell.Server?.Name : cell.Client?.Name, Name, StringComparison.Ordinal);
}
