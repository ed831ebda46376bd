// One cell of an earlier run again: what it needs to be the same stands in that run's results.json.
using EasyTcp.Interop.Evidence;
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

    /// <summary>Prints what was seen, attempt by attempt.</summary>
    /// <param name="folder">Where the new results are.</param>
    public static void Show(string folder)
    {
        CellRecord cell = ResultsFile.Read(Path.Combine(folder, "results.json")).Cells[0];
        foreach (string evidence in cell.Attempts.Select(attempt => attempt.Evidence).OfType<string>())
        {
            Console.WriteLine();
            Console.Write(File.ReadAllText(Path.Combine(folder, evidence, EvidenceFolder.Conversation)));
            Console.WriteLine(Path.Combine(folder, evidence));
        }
    }

    // A program that is not in the registry is known by its command.
    private static string? Choice(ResultsFile results, string role, string? name) =>
        name == null ? null
        : results.Peers.FirstOrDefault(peer => string.Equals(peer.Role, role, StringComparison.Ordinal) && string.Equals(peer.Name, name, StringComparison.Ordinal)) is { Language: Guest } guest ? guest.Command
        : name;
}
