// The matrix and the stories, for a terminal or a log.
using System.Globalization;
using Spectre.Console;

namespace EasyTcp.Interop.Running;

/// <summary>What a run has to say at its end.</summary>
/// <param name="plan">What it was to do.</param>
/// <param name="results">What came of it, so far.</param>
/// <param name="complaints">What is wrong beside the cells.</param>
internal sealed class RunReport(Plan plan, IReadOnlyCollection<CellResult> results, IReadOnlyCollection<string> complaints)
{
    /// <summary>Cells with a verdict; those without any are not run.</summary>
    public int Count(Verdict verdict) => verdict == Verdict.NotRun
        ? plan.Cells.Count - results.Count(result => result.Verdict != Verdict.NotRun)
        : results.Count(result => result.Verdict == verdict);

    /// <summary>True if every planned cell has a verdict that can be borne, at least one passed, and there is nothing to complain of.</summary>
    public bool IsGreen => complaints.Count == 0 && Count(Verdict.Passed) > 0 &&
        Count(Verdict.Passed) + Count(Verdict.Unsupported) + Count(Verdict.KnownFailure) == plan.Cells.Count;

    /// <summary>The sums, in one line.</summary>
    public string Sums
    {
        get
        {
            IEnumerable<string> rarer = new[] { (Verdict.Unsupported, "unsupported"), (Verdict.KnownFailure, "known to fail"), (Verdict.Inconclusive, "inconclusive"), (Verdict.NotRun, "not run") }
                .Where(kind => Count(kind.Item1) > 0)
                .Select(kind => string.Create(CultureInfo.InvariantCulture, $", {Count(kind.Item1)} {kind.Item2}"));
            return string.Create(CultureInfo.InvariantCulture, $"{Count(Verdict.Passed)} passed, {Count(Verdict.Failed)} failed{string.Concat(rarer)} of {plan.Cells.Count} cells");
        }
    }

    /// <summary>Prints the matrix, then the story of each cell that did not simply pass, then the sums.</summary>
    public void Print(IAnsiConsole console)
    {
        PrintMatrix(console);
        TextWriter plain = console.Profile.Out.Writer; // stories as they are: a replay line must not be wrapped
        // Whatever could not be run at all has one reason.
        CellResult[] notRun = [.. results.Where(result => result.Verdict == Verdict.NotRun)];
        foreach (CellResult result in results.Except(notRun.Skip(1)).OrderBy(result => result.Cell.Name, StringComparer.Ordinal))
        {
            IEnumerable<Outcome> told = result.Outcome.Attempts.Where(outcome => outcome.Story != null);
            foreach (Outcome outcome in told)
            {
                console.WriteLine();
                console.Write(new Text($"{Title(outcome.Verdict)} ", new Style(Color.Red, decoration: Decoration.Bold)));
                plain.WriteLine(outcome.Story);
            }
        }

        if (notRun.Length > 1)
        {
            plain.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  and {notRun.Length - 1} more; the reason of each is in results.json"));
        }

        console.WriteLine();
        if (results.Count(result => result.Outcome.Earlier.Count > 0) is > 0 and int again)
        {
            plain.WriteLine(RunAgain(again));
        }

        foreach (string complaint in complaints)
        {
            plain.WriteLine(complaint);
        }

        if (Places.Place.Current.Elsewhere is string elsewhere)
        {
            plain.WriteLine(elsewhere);
        }

        plain.WriteLine(Sums);
    }

    /// <summary>A retry is never silent.</summary>
    public static string RunAgain(int cells) =>
        string.Create(CultureInfo.InvariantCulture, $"{cells} {(cells == 1 ? "cell was" : "cells were")} run again, because the machine stood still meanwhile; each attempt is in results.json");

    /// <summary>The word that opens a story.</summary>
    public static string Title(Verdict verdict) => verdict switch
    {
        Verdict.Failed => "FAILED",
        Verdict.Inconclusive => "INCONCLUSIVE",
        Verdict.Unsupported => "UNSUPPORTED",
        Verdict.KnownFailure => "KNOWN FAILURE",
        _ => "NOT RUN",
    };

    // Servers by clients; "alone" is what is judged of a peer without a partner under test.
    private void PrintMatrix(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Ascii };
        table.AddColumn("server \\ client");
        foreach (Peers.Peer client in plan.Clients)
        {
            table.AddColumn(new TableColumn(client.Name).RightAligned());
        }

        table.AddColumn(new TableColumn("server alone").RightAligned());
        foreach (Peers.Peer server in plan.Servers)
        {
            table.AddRow([new Text(server.Name), .. plan.Clients.Select(client => Square(server, client)), Square(server, null)]);
        }

        table.AddRow([new Text("client alone"), .. plan.Clients.Select(client => Square(null, client)), new Text("")]);
        console.Write(table);
    }

    private Text Square(Peers.Peer? server, Peers.Peer? client)
    {
        int planned = plan.Cells.Count(cell => cell.Server == server && cell.Client == client);
        CellResult[] done = [.. results.Where(result => result.Cell.Server == server && result.Cell.Client == client)];
        int passed = done.Count(result => result.Verdict == Verdict.Passed);
        int borne = done.Count(result => result.Verdict is Verdict.Unsupported or Verdict.KnownFailure);
        (string word, Color color) = done.Any(result => result.Verdict == Verdict.Failed) ? ("FAILED", Color.Red)
            : passed == planned ? ("ok", Color.Green)
            : passed + borne == planned ? ("borne", Color.Yellow)
            : done.Any(result => result.Verdict == Verdict.Inconclusive) ? ("inconclusive", Color.Yellow)
            : ("not run", Color.Yellow);
        return planned == 0 ? new Text("-") : new Text(string.Create(CultureInfo.InvariantCulture, $"{passed}/{planned} {word}"), new Style(color));
    }
}
