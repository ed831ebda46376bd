// One cell of an earlier run again: what it needs to be the same stands in that run's results.json.
using System.Globalization;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Running;

/// <summary>A cell that is run again, and shown.</summary>
/// <param name="Selection">That cell, with the seed of the attempt that its verdict comes from.</param>
/// <param name="Variant">The variant that its peers are of; null for the default one.</param>
/// <param name="Peers">The registry that they stand in; null for the default one.</param>
internal sealed record Replay(Selection Selection, string? Variant, string? Peers)
{
    private const string Processes = "processes";
    private const string Guest = "yours";
    private const string Results = "results.json";

    /// <summary>Looks a cell up.</summary>
    /// <param name="results">The earlier run.</param>
    /// <param name="name">The cell's name.</param>
    /// <exception cref="ArgumentException">That run had no such cell, or its peers were not processes of this machine.</exception>
    public static Replay Of(ResultsFile results, string name)
    {
        CellRecord cell = results.Cells.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.Ordinal))
            ?? throw new ArgumentException($"CELL: that run had no cell '{name}'; names are as in '{results.Cells[0].Name}'");
        if (!string.Equals(results.Run.Machine.Place, Processes, StringComparison.Ordinal))
        {
            throw new ArgumentException($"CELL: its peers ran in containers; this line runs it again: {cell.Replay}");
        }

        AttemptRecord? attempt = cell.Attempts.FirstOrDefault(each => each.Verdict == cell.Verdict) ?? cell.Attempts.ElementAtOrDefault(0);
        var selection = new Selection(Choice(results, "server", cell.Server), Choice(results, "client", cell.Client), cell.Name, Quick: false, attempt?.Seed ?? results.Run.Options.Seed) { Nightly = true, History = results.Run.Options.History };
        return new Replay(selection, results.Run.Options.Variants, results.Run.Options.Peers);
    }

    /// <summary>Where a cell stands: the results of its run, and its name.</summary>
    /// <param name="cell">Its name, or the folder of its evidence.</param>
    /// <param name="folder">The folder of the results, if it is a name.</param>
    /// <exception cref="ArgumentException">It is the folder of evidence, and there are no results above it.</exception>
    public static (string Results, string Name) Find(string cell, string folder)
    {
        string evidence = Path.Combine(cell, EvidenceFile.Name);
        if (!File.Exists(evidence))
        {
            return (Path.Combine(folder, Results), cell);
        }

        DirectoryInfo? above = new(Path.GetFullPath(cell));
        while (above != null && !File.Exists(Path.Combine(above.FullName, Results)))
        {
            above = above.Parent;
        }

        return above == null ? throw new ArgumentException($"CELL: above {cell} there is no {Results}") : (Path.Combine(above.FullName, Results), EvidenceFile.Read(evidence).Cell);
    }

    /// <summary>Prints what was seen, attempt by attempt: what each program printed, and what passed between them.</summary>
    /// <param name="folder">Where the new results are.</param>
    public static void Show(string folder)
    {
        CellRecord cell = ResultsFile.Read(Path.Combine(folder, Results)).Cells[0];
        foreach (string evidence in cell.Attempts.Select(attempt => attempt.Evidence).OfType<string>())
        {
            var seen = EvidenceFile.Read(Path.Combine(folder, evidence, EvidenceFile.Name));
            foreach (ProgramEvidence program in seen.Programs)
            {
                Console.WriteLine($"\n{program.Title}: {program.Command}");
                Print("stdout", program.Stdout);
                Print("stderr", program.Stderr);
            }

            Console.WriteLine();
            Console.Write(ConversationText.Of(seen));
            Console.WriteLine(Path.Combine(folder, evidence));
        }
    }

    private static void Print(string stream, IReadOnlyList<LineEvidence> lines)
    {
        foreach (LineEvidence line in lines)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{line.At,12:0.000000}  {stream}  {Excerpt.Escaped(line.Text)}"));
        }
    }

    // A program that is not in the registry is known by its command.
    private static string? Choice(ResultsFile results, string role, string? name) =>
        name == null ? null
        : results.Peers.FirstOrDefault(peer => string.Equals(peer.Role, role, StringComparison.Ordinal) && string.Equals(peer.Name, name, StringComparison.Ordinal)) is { Language: Guest } guest ? guest.Command
        : name;
}
