// The judge of the minute report: on time it is, early, late, missing, doubled or drifting it is not (part 7).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using static EasyTcp.Interop.Tests.Logs;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ReportTimesTests
{
    private const string Report = "Number of connected clients = 0";

    // The ready line did not come at the run's beginning: all is measured from it on.
    private const double ReadyAt = 5;

    [TestCase(60, 120)]
    [TestCase(59, 119, Description = "a second early, both")]
    [TestCase(61, 121, Description = "a second late, both")]
    [TestCase(60.999, 119.001)]
    public void Reports_in_their_bounds_are_right(double first, double second) =>
        Assert.That(Judge(130, first, second).Select(each => each.TotalSeconds), Is.EqualTo(new[] { first - 60, second - 120 }).Within(1e-6));

    [TestCase(58.999, 120)]
    [TestCase(61.001, 120)]
    [TestCase(60, 118.999)]
    [TestCase(60, 121.001)]
    public void A_report_out_of_its_bounds_is_wrong(double first, double second) =>
        Assert.That(FailureOf(() => Judge(130, first, second)).Clause, Is.EqualTo("7.3"));

    [Test]
    public void A_missing_report_is_wrong()
    {
        CaseFailedException failure = FailureOf(() => Judge(130, 60));
        Assert.That(failure.Clause, Is.EqualTo("7.4"));
        Assert.That(failure.Expected, Does.StartWith("2 reports in the 130 s"));
        Assert.That(failure.Actual, Is.EqualTo("reports at 60.000 s"));
        Assert.That(FailureOf(() => Judge(130)).Actual, Is.EqualTo("no report"));
    }

    [Test]
    public void A_skipped_report_is_wrong() => Assert.That(FailureOf(() => Judge(190, 60, 180)).Clause, Is.EqualTo("7.4"));

    [Test]
    public void A_doubled_report_is_wrong() => Assert.That(FailureOf(() => Judge(130, 60, 60.1, 120)).Clause, Is.EqualTo("7.2"));

    // Each interval is right to a tenth of a second; what is wrong is their sum (clause 7.2).
    [Test]
    public void A_drift_is_wrong()
    {
        double[] reports = [.. Enumerable.Range(1, 20).Select(n => n * 60.1)];

        CaseFailedException failure = FailureOf(() => Judge(reports[^1] + 1, reports));

        Assert.That(failure.Clause, Is.EqualTo("7.3"));
        Assert.That(failure.Expected, Does.StartWith("report 11 at 660 s"));
    }

    // Whoever looks at the log while a report is due must neither demand it nor forbid it.
    [TestCase(60.5, 0, true)]
    [TestCase(60.5, 1, true)]
    [TestCase(61.5, 0, false)]
    [TestCase(58.5, 0, true)]
    public void A_report_is_demanded_when_its_bound_is_over(double until, int reports, bool isRight)
    {
        double[] times = reports == 0 ? [] : [60.2];
        Assert.That(() => Judge(until, times), isRight ? Throws.Nothing : Throws.TypeOf<CaseFailedException>());
    }

    // The ready line is seen late on a busy machine; the reports then tell when the schedule began, but they can say
    // neither that it was before the server's start nor that it was after the ready line.
    [TestCase(-3, 58, 118, true, Description = "the ready line was seen 2 s late")]
    [TestCase(-1.5, 58, 118, true)]
    [TestCase(-0.5, 58, 118, false, Description = "1.5 s early at the least")]
    [TestCase(-3, 58, 120.5, false, Description = "their distance is wrong")]
    [TestCase(-3, 61.5, 121.5, false, Description = "late")]
    public void A_ready_line_that_was_seen_late_is_forgiven_within_the_servers_life(double startedAt, double first, double second, bool isRight) =>
        Assert.That(() => JudgeFrom(startedAt, 130, first, second), isRight ? Throws.Nothing : Throws.TypeOf<CaseFailedException>());

    [Test]
    public void Only_a_late_report_tells_for_how_long_the_machine_must_have_stood_still()
    {
        Lateness late = FailureOf(() => Judge(130, 60, 121.5)).Late!;
        Assert.That((late.From, late.Until, late.By), Is.EqualTo((TimeSpan.FromSeconds(ReadyAt + 120), TimeSpan.FromSeconds(ReadyAt + 121.5), TimeSpan.FromSeconds(1.5))));
        Assert.That(FailureOf(() => Judge(130, 58, 120)).Late, Is.Null, "early");
        Assert.That(FailureOf(() => Judge(130, 60, 60.1, 120)).Late, Is.Null, "one too many");
        Assert.That(FailureOf(() => Judge(130, 60)).Late!.By, Is.EqualTo(TimeSpan.FromSeconds(10)), "missing for 10 s");
    }

    // Forty reports, one each 0.1 s.
    [TestCase(0, 0, true)]
    [TestCase(0.001, 0, true, Description = "1 ms a report: within what a machine may do")]
    [TestCase(0.005, 0, false, Description = "5 ms a report, never a quarter of a second late")]
    [TestCase(0, 0.1, false, Description = "from the third on all are late by an interval: one was left out")]
    public void An_error_that_adds_up_or_stays_is_wrong(double drift, double step, bool isRight)
    {
        History history = HistoryOf(Enumerable.Range(1, 40).Select(n => (n * (0.1 + drift)) + (n > 2 ? step : 0)));

        Assert.That(() => ReportTimes.ExpectNoDrift(history, TimeSpan.FromSeconds(0.1), TimeSpan.Zero), isRight ? Throws.Nothing : Throws.TypeOf<CaseFailedException>().With.Property("Clause").EqualTo("7.2"));
    }

    [Test]
    public void Reports_that_a_machine_delays_now_and_then_have_no_drift()
    {
        History history = HistoryOf(Enumerable.Range(1, 40).Select(n => (n * 0.1) + (n % 10 == 3 ? 0.002 : 0.2)));

        Assert.That(() => ReportTimes.ExpectNoDrift(history, TimeSpan.FromSeconds(0.1)), Throws.Nothing);
    }

    [Test]
    public void Figures_are_those_of_a_linear_regression()
    {
        // 1 ms more each 0.1 s is 36 s an hour.
        var exact = ReportFigures.Of(TimeSpan.FromSeconds(0.1), [.. Enumerable.Range(1, 10).Select(n => TimeSpan.FromMilliseconds(n))]);
        Assert.That((exact.Reports, exact.Worst), Is.EqualTo((10, 0.01)));
        Assert.That(exact.Drift, Is.EqualTo(36).Within(1e-6));
        Assert.That(exact.DriftError, Is.EqualTo(0).Within(1e-6));
        Assert.That(exact.Jitter, Is.EqualTo(0.0030277).Within(1e-6));

        var scattered = ReportFigures.Of(TimeSpan.FromSeconds(60), [TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(-0.2), TimeSpan.FromSeconds(0.1)]);
        Assert.That((scattered.Worst, scattered.Drift), Is.EqualTo((-0.2, 0d)).Within(1e-9));
        Assert.That(scattered.DriftError, Is.EqualTo(10.392).Within(1e-3));
        Assert.That(ReportFigures.Of(TimeSpan.FromSeconds(60), [TimeSpan.Zero, TimeSpan.FromSeconds(1)]).DriftError, Is.Null);
    }

    [Test]
    public void Figures_are_found_again_among_measurements()
    {
        TimeSpan[] deviations = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(2)];
        ReportFigures figures = ReportFigures.From([.. ReportFigures.Measure(TimeSpan.FromSeconds(1), deviations)])!;

        Assert.That((figures.Reports, figures.Worst), Is.EqualTo((3, 0.005)));
        Assert.That(figures.Drift, Is.EqualTo(1.8).Within(1e-3));
        Assert.That(ReportFigures.From([]), Is.Null);
        Assert.That(ReportFigures.From([.. ReportFigures.Measure(TimeSpan.FromSeconds(1), [])]), Is.Null);
    }

    private static History HistoryOf(IEnumerable<double> reports)
    {
        static TimeSpan At(double second) => TimeSpan.FromSeconds(ReadyAt + second);
        return History.Replay([new OutputLine(At(0), Ready, true), .. reports.Select(second => new OutputLine(At(second), Report, true))]);
    }

    private static IReadOnlyList<TimeSpan> Judge(double until, params double[] reports) => JudgeFrom(null, until, reports);

    // All times are from the ready line on.
    private static IReadOnlyList<TimeSpan> JudgeFrom(double? startedAt, double until, params double[] reports)
    {
        static TimeSpan At(double second) => TimeSpan.FromSeconds(ReadyAt + second);
        return ReportTimes.Judge(HistoryOf(reports), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(1), At(until), startedAt is double start ? At(start) : null);
    }
}
