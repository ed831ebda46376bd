// When a report is due (part 7).
namespace EasyTcp.Servers;

/// <summary>An absolute schedule: the n-th report is due n intervals after the start, so that no error adds up.</summary>
/// <param name="clock">The monotonic clock.</param>
/// <param name="interval">The time between two reports.</param>
public sealed class ReportSchedule(TimeProvider clock, TimeSpan interval)
{
    private long _start = clock.GetTimestamp();
    private long _taken;

    /// <summary>The ready line is out: the schedule begins (clause 7.2).</summary>
    public void Start() => _start = clock.GetTimestamp();

    /// <summary>How long until the next report, worked out anew from the clock; zero when it is due or overdue.</summary>
    public TimeSpan UntilDue
    {
        get
        {
            TimeSpan left = (interval * (_taken + 1)) - clock.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Takes a report that is due. Overdue ones come at once and none is skipped (clause 7.4): call until false.</summary>
    public bool TakeDue()
    {
        if (UntilDue > TimeSpan.Zero)
        {
            return false;
        }

        _taken++;
        return true;
    }
}
