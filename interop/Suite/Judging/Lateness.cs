// A time that was missed, and by how much: what the machine must have stood still for to be to blame.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>The moments in question, and how much later than a right program something was seen.</summary>
/// <param name="From">When it was due, or when it was begun to be awaited.</param>
/// <param name="Until">When it came, or when it was given up.</param>
/// <param name="By">How late it was, at the least.</param>
internal sealed record Lateness(TimeSpan From, TimeSpan Until, TimeSpan By)
{
    // What a right program and the suite take by themselves: a machine that stood still for all but this explains the rest.
    private static readonly TimeSpan Ordinary = TimeSpan.FromSeconds(0.1);

    /// <summary>Something that was due at a moment and came at another.</summary>
    public static Lateness Of(TimeSpan due, TimeSpan came) => new(due, came, came - due);

    /// <summary>Something for which a right program needs next to nothing, and which did not come: half of the wait at least
    /// was the machine's, if it was to blame.</summary>
    public static Lateness OfWait(TimeSpan from, TimeSpan within) => new(from, Moment.Now, within / 2);

    /// <summary>True if the machine stood still, in those very moments, for as long as what was seen.</summary>
    /// <param name="stall">How long it did then.</param>
    public bool IsExplainedBy(TimeSpan stall) => stall > TimeSpan.Zero && stall >= By - Ordinary;
}
