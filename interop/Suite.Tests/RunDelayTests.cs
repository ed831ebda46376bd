// How long a program waited for a processor, of looks at its threads that come now and then.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class RunDelayTests
{
    // Long enough ago for all moments here to be past.
    private static readonly TimeSpan Start = Moment.Now - TimeSpan.FromSeconds(10);

    [Test]
    public void A_wait_that_is_over_may_have_lain_anywhere_between_two_looks()
    {
        var delay = new RunDelay();
        Look(delay, 1.0, 'S', ran: 0, waited: 0);
        Look(delay, 1.3, 'S', ran: 0, waited: 0.2);
        Assert.Multiple(() =>
        {
            Assert.That(Within(delay, 0.5, 1.2), Is.EqualTo(0.2), "the whole of it may have been before the late event");
            Assert.That(Within(delay, 1.1, 2.0), Is.EqualTo(0.2), "or all of it after");
            Assert.That(Within(delay, 1.25, 2.0), Is.EqualTo(0.05), "but no more of it than there was time");
            Assert.That(Within(delay, 1.3, 2.0), Is.Zero);
        });
    }

    [Test]
    public void A_wait_that_is_longer_than_the_time_since_the_last_look_began_before_it()
    {
        var delay = new RunDelay();
        Look(delay, 1.0, 'S', ran: 0, waited: 0);
        Look(delay, 1.1, 'S', ran: 0, waited: 0.5);
        Assert.That(Within(delay, 0.8, 1.1), Is.EqualTo(0.3));
    }

    [Test]
    public void A_thread_that_could_run_and_does_not_is_waiting_until_it_does()
    {
        var delay = new RunDelay();
        Look(delay, 1.0, 'R', ran: 0.1, waited: 0);
        Look(delay, 1.1, 'R', ran: 0.1, waited: 0);
        Assert.That(Within(delay, 1.0, 1.4), Is.EqualTo(0.4), "it goes on");
        Look(delay, 1.2, 'S', ran: 0.2, waited: 0);
        Assert.That(Within(delay, 1.0, 1.4), Is.EqualTo(0.1), "it ended at some moment after the second look");
    }

    // Of a thousand threads each waits for a moment: all of them together are no stall.
    [Test]
    public void The_two_threads_that_waited_longest_are_what_counts()
    {
        var delay = new RunDelay();
        foreach (double waited in (double[])[0, 0.1])
        {
            delay.Look(At(1 + waited), [Thread("1", 'S', 0, waited / 2), Thread("2", 'S', 0, waited / 4), Thread("3", 'S', 0, waited / 10)]);
        }

        Assert.That(Within(delay, 0, 2), Is.EqualTo(0.075));
        Assert.That(Within(delay, 1.05, 1.1), Is.EqualTo(0.05), "but no longer than there was time");
    }

    private static void Look(RunDelay delay, double at, char state, double ran, double waited) =>
        delay.Look(At(at), [Thread("1", state, ran, waited)]);

    private static ThreadTimes Thread(string number, char state, double ran, double waited) =>
        new(number, state, TimeSpan.FromSeconds(ran), TimeSpan.FromSeconds(waited));

    private static double Within(RunDelay delay, double from, double until) =>
        Math.Round(delay.Within(At(from), At(until)).TotalSeconds, 6);

    private static TimeSpan At(double second) => Start + TimeSpan.FromSeconds(second);
}
