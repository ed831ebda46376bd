// Times to wait, as the system takes them.
namespace EasyTcp.Servers;

/// <summary>Rounding of times to wait.</summary>
public static class WaitingTime
{
    /// <summary>
    /// The longest time to wait in one call. A process that is stopped and goes on (SIGSTOP, a paused container) may find
    /// such a call waiting for what was left, or for its whole time again; as no wait is long, what is overdue then comes at once (clause 7.4).
    /// </summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(0.1);

    /// <summary>Whole milliseconds, which is what waits count in: rounded up, so that nobody spins through the last one.</summary>
    public static TimeSpan RoundedUp(this TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
