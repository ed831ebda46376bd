// How well each server kept its report's schedule: a small table at the end of a run.
using System.Globalization;
using EasyTcp.Interop.Judging;
using Spectre.Console;

namespace EasyTcp.Interop.Running;

/// <summary>The measured reports, by server and case.</summary>
internal static class ReportTable
{
    /// <summary>Prints a row for each cell that measured reports; of one that was repeated, the repetition with the worst report.</summary>
    public static void Print(IAnsiConsole console, IReadOnlyList<CellResult> results)
    {
        (Cell Cell, ReportFigures Figures)[] measured =
        [
            .. results.SelectMany(result => result.Outcome.Attempts.Select(attempt => (result.Cell, Figures: ReportFigures.From(attempt.Measurements))))
                .Where(each => each.Figures != null)
                .GroupBy(each => each.Cell.Name, StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.MaxBy(each => Math.Abs(each.Figures!.Worst))!)!,
        ];
        if (measured.Length == 0)
        {
            return;
        }

        var table = new Table { Border = TableBorder.Ascii };
        table.AddColumn(new TableColumn("server").NoWrap());
        table.AddColumn(new TableColumn("case").NoWrap());
        foreach (string column in new[] { "reports", "worst", "jitter", "drift/h" })
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach ((Cell cell, ReportFigures figures) in measured)
        {
            table.AddRow(cell.Server?.Name ?? "", cell.Case.About.Id, figures.Reports.ToString(CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{1000 * figures.Worst:0.0} ms"),
                string.Create(CultureInfo.InvariantCulture, $"{1000 * figures.Jitter:0.0} ms"),
                string.Create(CultureInfo.InvariantCulture, $"{figures.Drift:0.00}{(figures.DriftError is double error ? $" +- {error.ToString("0.00", CultureInfo.InvariantCulture)}" : "")} s"));
        }

        console.WriteLine();
        console.Write(table);
    }
}
