// Failures as GitHub's runners take them from a job's output, to show them on a pull request (workflow commands).
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Reports;

/// <summary>Annotations of a run.</summary>
internal static class Annotations
{
    private const int Most = 10; // as many as are shown of a step

    /// <summary>A line for each cell that is not borne; of many the first.</summary>
    public static IEnumerable<string> Of(ResultsFile results) =>
        results.Cells.Where(cell => !Standing.IsBorne(cell.Verdict)).Take(Most)
            .Select(cell => $"::error title={Property(cell.Name)}::{Text($"{Blame.SentenceOf(cell)}\n{cell.Replay}")}");

    private static string Text(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Text(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
