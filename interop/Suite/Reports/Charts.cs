// The plots of the page: small SVG pictures, which take their colours from the page's style.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Reports;

/// <summary>A plot, with a sentence for those who do not see it.</summary>
/// <param name="Title">Of what.</param>
/// <param name="Sentence">What it shows, in numbers.</param>
/// <param name="Link">Where the cell is that measured it, with its log.</param>
/// <param name="Svg">The picture.</param>
/// <param name="Log">Lines of the server's log that belong to it, each with its time.</param>
internal sealed record Chart(string Title, string Sentence, string Link, Markup Svg, IReadOnlyList<string> Log)
{
    private const string ReportDeviation = "report deviation";
    private const int Width = 320;
    private const int Height = 90;
    private const double Least = 0.001; // s; below it a plot would show noise

    /// <summary>How late each report came, a plot for each server and case that measured it, of its worst attempt; all have the same scale.</summary>
    public static IReadOnlyList<Chart> OfReports(ResultsFile results)
    {
        (CellRecord Cell, double[] Values)[] measured =
        [
            .. results.Cells.Select(cell => (cell, Values: cell.Attempts.Select(DeviationsOf).Where(values => values.Length > 0).MaxBy(values => values.Max(Math.Abs)) ?? []))
                .Where(each => each.Values.Length > 0).OrderBy(each => each.cell.Server, StringComparer.Ordinal),
        ];
        double most = measured.SelectMany(each => each.Values).Select(Math.Abs).DefaultIfEmpty().Max();
        most = Math.Max(most, Least);
        return [.. measured.Select(each => OfReport(each.Cell, each.Values, most))];
    }

    /// <summary>The number of connected clients over time, a plot for each cell with a crowd, of its last attempt.</summary>
    public static IReadOnlyList<Chart> OfCrowds(ResultsFile results) =>
        [.. from cell in results.Cells
            let attempt = cell.Attempts.LastOrDefault(each => StepsOf(each).Length > 1)
            where attempt != null
            select OfClients(cell, StepsOf(attempt), attempt.Log)];

    private static (double At, int Number)[] StepsOf(AttemptRecord attempt)
    {
        IReadOnlyList<double> Values(string unit) => attempt.Measurements.FirstOrDefault(each => string.Equals(each.Name, CrowdFigures.Name, StringComparison.Ordinal) && string.Equals(each.Unit, unit, StringComparison.Ordinal))?.Values ?? [];
        return [.. Values("s").Zip(Values(CrowdFigures.Clients)).Where(step => double.IsFinite(step.First) && step.Second is >= 0 and < int.MaxValue).Select(step => (step.First, (int)step.Second))];
    }

    private static Chart OfClients(CellRecord cell, (double At, int Number)[] steps, IReadOnlyList<LogLine> log)
    {
        double length = Math.Max(0.001, steps[^1].At - steps[0].At);
        int most = Math.Max(1, steps.Max(step => step.Number));
        var path = new StringBuilder();
        // As many steps as there are points to see: of each the highest, and the last.
        foreach (IGrouping<int, (double At, int Number)> column in steps.GroupBy(step => (int)(Width * (step.At - steps[0].At) / length)))
        {
            path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{column.Key} {Level(column.Max(step => step.Number))}V{Level(column.Last().Number)}");
        }

        string sentence = string.Create(CultureInfo.InvariantCulture, $"At most {most} clients at once, in {length:0.00} s.");
        string title = $"{cell.Server ?? cell.Name}, {cell.Case}";
        return new Chart(title, sentence, CellView.LinkTo(cell), Templates.Html("chart-clients.svg", new { Title = $"{title}: {sentence}", Path = path.ToString(), Most = most, Seconds = length.ToString("0.00", CultureInfo.InvariantCulture) }),
            [.. log.Select(line => $"{EvidenceView.Seconds(line.At, 0)} s  {EvidenceView.Escaped(line.Text)}")]);
        int Level(int number) => (int)Math.Round(Height - ((double)Height * number / most));
    }

    private static double[] DeviationsOf(AttemptRecord attempt) =>
        [.. attempt.Measurements.Where(each => string.Equals(each.Name, ReportDeviation, StringComparison.Ordinal) && string.Equals(each.Unit, "s", StringComparison.Ordinal)).SelectMany(each => each.Values).Where(double.IsFinite)];

    private static Chart OfReport(CellRecord cell, double[] values, double most)
    {
        double worst = values.MaxBy(Math.Abs);
        var dots = values.Select((value, i) => new
        {
            X = Math.Round(Width * (i + 0.5) / values.Length, 1),
            Y = Math.Round((Height / 2.0) - (Height / 2.0 * value / most), 1),
        });
        string title = $"{cell.Server ?? cell.Name}, {cell.Case}";
        string sentence = string.Create(CultureInfo.InvariantCulture, $"{Standing.Of(values.Length, "report")}, the worst {Math.Abs(1000 * worst):0.0} ms {(worst < 0 ? "early" : "late")}.");
        return new Chart(title, sentence, CellView.LinkTo(cell), Templates.Html("chart-reports.svg", new { Title = $"{title}: {sentence}", Dots = dots, Most = (1000 * most).ToString("0.0", CultureInfo.InvariantCulture), Number = values.Length }), []);
    }
}

/// <summary>What lines of programs tell.</summary>
internal static partial class Told
{
    /// <summary>A line of a client's menu (10.2).</summary>
    [GeneratedRegex(@"\A[1-5]\) ", RegexOptions.CultureInvariant)]
    public static partial Regex MenuItem();
}
