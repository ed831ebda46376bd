// A failure as a person reads it: what was expected, from which clause, what came, both peers' last lines, the replay.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Running;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Judging;

/// <summary>Tells why a cell failed.</summary>
internal static partial class FailureStory
{
    private const int LastLines = 6;

    /// <summary>The story of a failure.</summary>
    public static string Tell(Cell cell, Exception fault, Lab lab)
    {
        var story = new StringBuilder();
        story.AppendLine(cell.Name);
        if (fault is CaseFailedException failed)
        {
            // A case meets other clauses on its way to the one that it is about.
            bool isOther = !string.Equals(failed.Clause, cell.Case.About.Clause, StringComparison.Ordinal);
            story.AppendLine($"  clause {cell.Case.About.Clause}: {cell.Case.About.Sentence}");
            story.AppendLine($"  expected: {failed.Expected}{(isOther ? $" (clause {failed.Clause})" : "")}");
            story.AppendLine($"  actual:   {failed.Actual}");
            failed.Evidence.ToList().ForEach(line => story.AppendLine($"  {line}"));
        }
        else
        {
            story.AppendLine($"  the suite itself failed: {fault}");
        }

        foreach (PeerProcess peer in lab.Peers.TakeLast(4))
        {
            if (peer.Fate != null)
            {
                story.AppendLine($"  {peer.Misdeed ?? peer.Fate}");
            }

            TellLines(story, $"{peer.Title}, stdout", peer.Output);
            TellLines(story, $"{peer.Title}, stderr", peer.Errors);
        }

        foreach (Exchange exchange in lab.Exchanges.TakeLast(2))
        {
            TellExchange(story, exchange, cell.RunSeed);
        }

        story.Append($"  replay:   {cell.Replay}");
        if (fault is CaseFailedException { ReplayWith: string more })
        {
            story.Append($" {more}");
        }

        return story.ToString();
    }

    private static void TellExchange(StringBuilder story, Exchange exchange, long seed)
    {
        string fault = exchange.Fault == null ? "" : string.Create(CultureInfo.InvariantCulture, $", with {exchange.Fault} (seed {seed})");
        story.AppendLine(CultureInfo.InvariantCulture, $"  on the wire{fault}:");
        IEnumerable<(TimeSpan At, string Text)> ends =
            from side in new[] { (Way: Direction.ToServer, Who: "client"), (Way: Direction.ToClient, Who: "server") }
            let end = exchange.EndOf(side.Way)
            where end != null
            select (end.At, $"{side.Who} ended its side{(end.IsReset ? " by a reset" : "")}");
        foreach ((TimeSpan at, string text) in exchange.Pieces
            .Select(piece => (piece.At, $"{(piece.Direction == Direction.ToServer ? "client:" : "server:")} {Excerpt.Of(piece.Bytes)}"))
            .Concat(ends).OrderBy(each => each.At).TakeLast(LastLines))
        {
            story.AppendLine(FormattableString.Invariant($"    {at.TotalSeconds,8:0.000}  {text}"));
        }
    }

    private static void TellLines(StringBuilder story, string title, OutputLog log)
    {
        IReadOnlyList<OutputLine> lines = log.Lines;
        if (lines.Count == 0)
        {
            return;
        }

        story.AppendLine($"  {title}{(log.Flood != null ? " (a flood, cut off)" : "")}:");
        // A client's last lines would be its menu, always.
        foreach (OutputLine line in lines.Where(line => !MenuItem().IsMatch(line.Text)).TakeLast(LastLines))
        {
            string text = Excerpt.Of(line.Text);
            story.AppendLine(FormattableString.Invariant($"    {line.At.TotalSeconds,8:0.000}  {text[1..text.LastIndexOf('\'')]}"));
        }
    }

    [GeneratedRegex(@"\A[1-5]\) ", RegexOptions.CultureInvariant)]
    private static partial Regex MenuItem();
}
