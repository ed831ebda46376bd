// What a sanitizer has to say of a program that was built with one.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>Looks for reports of AddressSanitizer, ThreadSanitizer and their like on stderr. Not for leaks: the programs end by
/// _exit(), which leaves no time to look for them; the case crowd-comes-and-goes does.</summary>
internal static class SanitizerReport
{
    private static readonly string[] Signs = ["ERROR: AddressSanitizer", "WARNING: ThreadSanitizer", ": runtime error: "];

    /// <summary>Fails if a peer has such a report on its stderr, whatever the case was about.</summary>
    public static void ExpectNone(IReadOnlyList<PeerProcess> peers)
    {
        foreach (PeerProcess peer in peers)
        {
            OutputLine? report = peer.Errors.Lines.FirstOrDefault(line => Signs.Any(sign => line.Text.Contains(sign, StringComparison.Ordinal)));
            Expect.That(report == null, "9.1", $"no report of a sanitizer from {peer.Title}", report?.Text ?? "");
        }
    }
}
