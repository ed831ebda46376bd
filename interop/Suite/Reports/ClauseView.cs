// Which cases prove each clause, and on whom.
using System.Globalization;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>A clause and its proofs.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Text">What it says.</param>
/// <param name="Kind"><c>passed</c>, <c>failed</c>, <c>open</c>, or <c>unproven</c> if no case is about it.</param>
/// <param name="Word">The same in words.</param>
/// <param name="Proofs">The cases.</param>
internal sealed partial record ClauseView(string Id, Markup Text, string Kind, string Word, IReadOnlyList<ProofView> Proofs)
{
    /// <summary>All clauses of a run, in their order.</summary>
    public static IReadOnlyList<ClauseView> Of(ResultsFile results)
    {
        var also = results.Cases.ToDictionary(each => each.Id, each => each.Also, StringComparer.Ordinal);
        ILookup<string, CellRecord> cells = results.Cells
            .SelectMany(cell => also.GetValueOrDefault(cell.Case, []).Prepend(cell.Clause).Select(clause => (Clause: clause, Cell: cell)))
            .ToLookup(each => each.Clause, each => each.Cell, StringComparer.Ordinal);
        // A case meets other clauses on its way to the one that it is about.
        ILookup<string?, CellRecord> broken = results.Cells.Where(cell => cell.Verdict == Verdict.Failed).ToLookup(cell => Blame.FailureOf(cell)?.Clause, StringComparer.Ordinal);
        return [.. results.Clauses.Select(clause => Of(clause, [.. cells[clause.Id]], broken[clause.Id].Count()))];
    }

    /// <summary>How many clauses are of each kind, in a sentence.</summary>
    public static string Sums(IReadOnlyList<ClauseView> clauses)
    {
        int Count(string kind) => clauses.Count(clause => string.Equals(clause.Kind, kind, StringComparison.Ordinal));
        return string.Create(CultureInfo.InvariantCulture, $"Of {clauses.Count} clauses {Count("passed")} are proven, {Count("failed")} broken, {Count("open")} proven in part, and {Count("unproven")} are those that no case of this run is about.");
    }

    /// <summary>A clause's text as HTML: of Markdown it has code, links and emphasis in it, of which code is kept.</summary>
    public static Markup Inline(string text) => new(Code().Replace(Templates.EscapeHtml(text), "<code>$1</code>"));

    private static ClauseView Of(Clause clause, CellRecord[] cells, int broken)
    {
        int passed = cells.Count(cell => cell.Verdict == Verdict.Passed);
        string sum = string.Create(CultureInfo.InvariantCulture, $"{passed} of {Standing.Of(cells.Length, "cell")} passed");
        (string kind, string word) = broken > 0 ? ("failed", $"\u2717 broken in {Standing.Of(broken, "cell")}; of the cases about it {sum}")
            : cells.Length == 0 ? ("unproven", "\u2717 no case of this run proves it")
            : passed == cells.Length ? ("passed", $"\u2713 proven: {sum}")
            : ("open", $"? proven in part: {sum}, and it was nowhere seen broken");
        return new ClauseView(clause.Id, Inline(clause.Text), kind, word, [.. cells.GroupBy(cell => cell.Case, StringComparer.Ordinal).Select(group => ProofView.Of(group.Key, [.. group]))]);
    }

    [GeneratedRegex("`([^`]*)`", RegexOptions.CultureInvariant)]
    private static partial Regex Code();
}

/// <summary>A case that is about a clause.</summary>
/// <param name="CaseId">Its ID.</param>
/// <param name="Link">The view of its cells.</param>
/// <param name="Verdicts">Each verdict, and the peers that have it.</param>
internal sealed record ProofView(string CaseId, string Link, IReadOnlyList<string> Verdicts)
{
    /// <summary>A case's cells, by verdict.</summary>
    public static ProofView Of(string id, CellRecord[] cells) => new(id, CellView.LinkTo(("case", id), ("verdict", "any")),
        [.. cells.GroupBy(cell => cell.Verdict).Select(group => $"{Standing.Sign(group.Key)}: {string.Join(", ", Peers([.. group], cells))}")]);

    // Pairs are many: those are named that did not pass.
    private static IEnumerable<string> Peers(CellRecord[] cells, CellRecord[] all) => cells[0] is { Server: not null, Client: not null, Verdict: Verdict.Passed }
        ? [$"{(cells.Length == all.Length ? "all " : "")}{Standing.Of(cells.Length, "pair")}"]
        : cells.Select(cell => string.Join(" with ", new[] { cell.Server, cell.Client }.OfType<string>())).Distinct(StringComparer.Ordinal);
}
