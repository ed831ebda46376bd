// The minute report's timing (part 7), measured from the ready line on.
using System.Globalization;

namespace EasyTcp.Interop.Judging;

/// <summary>When reports came, against their absolute schedule.</summary>
internal static class ReportTimes
{
    // A machine makes some reports late, a server that drifts or leaves one out makes all of them late from then on: so of
    // so many in a row the least late shows the schedule, and better than any single one.
    private const int InARow = 10;

    private static readonly TimeSpan LeastLate = TimeSpan.FromSeconds(0.05);

    /// <summary>Each report's deviation from its time: n intervals after the ready line.</summary>
    /// <param name="history">The log.</param>
    /// <param name="interval">The report's interval.</param>
    /// <param name="startedAt">When the server was started. The suite sees the ready line later than it was printed, on a busy
    /// machine much later, and all reports would look early by that; so the schedule is taken to begin as early as the
    /// reports say, but not before this.</param>
    public static IReadOnlyList<TimeSpan> Deviations(History history, TimeSpan interval, TimeSpan? startedAt = null)
    {
        TimeSpan ready = Origin(history, interval, startedAt);
        return [.. history.Where(Told.Report).Select((report, n) => report.At - ready - (interval * (n + 1)))];
    }

    /// <summary>Checks that the n-th report came at n intervals after the ready line, each in its bound, none missing and none too many.</summary>
    /// <param name="history">The log.</param>
    /// <param name="interval">The report's interval.</param>
    /// <param name="bound">How far from its time a report may be.</param>
    /// <param name="until">When the log was looked at.</param>
    /// <param name="startedAt">As for <see cref="Deviations"/>.</param>
    /// <returns>Each report's deviation from its time.</returns>
    public static IReadOnlyList<TimeSpan> Judge(History history, TimeSpan interval, TimeSpan bound, TimeSpan until, TimeSpan? startedAt = null)
    {
        LogEvent[] reports = [.. history.Where(Told.Report)];
        IReadOnlyList<TimeSpan> deviations = Deviations(history, interval, startedAt);
        TimeSpan ready = Origin(history, interval, startedAt);
        TimeSpan Due(int n) => ready + (interval * (n + 1));
        int due = (int)((until - ready - bound) / interval);
        int possible = (int)((until - ready + bound) / interval);
        Expect.OfTime(reports.Length >= due, "7.4", string.Create(CultureInfo.InvariantCulture,
            $"{due} reports in the {(until - ready).TotalSeconds:0.##} s since the ready line, one each {interval.TotalSeconds:0.##} s"), Times(reports, ready),
            Lateness.Of(Due(reports.Length), until));
        Expect.That(reports.Length <= possible, "7.2", string.Create(CultureInfo.InvariantCulture,
            $"no more than {possible} reports in the {(until - ready).TotalSeconds:0.##} s since the ready line"), Times(reports, ready));
        for (int n = 0; n < deviations.Count; n++)
        {
            Expect.OfTime(deviations[n].Duration() <= bound, "7.3", string.Create(CultureInfo.InvariantCulture,
                $"report {n + 1} at {(interval * (n + 1)).TotalSeconds:0.##} s after the ready line, {bound.TotalSeconds:0.##} s more or less"), Times(reports, ready),
                deviations[n] > bound ? Lateness.Of(Due(n), reports[n].At) : null);
        }

        return deviations;
    }

    /// <summary>Checks a long row of reports for an error that adds up or stays (clauses 7.2 and 7.4), be it small.</summary>
    /// <param name="history">The log.</param>
    /// <param name="interval">The report's interval.</param>
    /// <param name="startedAt">As for <see cref="Deviations"/>.</param>
    public static void ExpectNoDrift(History history, TimeSpan interval, TimeSpan? startedAt = null)
    {
        LogEvent[] reports = [.. history.Where(Told.Report)];
        IReadOnlyList<TimeSpan> deviations = Deviations(history, interval, startedAt);
        Expect.That(deviations.All(each => each >= -LeastLate), "7.2", "no report before its time", string.Create(CultureInfo.InvariantCulture, $"one {-deviations.Min().TotalSeconds:0.000} s early, {FiguresOf(interval, deviations)}"));
        for (int first = deviations.Count - InARow; first >= 0; first -= InARow) // from the end: what adds up is largest there
        {
            TimeSpan least = deviations.Skip(first).Take(InARow).Min();
            TimeSpan end = reports[first + InARow - 1].At;
            Expect.OfTime(least <= LeastLate, "7.2", string.Create(CultureInfo.InvariantCulture,
                $"of reports {first + 1} to {first + InARow} at least one no more than {LeastLate.TotalSeconds:0.##} s after its time, for an error never adds up and no report is left out"),
                string.Create(CultureInfo.InvariantCulture, $"the least late {least.TotalSeconds:0.000} s late, {FiguresOf(interval, deviations)}"),
                new Lateness(end - (interval * InARow), end, least * InARow)); // each of them was that late
        }
    }

    private static string FiguresOf(TimeSpan interval, IReadOnlyList<TimeSpan> deviations)
    {
        var figures = ReportFigures.Of(interval, deviations);
        return string.Create(CultureInfo.InvariantCulture, $"and all {figures.Reports} reports drifting by {1000 * figures.Drift / 3600 * interval.TotalSeconds:0.0} ms a report");
    }

    private static TimeSpan Origin(History history, TimeSpan interval, TimeSpan? startedAt)
    {
        TimeSpan seenAt = history.Events[0].At;
        TimeSpan earliest = history.Where(Told.Report).Select((report, n) => report.At - (interval * (n + 1))).Append(seenAt).Min();
        return startedAt is TimeSpan bound ? TimeSpan.FromTicks(Math.Max(earliest.Ticks, bound.Ticks)) : seenAt;
    }

    private static string Times(LogEvent[] reports, TimeSpan ready) => reports.Length == 0
        ? "no report"
        : $"reports at {string.Join(", ", reports.Select(report => (report.At - ready).TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture)))} s";
}
