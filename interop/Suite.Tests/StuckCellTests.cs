// The suite ends, also with a cell that it does not come to an end with.
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class StuckCellTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(0.1);

    [Test]
    public async Task What_comes_to_an_end_is_what_it_says() =>
        Assert.That(await StuckCell.Bound(() => Task.FromResult(Outcome.Passed), TimeSpan.FromMinutes(1), "a / b", () => "judged"), Is.SameAs(Outcome.Passed));

    [Test]
    public async Task What_is_awaited_for_ever_says_nothing_of_the_peers()
    {
        Outcome outcome = await StuckCell.Bound(() => new TaskCompletionSource<Outcome>().Task, Short, "a / b", () => "ended its peers");
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Story, Is.EqualTo("a / b\n  the suite itself was stuck with this cell after 0.1 s, while it ended its peers"));
    }

    [Test]
    public async Task Nor_does_what_blocks_its_thread()
    {
        using var never = new SemaphoreSlim(0);
        Outcome outcome = await StuckCell.Bound(
            () =>
            {
                never.Wait();
                return Task.FromResult(Outcome.Passed);
            },
            Short, "a / b", () => "judged it");
        never.Release();
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
    }

    [Test]
    public async Task What_throws_is_a_fault_of_the_suites_own()
    {
        Outcome outcome = await StuckCell.Bound(() => throw new TimeoutException("too late"), TimeSpan.FromMinutes(1), "a / b", () => "judged it");
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(outcome.Story, Does.StartWith("a / b\n  the suite itself failed, while it judged it: System.TimeoutException: too late"));
    }
}
