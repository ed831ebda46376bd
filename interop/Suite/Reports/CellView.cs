// A cell as the page shows it.
using System.Globalization;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>A cell.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">The server; <c>-</c> if there is none.</param>
/// <param name="Client">The client; likewise.</param>
/// <param name="CaseId">The case.</param>
/// <param name="Languages">What the peers are written in, between bars: <c>|C|Python|</c>.</param>
/// <param name="Verdict">The verdict as the address has it.</param>
/// <param name="Sign">The verdict for people.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Hint">What was expected and what came, in short; null if that was the same.</param>
/// <param name="Sentence">What the case shows.</param>
/// <param name="Clause">The clause that it proves.</param>
/// <param name="Quote">What that clause says; null for a cell that passed.</param>
/// <param name="Reason">Why it was not run; null if it was.</param>
/// <param name="Replay">The line that runs it alone.</param>
/// <param name="Attempts">Its attempts; those that passed are one.</param>
internal sealed record CellView(string Name, string Server, string Client, string CaseId, string Languages, string Verdict, string Sign, string Seconds, string? Hint, string Sentence, string Clause,
    Markup? Quote, string? Reason, string Replay, IReadOnlyList<AttemptView> Attempts)
{
    private const int LongestHint = 160;

    /// <summary>A view of the page: what is chosen, in the address.</summary>
    public static string LinkTo(params (string Key, string Value)[] chosen) =>
        $"#{string.Join('&', chosen.Select(each => $"{each.Key}={Uri.EscapeDataString(each.Value)}"))}";

    /// <summary>The view that has a cell open.</summary>
    public static string LinkTo(CellRecord cell) => LinkTo(("cell", cell.Name));

    /// <summary>A cell with all that is said of it.</summary>
    public static CellView Of(CellRecord cell, ResultsFile results, EvidenceShelf shelf)
    {
        CaseRecord? about = results.Cases.FirstOrDefault(each => string.Equals(each.Id, cell.Case, StringComparison.Ordinal));
        IEnumerable<string> languages = results.Peers.Where(peer => Is(peer, "server", cell.Server) || Is(peer, "client", cell.Client)).Select(peer => peer.Language).Distinct(StringComparer.Ordinal);
        AttemptRecord[] passed = [.. cell.Attempts.Where(attempt => attempt.Verdict == Running.Verdict.Passed)];
        IEnumerable<AttemptView> attempts = cell.Attempts.Except(passed).Select(attempt => AttemptView.Of(attempt, results, shelf)).Concat(passed.Length == 0 ? [] : [AttemptView.OfPassed(passed, shelf)]);
        return new CellView(cell.Name, cell.Server ?? "-", cell.Client ?? "-", cell.Case, $"|{string.Join('|', languages)}|", Standing.Key(cell.Verdict), Standing.Sign(cell.Verdict),
            cell.Seconds.ToString("0.0", CultureInfo.InvariantCulture), HintOf(cell, LongestHint), about?.Sentence ?? "", cell.Clause, cell.Verdict == Running.Verdict.Passed ? null : QuoteOf(results, cell.Clause), cell.Reason, cell.Replay, [.. attempts]);
    }

    /// <summary>What was expected and what came; null if no check failed.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="longest">How many characters there may be.</param>
    public static string? HintOf(CellRecord cell, int longest)
    {
        string? hint = Blame.FailureOf(cell) is FailureRecord failure ? $"expected {failure.Expected}; actual: {failure.Actual}" : null;
        return hint?.Length > longest ? $"{hint[..longest]} ..." : hint;
    }

    /// <summary>What a clause says; null if the results do not have it.</summary>
    public static Markup? QuoteOf(ResultsFile results, string clause) =>
        results.Clauses.FirstOrDefault(each => string.Equals(each.Id, clause, StringComparison.Ordinal)) is Clause found ? ClauseView.Inline(found.Text) : null;

    private static bool Is(PeerRecord peer, string role, string? name) => string.Equals(peer.Role, role, StringComparison.Ordinal) && string.Equals(peer.Name, name, StringComparison.Ordinal);
}

/// <summary>An attempt.</summary>
/// <param name="Title">What became of it, with its seed and its time.</param>
/// <param name="Failure">The check that did not hold; null if there was none.</param>
/// <param name="Quote">The clause that was broken, if it is another than the case's.</param>
/// <param name="Story">Why it did not pass, as the terminal told it.</param>
/// <param name="IsOnlyStory">True if neither a failure nor evidence tells more.</param>
/// <param name="Evidence">What was seen of it.</param>
/// <param name="Folder">Where all of that is; null if nothing was kept.</param>
/// <param name="Capture">Where the capture is; null if there is none.</param>
internal sealed record AttemptView(string Title, FailureRecord? Failure, Markup? Quote, string? Story, bool IsOnlyStory, Markup Evidence, string? Folder, string? Capture)
{
    /// <summary>An attempt that did not pass.</summary>
    public static AttemptView Of(AttemptRecord attempt, ResultsFile results, EvidenceShelf shelf)
    {
        Markup evidence = shelf.Show(attempt);
        return new AttemptView(string.Create(CultureInfo.InvariantCulture, $"{Standing.Sign(attempt.Verdict)} with seed {attempt.Seed}, in {attempt.Seconds:0.0} s"), attempt.Failure,
            attempt.Failure == null ? null : CellView.QuoteOf(results, attempt.Failure.Clause), shelf.StoryOf(attempt), evidence.Text.Length == 0 || attempt.Failure == null, evidence,
            shelf.LinkOf(attempt), shelf.CaptureOf(attempt, isWithin: true));
    }

    /// <summary>All attempts of a cell that passed.</summary>
    public static AttemptView OfPassed(IReadOnlyList<AttemptRecord> attempts, EvidenceShelf shelf)
    {
        string seeds = attempts.Count == 1 ? string.Create(CultureInfo.InvariantCulture, $"with seed {attempts[0].Seed}")
            : string.Create(CultureInfo.InvariantCulture, $"{attempts.Count} times, with seeds from {attempts.Min(each => each.Seed)} to {attempts.Max(each => each.Seed)}");
        AttemptRecord kept = attempts.FirstOrDefault(each => each.Evidence != null) ?? attempts[0];
        return new AttemptView(string.Create(CultureInfo.InvariantCulture, $"{Standing.Sign(Verdict.Passed)} {seeds}, in {attempts.Max(each => each.Seconds):0.0} s"),
            null, null, null, false, shelf.Show(kept), shelf.LinkOf(kept), shelf.CaptureOf(kept, isWithin: false));
    }
}
