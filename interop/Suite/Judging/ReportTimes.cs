// The minute report's timing (part 7), measured from the ready line on.
using System.Globalization;

namespace EasyTcp.Interop.Judging;

/// <summary>When reports came, against their absolute schedule.</summary>
internal static class ReportTimes
{
    /// <summary>Checks that the n-th report came at n intervals after the ready line, each in its bound, none missing and none too many.</summary>
    /// <param name="history">The log.</param>
    /// <param name="interval">The report's interval.</param>
    /// <param name="bound">How far from its time a report may be.</param>
    /// <param name="until">When the log was looked at.</param>
    /// <param name="startedAt">When the server was started. The suite sees the ready line later than it was printed, on a busy
    /// machine much later, and all reports would look early by that; so the schedule is taken to begin as early as the
    /// reports say, but not before this.</param>
    /// <returns>Each report's deviation from its time.</returns>
    public static IReadOnlyList<TimeSpan> Judge(History history, TimeSpan interval, TimeSpan bound, TimeSpan until, TimeSpan? startedAt = null)
    {
        LogEvent[] reports = [.. history.Where(Told.Report)];
        TimeSpan ready = Origin(reports, interval, history.Events[0].At, startedAt);
        int due = (int)((until - ready - bound) / interval);
        int possible = (int)((until - ready + bound) / interval);
        Expect.OfTime(reports.Length >= due, "7.4", string.Create(CultureInfo.InvariantCulture,
            $"{due} reports in the {(until - ready).TotalSeconds:0.##} s since the ready line, one each {interval.TotalSeconds:0.##} s"), Times(reports, ready));
        Expect.That(reports.Length <= possible, "7.2", string.Create(CultureInfo.InvariantCulture,
            $"no more than {possible} reports in the {(until - ready).TotalSeconds:0.##} s since the ready line"), Times(reports, ready));

        TimeSpan[] deviations = [.. reports.Select((report, n) => report.At - ready - (interval * (n + 1)))];
        for (int n = 0; n < deviations.Length; n++)
        {
            Expect.OfTime(deviations[n].Duration() <= bound, "7.3", string.Create(CultureInfo.InvariantCulture,
                $"report {n + 1} at {(interval * (n + 1)).TotalSeconds:0.##} s after the ready line, {bound.TotalSeconds:0.##} s more or less"), Times(reports, ready));
        }

        return deviations;
    }

    private static TimeSpan Origin(LogEvent[] reports, TimeSpan interval, TimeSpan seenAt, TimeSpan? startedAt)
    {
        TimeSpan earliest = reports.Select((report, n) => report.At - (interval * (n + 1))).Append(seenAt).Min();
        return startedAt is TimeSpan bound ? TimeSpan.FromTicks(Math.Max(earliest.Ticks, bound.Ticks)) : seenAt;
    }

    private static string Times(LogEvent[] reports, TimeSpan ready) => reports.Length == 0
        ? "no report"
        : $"reports at {string.Join(", ", reports.Select(report => (report.At - ready).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)))} s";
}
