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
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(0.04);
    private static readonly TimeSpan SlowDrift = TimeSpan.FromSeconds(0.005);
    private static readonly TimeSpan ForAClient = TimeSpan.FromSeconds(0.004);
    private static readonly TimeSpan JustNow = TimeSpan.FromSeconds(0.1);
    private const int Last = 10;

    private readonly Clock _sinceReady = new();
    private TimeSpan _lastPrinted;
    private TimeSpan _firstArrival;
    private TimeSpan _addedUp;

    public void Run()
    {
        if (Fault.Is(ReportAtOnce))
        {
            registry.Report();
        }

        while (Fault.Is(ReportFromFirstClient) && registry.Count == 0)
        {
            Clock.LetPass(TimeSpan.FromMilliseconds(5));
            _firstArrival = _sinceReady.Elapsed;
        }

        for (int n = 1; !(Fault.Is(ReportStopsAfterTen) && n > Last); n++)
        {
            long events = Traffic.Events;
            for (TimeSpan left; (left = DueAt(n) - _sinceReady.Elapsed) > TimeSpan.Zero;)
            {
                Clock.LetPass(left < LongestWait ? left : LongestWait);
            }

            while (Fault.Is(ReportOverdueSkipped) && _sinceReady.Elapsed > DueAt(n + 1))
            {
                n++;
            }

            AwaitTraffic();
            if (Fault.Is(ReportSlowInCrowd))
            {
                Clock.LetPass(registry.Count * ForAClient); // one after the other
            }

            _addedUp += Fault.Is(ReportDriftsUnderLoad) && Traffic.Events != events ? Drift : TimeSpan.Zero;
            _lastPrinted = _sinceReady.Elapsed;
            if ((Fault.Is(ReportSkippedOnce) && n == 2)
                || (Fault.Is(ReportLostToNewcomer) && Traffic.SinceArrival < JustNow)
                || (Fault.Is(ReportSilentWhenEmpty) && registry.Count == 0))
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
        : Fault.Is(ReportAHundredthSlow) ? interval * n * 1.01
        : Fault.Is(ReportLate) ? (interval * n) + Late
        : Fault.Is(ReportDrifts) ? (interval + Drift) * n
        : Fault.Is(ReportDriftsSlowly) ? (interval + SlowDrift) * n
        : Fault.Is(ReportDriftsUnderLoad) ? (interval * n) + _addedUp
        : Fault.Is(ReportFromFirstClient) ? _firstArrival + (interval * n)
        : Fault.Is(ReportTimerRestartsOnTraffic) ? Later(_lastPrinted, _sinceReady.Elapsed - Traffic.Silence) + interval
        : Fault.Is(ReportScheduleRestarts) ? _lastPrinted + interval
        : interval * n;

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static void AwaitTraffic()
    {
        long events = Traffic.Events;
        while ((Fault.Is(ReportDelayedByTraffic) && Traffic.Silence < Silence) || (Fault.Is(ReportWaitsForTraffic) && Traffic.Events == events) ||
            (Fault.Is(ReportAwaitsReaders) && Session.Sending > 0) || (Fault.Is(ReportAwaitsEndings) && Session.Ending > 0))
        {
            Clock.LetPass(TimeSpan.FromMilliseconds(5));
        }
    }
}
