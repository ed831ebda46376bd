// The suite's clock: monotonic, one origin for all peers, so that their logs can be laid side by side.
using System.Diagnostics;

namespace EasyTcp.Interop.Processes;

/// <summary>Times since the run began.</summary>
internal static class Moment
{
    private static readonly long Start = Stopwatch.GetTimestamp();

    /// <summary>What to add to a time of the system's monotonic clock.</summary>
    public static TimeSpan OfSystem { get; } = -Stopwatch.GetElapsedTime(0, Start);

    /// <summary>The time since the run began.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(Start);
}
