// What a file of results says as a whole: the headline of every report.
using System.Globalization;
using System.Text.Json;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>The verdict on a run, from its results alone.</summary>
internal sealed record Standing(ResultsFile Results)
{
    private static readonly (Verdict Verdict, string Words)[] Rarer =
        [(Verdict.Unsupported, "unsupported"), (Verdict.KnownFailure, "known to fail"), (Verdict.Inconclusive, "inconclusive"), (Verdict.NotRun, "not run")];

    /// <summary>True if every planned cell has a verdict that can be borne, at least one passed, and there is nothing to complain of.</summary>
    public bool IsGreen => Results.Complaints.Count == 0 && Count(Verdict.Passed) > 0 && Results.Cells.Count == Results.Plan.Cells && Results.Cells.All(cell => IsBorne(cell.Verdict));

    /// <summary>The verdict in words; what is neither green nor failed has not been proven.</summary>
    public string Word => IsGreen ? "Passed" : Count(Verdict.Failed) > 0 ? "Failed" : "Not proven";

    /// <summary>The sums, in one line.</summary>
    public string Sums => string.Create(CultureInfo.InvariantCulture,
        $"{Count(Verdict.Passed)} passed, {Count(Verdict.Failed)} failed{string.Concat(Rarer.Where(kind => Count(kind.Verdict) > 0).Select(kind => string.Create(CultureInfo.InvariantCulture, $", {Count(kind.Verdict)} {kind.Words}")))} of {Results.Plan.Cells} cells");

    /// <summary>Cells with that verdict.</summary>
    public int Count(Verdict verdict) => Results.Cells.Count(cell => cell.Verdict == verdict);

    /// <summary>True for a verdict that leaves a run green.</summary>
    public static bool IsBorne(Verdict verdict) => verdict is Verdict.Passed or Verdict.Unsupported or Verdict.KnownFailure;

    /// <summary>A verdict as results.json writes it: <c>known-failure</c>.</summary>
    public static string Key(Verdict verdict) => JsonNamingPolicy.KebabCaseLower.ConvertName(verdict.ToString());

    /// <summary>A verdict for people, never told by its colour alone.</summary>
    public static string Sign(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "\u2713 passed",
        Verdict.Failed => "\u2717 FAILED",
        Verdict.Unsupported => "\u2013 unsupported",
        Verdict.KnownFailure => "! known failure",
        Verdict.Inconclusive => "? inconclusive",
        _ => "\u2026 not run",
    };

    /// <summary>A number and what is counted: <c>1 cell</c>, <c>2 cells</c>.</summary>
    public static string Of(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");
}
