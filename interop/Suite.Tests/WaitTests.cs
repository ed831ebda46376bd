// Bounded waits: they end with what was awaited, or with a sentence.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using static EasyTcp.Interop.Tests.Logs;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class WaitTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Test]
    public async Task What_was_awaited_is_returned() =>
        Assert.That(await Wait.For("a number", "1.1", Long, _ => Task.FromResult(42)), Is.EqualTo(42));

    [Test]
    public async Task What_takes_too_long_is_told_and_cancelled()
    {
        CancellationToken given = default;

        CaseFailedException failure = await FailureOf(() => Wait.For("the end of time", "9.1", Short, async cancel =>
        {
            given = cancel;
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
        }));

        Assert.That((failure.Clause, failure.Expected), Is.EqualTo(("9.1", "the end of time within 0.03 s")));
        Assert.That(given.IsCancellationRequested, Is.True, "nothing goes on behind the failure");
    }

    // A fault is not the same as nothing: it must come out as it is.
    [Test]
    public void A_fault_of_the_work_comes_out_as_it_is() =>
        Assert.That(() => Wait.For("a fault", "1.1", Long, _ => throw new IOException("broken")), Throws.TypeOf<IOException>().With.Message.EqualTo("broken"));

    [Test]
    public async Task A_condition_is_asked_until_it_holds()
    {
        int asked = 0;

        await Wait.Until("the third time", "1.1", Long, () => ++asked == 3, () => "");

        Assert.That(asked, Is.EqualTo(3));
    }

    [Test]
    public async Task A_condition_that_never_holds_is_told_with_what_was_so_instead()
    {
        int asked = 0;

        CaseFailedException failure = await FailureOf(() => Wait.Until("the impossible", "9.2", Short, () => ++asked < 0, () => "asked in vain"));

        Assert.That((failure.Clause, failure.Expected, failure.Actual), Is.EqualTo(("9.2", "the impossible within 0.03 s", "asked in vain")));
        Assert.That(asked, Is.AtLeast(2));
    }

    [TestCase(1, "1 s")]
    [TestCase(0.25, "0.25 s")]
    [TestCase(0.1234, "0.123 s")]
    [TestCase(61.5, "61.5 s")]
    public void A_duration_is_written_for_a_sentence(double seconds, string expected) =>
        Assert.That(Wait.Seconds(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));
}
