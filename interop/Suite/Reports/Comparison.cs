// A run beside an older one: what is fixed, what is broken, and what has come and gone.
using System.Globalization;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>How a run differs from a baseline. No cell is in two of the lists, but for those that are flaky.</summary>
/// <param name="Baseline">Which run that was, in words.</param>
/// <param name="Broken">Cells that fail now and did not then, or of which nothing can be said now and could then; also where that is
/// known or not claimed any more. One that is new and fails is broken.</param>
/// <param name="Fixed">Cells that failed then, known or not, and pass now.</param>
/// <param name="New">Cells that were not there and do not fail.</param>
/// <param name="Gone">Cells that are no longer there.</param>
/// <param name="Flaky">Cells of which some attempts pass now and others fail.</param>
/// <param name="HasPassed">True if anything passes now.</param>
/// <param name="Complaints">What is wrong beside the cells now, and was not then.</param>
internal sealed record Comparison(string Baseline, IReadOnlyList<CellRecord> Broken, IReadOnlyList<CellRecord> Fixed, IReadOnlyList<CellRecord> New,
    IReadOnlyList<CellRecord> Gone, IReadOnlyList<CellRecord> Flaky, bool HasPassed, IReadOnlyList<string> Complaints)
{
    /// <summary>True if nothing is newly broken, and something passes: a run in which nothing does is never green.</summary>
    public bool IsBorne => Broken.Count == 0 && HasPassed && Complaints.Count == 0;

    /// <summary>All of it in one line.</summary>
    public string Headline => string.Create(CultureInfo.InvariantCulture,
        $"against the baseline ({Baseline}): {Broken.Count} broken, {Fixed.Count} fixed, {New.Count} new, {Gone.Count} gone, {Flaky.Count} flaky");

    /// <summary>The lists that have anything in them, with a word for each.</summary>
    public IEnumerable<(string Word, IReadOnlyList<CellRecord> Cells)> Lists =>
        new[] { ("broken", Broken), ("fixed", Fixed), ("new", New), ("gone", Gone), ("flaky", Flaky) }.Where(list => list.Item2.Count > 0);

    /// <summary>Compares two runs, cell by cell, by name.</summary>
    public static Comparison Of(ResultsFile now, ResultsFile then)
    {
        ILookup<string, CellRecord> before = then.Cells.ToLookup(cell => cell.Name, StringComparer.Ordinal);
        HashSet<string> names = [.. now.Cells.Select(cell => cell.Name)];
        Verdict? Before(CellRecord cell) => before[cell.Name].FirstOrDefault()?.Verdict;
        bool IsBroken(CellRecord cell) => cell.Verdict switch
        {
            Verdict.Failed => Before(cell) != Verdict.Failed,
            Verdict.NotRun or Verdict.Inconclusive => Before(cell) is Verdict old && Standing.IsBorne(old),
            Verdict.Unsupported or Verdict.KnownFailure => Before(cell) == Verdict.Passed,
            _ => false,
        };
        return new Comparison(Told(then.Run), [.. now.Cells.Where(IsBroken)],
            [.. now.Cells.Where(cell => cell.Verdict == Verdict.Passed && Before(cell) is Verdict.Failed or Verdict.KnownFailure)],
            [.. now.Cells.Where(cell => Before(cell) == null && !IsBroken(cell))],
            [.. then.Cells.Where(cell => !names.Contains(cell.Name))],
            [.. now.Cells.Where(IsFlaky)],
            now.Cells.Any(cell => cell.Verdict == Verdict.Passed), [.. now.Complaints.Except(then.Complaints, StringComparer.Ordinal)]);
    }

    /// <summary>True if some attempts passed and others failed. One that the machine spoilt says nothing.</summary>
    public static bool IsFlaky(CellRecord cell) =>
        cell.Attempts.Any(attempt => attempt.Verdict == Verdict.Passed) && cell.Attempts.Any(attempt => attempt.Verdict == Verdict.Failed);

    private static string Told(RunFacts run) => string.Create(CultureInfo.InvariantCulture, $"{run.Start:yyyy-MM-dd HH:mm}, commit {ShortCommit(run)}");

    /// <summary>A run's commit, as short as people write it.</summary>
    public static string ShortCommit(RunFacts run) => run.Commit == null ? "unknown" : $"{(run.Commit.Length > 12 ? run.Commit[..12] : run.Commit)}{(run.IsChanged ? " with changes" : "")}";
}
