// When a report is due (part 7).
namespace EasyTcp.Servers;

/// <summary>An absolute schedule: the n-th report is due n intervals after the start, so that no error adds up.</summary>
/// <param name="clock">The monotonic clock.</param>
/// <param name="interval">The time between two reports.</param>
public sealed class ReportSchedule(TimeProvider clock, TimeSpan interval)
{
    private long _start = clock.GetTimestamp();
    private long _taken;
    private long _dueAt = long.MaxValue; // the next report's moment, on the clock; any thread may look

    /// <summary>The ready line is out: the schedule begins (clause 7.2).</summary>
    public void Start()
    {
        _start = clock.GetTimestamp();
        Plan();
    }

    /// <summary>True when the next report is due or overdue. Asked for each request, and cheap.</summary>
    public bool IsDue => clock.GetTimestamp() >= Volatile.Read(ref _dueAt);

    /// <summary>How long until the next report, worked out anew from the clock; zero when it is due or overdue.</summary>
    public TimeSpan UntilDue
    {
        get
        {
            TimeSpan left = clock.GetElapsedTime(clock.GetTimestamp(), Volatile.Read(ref _dueAt));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    /// <summary>Takes a report that is due. Overdue ones come at once and none is skipped (clause 7.4): call until false.</summary>
    public bool TakeDue()
    {
        if (!IsDue)
        {
            return false;
        }

        _taken++;
        Plan();
        return true;
    }

    // From the start and not from the report before, in whole steps of the clock; the product needs more than 64 bits.
    private void Plan() => Volatile.Write(ref _dueAt, _start + (long)((Int128)interval.Ticks * (_taken + 1) * clock.TimestampFrequency / TimeSpan.TicksPerSecond));
}
