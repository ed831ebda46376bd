// What a sanitizer has to say of a program that was built with one.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>Looks for reports of AddressSanitizer, LeakSanitizer, ThreadSanitizer and UndefinedBehaviorSanitizer on stderr.</summary>
internal static class SanitizerReport
{
    private const int LinesTold = 24;

    private static readonly string[] Signs = ["AddressSanitizer", "LeakSanitizer", "ThreadSanitizer", "UndefinedBehaviorSanitizer", ": runtime error: "];

    /// <summary>The failure that such a report is, whatever the case was about and however it went.</summary>
    /// <returns>Null if no peer has any.</returns>
    public static CaseFailedException? Find(IReadOnlyList<PeerProcess> peers) =>
        peers.Select(peer => TextOf(peer.Errors.Lines) is string text ? new CaseFailedException("9.1", $"no report of a sanitizer from {peer.Title}", text) : null)
            .FirstOrDefault(fault => fault != null);

    /// <summary>Fails if a peer has such a report.</summary>
    public static void ExpectNone(IReadOnlyList<PeerProcess> peers)
    {
        if (Find(peers) is CaseFailedException report)
        {
            throw report;
        }
    }

    /// <summary>A report's text, from its first line on; null if there is none.</summary>
    public static string? TextOf(IReadOnlyList<OutputLine> lines)
    {
        OutputLine[] report = [.. lines.SkipWhile(line => !Signs.Any(sign => line.Text.Contains(sign, StringComparison.Ordinal)))];
        return report.Length == 0 ? null : string.Join("\n            ", report.Take(LinesTold).Select(line => line.Text));
    }
}
