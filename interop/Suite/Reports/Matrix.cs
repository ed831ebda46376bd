// Servers by clients, as the terminal has them: one matrix for one file of results.
using System.Globalization;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>The matrix of a run.</summary>
/// <param name="Columns">The clients' names, then null for servers alone.</param>
/// <param name="Rows">A row for each server, then one for clients alone.</param>
internal sealed record Matrix(IReadOnlyList<string?> Columns, IReadOnlyList<MatrixRow> Rows)
{
    /// <summary>Counts; peers are in the order in which the results name them.</summary>
    public static Matrix Of(ResultsFile results)
    {
        ILookup<(string?, string?), CellRecord> squares = results.Cells.ToLookup(cell => (cell.Server, cell.Client));
        string?[] servers = [.. Names(results, "server", cell => cell.Server), null];
        string?[] clients = [.. Names(results, "client", cell => cell.Client), null];
        return new Matrix(clients, [.. servers.Select(server => new MatrixRow(server, [.. clients.Select(client => Square.Of(server, client, [.. squares[(server, client)]]))]))]);
    }

    private static IEnumerable<string> Names(ResultsFile results, string role, Func<CellRecord, string?> side) =>
        results.Peers.Where(peer => string.Equals(peer.Role, role, StringComparison.Ordinal)).Select(peer => peer.Name).Concat(results.Cells.Select(side).OfType<string>()).Distinct(StringComparer.Ordinal);
}

/// <summary>A row.</summary>
/// <param name="Server">The server; null for clients alone.</param>
/// <param name="Squares">One for each column.</param>
internal sealed record MatrixRow(string? Server, IReadOnlyList<Square> Squares);

/// <summary>The cells of a server and a client.</summary>
/// <param name="Server">The server; null if there is none.</param>
/// <param name="Client">The client; null if there is none.</param>
/// <param name="Kind">What became of them, as CSS names it: <c>passed</c>, <c>failed</c>, <c>open</c> or <c>none</c>.</param>
/// <param name="Text">The same for people: <c>13/13 ok</c>.</param>
internal sealed record Square(string? Server, string? Client, string Kind, string Text)
{
    /// <summary>Counts. The page's script does the same when cells are chosen.</summary>
    public static Square Of(string? server, string? client, IReadOnlyList<CellRecord> cells)
    {
        int passed = cells.Count(cell => cell.Verdict == Verdict.Passed);
        (string kind, string word) = cells.Count == 0 ? ("none", "-")
            : cells.Any(cell => cell.Verdict == Verdict.Failed) ? ("failed", "FAILED")
            : passed == cells.Count ? ("passed", "ok")
            : cells.All(cell => Standing.IsBorne(cell.Verdict)) ? ("open", "borne")
            : cells.Any(cell => cell.Verdict == Verdict.Inconclusive) ? ("open", "inconclusive")
            : ("open", "not run");
        return new Square(server, client, kind, cells.Count == 0 ? word : string.Create(CultureInfo.InvariantCulture, $"{passed}/{cells.Count} {word}"));
    }
}
