// The matrix and the stories, for a terminal or a log.
using System.Globalization;
using Spectre.Console;

namespace EasyTcp.Interop.Running;

/// <summary>What a run has to say at its end.</summary>
/// <param name="plan">What it was to do.</param>
/// <param name="results">What came of it, so far.</param>
internal sealed class RunReport(Plan plan, IReadOnlyCollection<CellResult> results)
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    /// <summary>Cells that passed.</summary>
    public int Passed => results.Count(result => result.Failure == null);

    /// <summary>Cells that failed.</summary>
    public int Failed => results.Count - Passed;

    /// <summary>Cells that have no result.</summary>
    public int NotRun => plan.Cells.Count - results.Count;

    /// <summary>True if every planned cell passed, and there was one.</summary>
    public bool IsGreen => Passed == plan.Cells.Count && Passed > 0;

    /// <summary>Prints the matrix, then each failure's story, then the sums.</summary>
    public void Print(IAnsiConsole console)
    {
        PrintMatrix(console);
        foreach (CellResult failure in results.Where(result => result.Failure != null).OrderBy(result => result.Cell.Name, StringComparer.Ordinal))
        {
            console.WriteLine();
            console.Write(new Text("FAILED ", new Style(Color.Red, decoration: Decoration.Bold)));
            console.Profile.Out.Writer.WriteLine(failure.Failure); // as it is: a replay line must not be wrapped
        }

        console.WriteLine();
        console.WriteLine(string.Create(Plain, $"{Passed} passed, {Failed} failed{(NotRun > 0 ? $", {NotRun} not run" : "")} of {plan.Cells.Count} cells"));
    }

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
        int passed = done.Count(result => result.Failure == null);
        return planned == 0
            ? new Text("-")
            : new Text(string.Create(Plain, $"{passed}/{planned} {(done.Length > passed ? "FAILED" : passed == planned ? "ok" : "not run")}"),
                new Style(done.Length > passed ? Color.Red : passed == planned ? Color.Green : Color.Yellow));
    }
}
