// A run's outcome as the file of results has it.
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Running;

/// <summary>Makes results.json of plans and of what came of them.</summary>
internal static class RunResults
{
    // The worst first: a cell that was repeated is told by its worst attempt.
    private static readonly Verdict[] ByWeight = [Verdict.Failed, Verdict.Inconclusive, Verdict.NotRun, Verdict.KnownFailure, Verdict.Unsupported, Verdict.Passed];

    /// <summary>The file of a run.</summary>
    /// <param name="run">The run as a whole.</param>
    /// <param name="plans">The plan of each repetition; all have the same cells.</param>
    /// <param name="results">What came of it, so far.</param>
    /// <param name="complaints">What is wrong beside the cells.</param>
    public static ResultsFile Of(RunFacts run, IReadOnlyList<Plan> plans, IEnumerable<CellResult> results, IReadOnlyList<string> complaints)
    {
        ILookup<string, CellResult> found = results.ToLookup(result => result.Cell.Name, StringComparer.Ordinal);
        Cell[] cells = [.. plans[0].Cells.OrderBy(cell => cell.Name, StringComparer.Ordinal)];
        var plan = PlanFile.Of(plans[0]);
        return new ResultsFile(ResultsFile.CurrentVersion, run, new PlanFacts(plan.Hash, cells.Length, plan.Whole, plan.Shard), PeersOf(cells), CasesOf(cells), Clause.All,
            [.. cells.Select(cell => RecordOf(run, cell, [.. found[cell.Name]]))], complaints);
    }

    private static PeerRecord[] PeersOf(IEnumerable<Cell> cells) =>
        [.. cells.SelectMany(cell => new[] { (Role: "server", Peer: cell.Server), (Role: "client", Peer: cell.Client) })
            .Where(each => each.Peer != null).DistinctBy(each => (each.Role, each.Peer!.Name))
            .Select(each => new PeerRecord(each.Peer!.Name, each.Role, each.Peer.Language, each.Peer.Method, each.Peer.GuestCommand ?? string.Join(' ', each.Peer.Command)))
            .OrderByDescending(peer => peer.Role, StringComparer.Ordinal).ThenBy(peer => peer.Name, StringComparer.Ordinal)];

    private static CaseRecord[] CasesOf(IEnumerable<Cell> cells) =>
        [.. cells.Select(cell => cell.Case.About).Distinct().OrderBy(about => about.Id, StringComparer.Ordinal)
            .Select(about => new CaseRecord(about.Id, about.Role.ToString().ToLowerInvariant(), about.Clause, about.Also, about.Sentence))];

    private static CellRecord RecordOf(RunFacts run, Cell cell, CellResult[] results)
    {
        CellResult[] ran = [.. results.Where(result => result.Verdict != Verdict.NotRun).OrderBy(result => result.Cell.RunSeed)];
        AttemptRecord[] attempts = [.. ran.SelectMany(result => result.Outcome.Attempts.Select(attempt => new AttemptRecord(attempt.Verdict, result.Cell.RunSeed,
            Math.Round(attempt.Duration.TotalSeconds, 3), FailureOf(attempt.Failure), attempt.Story, attempt.Measurements, attempt.Log, attempt.Evidence)))];
        bool isMissing = ran.Length < run.Options.Repeat;
        string? reason = !isMissing ? null
            : results.FirstOrDefault(result => result.Verdict == Verdict.NotRun)?.Outcome.Reason
            ?? (run.Interrupted is string signal ? $"the run was ended by {signal} before the cell was" : "the test runner never came to it");
        IEnumerable<Verdict> verdicts = ran.Select(result => result.Verdict).Concat(isMissing ? [Verdict.NotRun] : []);
        // The line that runs what is told of: a later repetition had another seed, and a history was saved.
        CellResult? told = ran.MinBy(result => Array.IndexOf(ByWeight, result.Verdict));
        string replay = string.Join(' ', new[] { (told?.Cell ?? cell).Replay, told?.Outcome.Failure?.ReplayWith }.OfType<string>());
        return new CellRecord(cell.Name, cell.Server?.Name, cell.Client?.Name, cell.Case.About.Id, cell.Case.About.Clause,
            verdicts.MinBy(verdict => Array.IndexOf(ByWeight, verdict)), Math.Round(attempts.Sum(attempt => attempt.Seconds), 3), reason, replay, attempts);
    }

    private static FailureRecord? FailureOf(CaseFailedException? failure) =>
        failure == null ? null : new FailureRecord(failure.Clause, failure.Message, failure.Expected, failure.Actual);
}
