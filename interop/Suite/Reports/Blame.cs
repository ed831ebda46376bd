// Who is to be looked at first: failing cells told apart by what they have in common, a row, a column, a case or one pair.
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>A suspicion, in a sentence.</summary>
/// <param name="Sentence">What fails, and where to look.</param>
/// <param name="Cells">The cells that it is drawn from.</param>
internal sealed record Blame(string Sentence, IReadOnlyList<CellRecord> Cells)
{
    private const int MostNames = 4;

    /// <summary>The cell to begin with: of those that broke the clause that most of them did, what is told in the fewest words.</summary>
    public CellRecord Example => Cells.GroupBy(cell => FailureOf(cell)?.Clause, StringComparer.Ordinal).OrderByDescending(group => group.Count()).First()
        .MinBy(cell => FailureOf(cell)?.Sentence.Length ?? int.MaxValue)!;

    /// <summary>The first check that did not hold in a cell, and made it what it is; null if there was none.</summary>
    public static FailureRecord? FailureOf(CellRecord cell) => cell.Attempts.Where(attempt => attempt.Verdict == cell.Verdict).Select(attempt => attempt.Failure).FirstOrDefault(failure => failure != null);

    /// <summary>Why a cell did not pass, in a sentence; its verdict if nobody says.</summary>
    public static string SentenceOf(CellRecord cell) => FailureOf(cell)?.Sentence ?? cell.Reason
        ?? Outcome.ReasonOf(cell.Attempts.FirstOrDefault(attempt => attempt.Verdict == cell.Verdict)?.Story) ?? Standing.Key(cell.Verdict);

    /// <summary>All suspicions of a run, those that explain most cells first. Each failing cell is in one or more.</summary>
    public static IReadOnlyList<Blame> Of(ResultsFile results) => [.. new Search(results).Run(), .. Undecided(results)];

    /// <summary>Some names of a list, and how many more there are.</summary>
    public static string Names(IEnumerable<string> names)
    {
        string[] all = [.. names.Distinct(StringComparer.Ordinal)];
        return all.Length <= MostNames ? string.Join(", ", all) : $"{string.Join(", ", all.Take(MostNames - 1))} and {all.Length - MostNames + 1} more";
    }

    // Nobody's fault, but not green either.
    private static IEnumerable<Blame> Undecided(ResultsFile results)
    {
        CellRecord[] stalled = [.. results.Cells.Where(cell => cell.Verdict == Verdict.Inconclusive)];
        if (stalled.Length > 0)
        {
            yield return new Blame($"{Standing.Of(stalled.Length, "cell")} could not be decided, because the machine stood still or the suite was kept from judging: run again on a quieter one.", stalled);
        }

        foreach (IGrouping<string, CellRecord> reason in results.Cells.Where(cell => cell.Verdict == Verdict.NotRun).GroupBy(cell => cell.Reason ?? "no reason is given", StringComparer.Ordinal))
        {
            yield return new Blame($"{Standing.Of(reason.Count(), "cell")} did not run: {reason.Key}.", [.. reason]);
        }
    }

    // Only what passed and what failed says anything of a peer.
    private sealed class Search(ResultsFile results)
    {
        private readonly CellRecord[] _judged = [.. results.Cells.Where(cell => cell.Verdict is Verdict.Passed or Verdict.Failed)];

        public IEnumerable<Blame> Run()
        {
            CellRecord[] failed = [.. _judged.Where(IsFailed)];
            CellRecord[] everywhere = [.. failed.Where(FailsEverywhere)];
            CellRecord[] open = [.. failed.Except(everywhere)];
            ILookup<string, CellRecord> byServer = open.Where(cell => cell.Server != null && (cell.Client == null || IsWhole(Row(cell), each => each.Client))).ToLookup(cell => cell.Server!, StringComparer.Ordinal);
            ILookup<string, CellRecord> byClient = open.Where(cell => cell.Client != null && (cell.Server == null || IsWhole(Column(cell), each => each.Server))).ToLookup(cell => cell.Client!, StringComparer.Ordinal);
            CellRecord[] pairs = [.. open.Except(byServer.SelectMany(group => group)).Except(byClient.SelectMany(group => group))];

            // A peer that is wrong elsewhere is likely to be what is wrong in a pair too.
            CellRecord[] Likewise(string peer, ILookup<string, CellRecord> own, Func<CellRecord, string> side, ILookup<string, CellRecord> others, Func<CellRecord, string> otherSide) =>
                own.Contains(peer) ? [.. pairs.Where(cell => string.Equals(side(cell), peer, StringComparison.Ordinal) && !others.Contains(otherSide(cell)))] : [];

            Blame[] peers =
            [
                .. byServer.Select(group => OfPeer("server", "client", group.Key, [.. group], Likewise(group.Key, byServer, cell => cell.Server!, byClient, cell => cell.Client!))),
                .. byClient.Select(group => OfPeer("client", "server", group.Key, [.. group], Likewise(group.Key, byClient, cell => cell.Client!, byServer, cell => cell.Server!))),
            ];
            IEnumerable<CellRecord> rest = pairs.Except(peers.SelectMany(blame => blame.Cells));
            return new[] { OfCases(everywhere) }.OfType<Blame>()
                .Concat(peers.Concat(rest.GroupBy(cell => (cell.Server, cell.Client)).Select(group => OfPair([.. group], byServer.Contains(group.Key.Server!) && byClient.Contains(group.Key.Client!)))).OrderByDescending(blame => blame.Cells.Count));
        }

        private static bool IsFailed(CellRecord cell) => cell.Verdict == Verdict.Failed;

        private static bool IsWhole(CellRecord[] cells, Func<CellRecord, string?> others) => cells.All(IsFailed) && cells.Select(others).Distinct(StringComparer.Ordinal).Count() > 1;

        private bool FailsEverywhere(CellRecord cell)
        {
            CellRecord[] all = [.. OfCase(cell).Where(each => (each.Server == null, each.Client == null) == (cell.Server == null, cell.Client == null))];
            return (cell.Server == null || IsWhole(all, each => each.Server)) && (cell.Client == null || IsWhole(all, each => each.Client));
        }

        private IEnumerable<CellRecord> OfCase(CellRecord cell) => _judged.Where(each => string.Equals(each.Case, cell.Case, StringComparison.Ordinal));

        private CellRecord[] Row(CellRecord cell) => [.. OfCase(cell).Where(each => each.Client != null && string.Equals(each.Server, cell.Server, StringComparison.Ordinal))];

        private CellRecord[] Column(CellRecord cell) => [.. OfCase(cell).Where(each => each.Server != null && string.Equals(each.Client, cell.Client, StringComparison.Ordinal))];

        private static Blame? OfCases(CellRecord[] cells)
        {
            string[] cases = [.. cells.Select(cell => cell.Case).Distinct(StringComparer.Ordinal)];
            return cases.Length == 0 ? null : new Blame($"{Names(cases)} {(cases.Length == 1 ? "fails" : "fail")} everywhere ({Standing.Of(cells.Length, "cell")}): look at the {(cases.Length == 1 ? "case" : "cases")} or at the machine.", cells);
        }

        private static Blame OfPeer(string role, string other, string name, CellRecord[] sure, CellRecord[] likewise)
        {
            CellRecord[] alone = [.. sure.Where(cell => cell.Server == null || cell.Client == null)];
            CellRecord[] cells = [.. alone, .. sure.Except(alone), .. likewise];
            bool isWhole = sure.Length > alone.Length;
            string what = isWhole ? $"Every {other} fails with the {role} {name}{(alone.Length > 0 ? ", and it fails alone too" : "")}"
                : $"The {role} {name} fails alone{(likewise.Length > 0 ? $", and so do some pairs with it" : "")}";
            return new Blame($"{what} ({Standing.Of(cells.Length, "cell")}: {Names(cells.Select(cell => cell.Case))}): look at the {role}.", cells);
        }

        private Blame OfPair(CellRecord[] cells, bool areBothSuspected)
        {
            (string server, string client) = (cells[0].Server!, cells[0].Client!);
            string cases = Names(cells.Select(cell => cell.Case));
            CellRecord[] around = [.. cells.SelectMany(cell => Row(cell).Concat(Column(cell))).Except(cells)];
            string sentence = areBothSuspected ? $"The server {server} with the client {client} fails ({cases}), and each of the two is wrong elsewhere as well: look at that first."
                : around.Length == 0 ? $"The server {server} with the client {client} fails ({cases}), and no other pair was judged in this: nothing tells the two apart."
                : around.Any(IsFailed) ? $"The server {server} with the client {client} fails ({cases}), as do some other pairs of theirs, but not all: look at what these have in common."
                : $"One pair alone fails: the server {server} with the client {client} ({cases}). Both do well with others: look at what these two say to each other.";
            return new Blame(sentence, cells);
        }
    }
}
