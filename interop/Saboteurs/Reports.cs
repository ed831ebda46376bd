// The report and its absolute schedule (part 7).
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>Prints the n-th report n intervals after the ready line.</summary>
internal sealed class Reports(Registry registry, TimeSpan interval)
{
    // No wait is long: one that the process is stopped in begins anew when it goes on.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(0.1);

    private readonly Clock _sinceReady = new();
    private TimeSpan _lastPrinted;

    public void Run()
    {
        if (Fault.Is(ReportAtOnce))
        {
            registry.Report();
        }

        for (int n = 1; ; n++)
        {
            for (TimeSpan left; (left = DueAt(n) - _sinceReady.Elapsed) > TimeSpan.Zero;)
            {
                Clock.LetPass(left < LongestWait ? left : LongestWait);
            }

            while (Fault.Is(ReportOverdueSkipped) && _sinceReady.Elapsed > DueAt(n + 1))
            {
                n++;
            }

            AwaitTraffic();
            _lastPrinted = _sinceReady.Elapsed;
            if (Fault.Is(ReportSkippedOnce) && n == 2)
            {
                continue;
            }

            registry.Report();
            if (Fault.Is(ReportTwice))
            {
                registry.Report();
            }
        }
    }

    private TimeSpan DueAt(int n) =>
        Fault.Is(ReportAt55Seconds) ? interval * n * (55.0 / 60)
        : Fault.Is(ReportAt61Seconds500) ? interval * n * (61.5 / 60)
        : Fault.Is(ReportLate) ? (interval * n) + Late
        : Fault.Is(ReportDrifts) ? (interval + Drift) * n
        : Fault.Is(ReportScheduleRestarts) ? _lastPrinted + interval
        : interval * n;

    private static void AwaitTraffic()
    {
        long events = Traffic.Events;
        while ((Fault.Is(ReportDelayedByTraffic) && Traffic.Silence < Silence) || (Fault.Is(ReportWaitsForTraffic) && Traffic.Events == events))
        {
            Clock.LetPass(TimeSpan.FromMilliseconds(5));
        }
    }
}
