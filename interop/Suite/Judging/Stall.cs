// A time in which the machine stood still.
namespace EasyTcp.Interop.Judging;

/// <summary>A stall.</summary>
/// <param name="From">Its begin.</param>
/// <param name="Until">Its end.</param>
internal sealed record Stall(TimeSpan From, TimeSpan Until)
{
    /// <summary>How much of a span of time was stalls: those parts of them that lie in it.</summary>
    public static TimeSpan Sum(IEnumerable<Stall> stalls, TimeSpan from, TimeSpan until) =>
        TimeSpan.FromTicks(stalls.Sum(stall => Math.Max(0, Math.Min(stall.Until.Ticks, until.Ticks) - Math.Max(stall.From.Ticks, from.Ticks))));
}
