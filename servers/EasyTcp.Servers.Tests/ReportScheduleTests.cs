// The report's schedule on a clock that the tests turn: absolute, nothing skipped, no error that adds up (part 7).
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class ReportScheduleTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Test]
    public void A_report_is_due_an_interval_after_the_start_and_not_a_tick_before()
    {
        (FakeTimeProvider clock, ReportSchedule reports) = Started(Minute);

        Assert.That(reports.UntilDue, Is.EqualTo(Minute));
        clock.Advance(Minute - Tick);
        Assert.That(reports.UntilDue, Is.EqualTo(Tick));
        Assert.That(reports.TakeDue(), Is.False);
        clock.Advance(Tick);
        Assert.That(reports.UntilDue, Is.EqualTo(TimeSpan.Zero));
        Assert.That(reports.TakeDue(), Is.True);
        Assert.That(reports.TakeDue(), Is.False, "it is due once");
        Assert.That(reports.UntilDue, Is.EqualTo(Minute));
    }

    [Test]
    public void The_schedule_begins_with_the_ready_line()
    {
        var clock = new FakeTimeProvider();
        var reports = new ReportSchedule(clock, Minute);
        clock.Advance(TimeSpan.FromSeconds(59));

        reports.Start();

        Assert.That(reports.UntilDue, Is.EqualTo(Minute));
    }

    // A report taken 59 s late leaves the next one where it was (clause 7.2).
    [Test]
    public void A_late_report_does_not_shift_the_next()
    {
        (FakeTimeProvider clock, ReportSchedule reports) = Started(Minute);
        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.That(reports.TakeDue(), Is.True);

        Assert.That(reports.UntilDue, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(1000)]
    public void Overdue_reports_come_at_once_and_none_is_skipped(int overdue)
    {
        (FakeTimeProvider clock, ReportSchedule reports) = Started(Minute);
        clock.Advance((Minute * overdue) + TimeSpan.FromSeconds(20));

        int taken = 0;
        while (reports.TakeDue())
        {
            taken++;
        }

        Assert.That(taken, Is.EqualTo(overdue));
        Assert.That(reports.UntilDue, Is.EqualTo(TimeSpan.FromSeconds(40)));
    }

    [Test]
    public void The_wait_for_an_overdue_report_is_none_and_never_less()
    {
        (FakeTimeProvider clock, ReportSchedule reports) = Started(Minute);
        clock.Advance(Minute + Tick);

        Assert.That(reports.UntilDue, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase(0.1)]
    [TestCase(0.3)]
    [TestCase(1)]
    [TestCase(86400)]
    public void No_error_adds_up_over_many_intervals(double seconds)
    {
        const int Many = 1_000_000;
        TimeSpan interval = TimeSpan.FromSeconds(seconds);
        (FakeTimeProvider clock, ReportSchedule reports) = Started(interval);
        clock.Advance(interval * (Many - 1));
        while (reports.TakeDue())
        {
        }

        Assert.That(reports.UntilDue, Is.EqualTo(interval));
    }

    [Test]
    public void However_irregular_the_waits_are_the_number_of_reports_is_that_of_whole_intervals() =>
        Gen.Select(Gen.Int[1, 1000], Gen.Int[0, 5000].Array[1, 60]).Sample((interval, waits) =>
        {
            (FakeTimeProvider clock, ReportSchedule reports) = Started(TimeSpan.FromMilliseconds(interval));
            int passed = 0;
            int taken = 0;
            foreach (int wait in waits)
            {
                clock.Advance(TimeSpan.FromMilliseconds(wait));
                passed += wait;
                while (reports.TakeDue())
                {
                    taken++;
                }

                if (taken != passed / interval || reports.UntilDue != TimeSpan.FromMilliseconds(interval - (passed % interval)))
                {
                    return false;
                }
            }

            return true;
        }, iter: 2_000);

    // Waits count in whole milliseconds: after one that was rounded down the report would not be due yet.
    [TestCase(0, 0)]
    [TestCase(1, 1)]
    [TestCase(9_999, 1)]
    [TestCase(10_000, 1)]
    [TestCase(10_001, 2)]
    [TestCase(599_999_999, 60_000)]
    public void A_wait_is_rounded_up(long ticks, double milliseconds) =>
        Assert.That(TimeSpan.FromTicks(ticks).RoundedUp(), Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));

    private static (FakeTimeProvider Clock, ReportSchedule Reports) Started(TimeSpan interval)
    {
        var clock = new FakeTimeProvider();
        var reports = new ReportSchedule(clock, interval);
        reports.Start();
        return (clock, reports);
    }
}
