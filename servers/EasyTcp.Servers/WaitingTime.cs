// Times to wait, as the system takes them.
namespace EasyTcp.Servers;

/// <summary>Rounding of times to wait.</summary>
public static class WaitingTime
{
    /// <summary>Whole milliseconds, which is what waits count in: rounded up, so that nobody spins through the last one.</summary>
    public static TimeSpan RoundedUp(this TimeSpan time) => TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
}
