// The monotonic clock, and waits.
using System.Diagnostics;

namespace EasyTcp.Saboteurs;

/// <summary>Time since an origin, and time that passes.</summary>
internal sealed class Clock
{
    private static readonly ManualResetEventSlim Never = new();

    private readonly long _start = Stopwatch.GetTimestamp();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>Waits.</summary>
    public static void LetPass(TimeSpan time) => Never.Wait(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(time.TotalMilliseconds))));
}
