// A failure as a person reads it: what was expected, from which clause, what came, both peers' last lines, the replay.
using System.Text;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Judging;

/// <summary>Tells why a cell failed.</summary>
internal static class FailureStory
{
    private const int LastLines = 6;

    /// <summary>The story of a failure.</summary>
    public static string Tell(Cell cell, Exception fault, IReadOnlyList<PeerProcess> peers)
    {
        var story = new StringBuilder();
        story.AppendLine(cell.Name);
        if (fault is CaseFailedException failed)
        {
            story.AppendLine($"  clause {failed.Clause}: {cell.Case.About.Sentence}");
            story.AppendLine($"  expected: {failed.Expected}");
            story.AppendLine($"  actual:   {failed.Actual}");
            failed.Evidence.ToList().ForEach(line => story.AppendLine($"  {line}"));
        }
        else
        {
            story.AppendLine($"  the suite itself failed: {fault}");
        }

        foreach (PeerProcess peer in peers.TakeLast(4))
        {
            TellLines(story, $"{peer.Title}, stdout", peer.Output);
            TellLines(story, $"{peer.Title}, stderr", peer.Errors);
        }

        story.Append($"  replay:   {cell.Replay}");
        if (fault is CaseFailedException { ReplayWith: string more })
        {
            story.Append($" {more}");
        }

        return story.ToString();
    }

    private static void TellLines(StringBuilder story, string title, OutputLog log)
    {
        IReadOnlyList<OutputLine> lines = log.Lines;
        if (lines.Count == 0)
        {
            return;
        }

        story.AppendLine($"  {title}{(log.IsFlooded ? " (a flood, cut off)" : "")}:");
        foreach (OutputLine line in lines.TakeLast(LastLines))
        {
            string text = Excerpt.Of(line.Text);
            story.AppendLine(FormattableString.Invariant($"    {line.At.TotalSeconds,8:0.000}  {text[1..text.LastIndexOf('\'')]}"));
        }
    }
}
