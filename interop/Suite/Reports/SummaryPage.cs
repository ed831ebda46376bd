// summary.md: what a server of continuous integration shows of a run.
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>Makes the summary.</summary>
internal static class SummaryPage
{
    private const int MostCells = 20;

    /// <summary>The summary of a run.</summary>
    /// <param name="results">The run.</param>
    /// <param name="comparison">How it differs from a baseline; null without one.</param>
    public static string Of(ResultsFile results, Comparison? comparison)
    {
        var standing = new Standing(results);
        var matrix = Matrix.Of(results);
        CellRecord[] red = [.. results.Cells.Where(cell => !Standing.IsBorne(cell.Verdict)).OrderBy(cell => cell.Verdict)];
        return Templates.Markdown("summary.md", new
        {
            standing.Word,
            standing.Sums,
            Facts = RunText.Facts(results.Run),
            results.Complaints,
            Blames = Blame.Of(results).Select(blame => blame.Sentence),
            Comparison = comparison == null ? null : new
            {
                comparison.Headline,
                Lists = comparison.Lists.Select(list => new { list.Word, Names = Blame.Names(list.Cells.Select(cell => cell.Name)) }),
            },
            Columns = matrix.Columns.Select(client => client ?? "server alone"),
            Rows = matrix.Rows.Select(row => new { Server = row.Server ?? "client alone", row.Squares }),
            Cells = red.Take(MostCells).Select(cell => new
            {
                cell.Name,
                Sign = Standing.Sign(cell.Verdict),
                Sentence = Blame.SentenceOf(cell),
                Replay = Code(cell.Replay),
            }),
            More = red.Length > MostCells ? $"{Standing.Of(red.Length - MostCells, "more cell")} not told of here; all are in index.html." : null,
        }).Text;
    }

    // A line as code: between more backticks than it has.
    private static Markup Code(string line)
    {
        string text = Templates.Printable(line).ReplaceLineEndings(" ");
        string fence = new('`', 1 + text.Split('`').Length);
        return new Markup($"{fence} {text} {fence}");
    }
}
