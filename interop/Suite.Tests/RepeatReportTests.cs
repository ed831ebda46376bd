// Runs that are repeated: how often each cell passed, and when all of it is green.
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Running;
using Spectre.Console;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class RepeatReportTests
{
    private static readonly PeerRegistry Registry = PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null);
    private static readonly Plan[] Plans = [.. Enumerable.Range(1, 20).Select(seed => Plan.Make(Registry, new Selection(Server: "c-multithread,c-nonblocking", Case: "ids-storm", Seed: seed)))];

    // Wilson's interval as tables have it.
    [TestCase(0, 20, 0, 0.1611)]
    [TestCase(20, 20, 0.8389, 1)]
    [TestCase(19, 20, 0.7639, 0.9911)]
    [TestCase(10, 20, 0.2993, 0.7007)]
    [TestCase(0, 0, 0, 1)]
    public void The_interval_is_Wilsons(int passed, int ran, double low, double high)
    {
        (double Low, double High) interval = RepeatReport.Interval(passed, ran);

        Assert.That(interval.Low, Is.EqualTo(low).Within(1e-4));
        Assert.That(interval.High, Is.EqualTo(high).Within(1e-4));
    }

    [Test]
    public void Cells_that_always_pass_are_one_line()
    {
        RepeatReport report = Of((_, _) => Verdict.Passed);

        Assert.That(report.IsGreen, Is.True);
        Assert.That(Printed(report), Is.EqualTo("2 cells, each: passed 20 of 20 times, 100.0 % (95 % interval 83.9 to 100.0 %)\n40 passed, 0 failed of 40 cells in 20 repetitions"));
    }

    [Test]
    public void A_cell_that_fails_once_is_told_with_its_rate_and_makes_the_run_red()
    {
        RepeatReport report = Of((cell, seed) => cell == 0 && seed == 7 ? Verdict.Failed : Verdict.Passed);

        Assert.That(report.IsGreen, Is.False);
        Assert.That(Printed(report), Does.StartWith("FAILED a story")
            .And.Contain($"{Plans[0].Cells[0].Name}: passed 19 of 20 times, 95.0 % (95 % interval 76.4 to 99.1 %)\n1 other cells, each: passed 20 of 20 times")
            .And.EndWith("39 passed, 1 failed of 40 cells in 20 repetitions"));
    }

    [TestCase(Verdict.Inconclusive)]
    [TestCase(Verdict.NotRun)]
    public void What_cannot_be_said_is_not_green(Verdict verdict) => Assert.That(Of((cell, seed) => cell == 0 && seed == 7 ? verdict : Verdict.Passed).IsGreen, Is.False);

    [Test]
    public void An_interrupted_run_says_what_it_had()
    {
        var report = new RepeatReport(Plans, [.. Plans.Take(3).Select(plan => new CellResult(plan.Cells[0], Outcome.Passed))], []);

        Assert.That(report.IsGreen, Is.False);
        Assert.That(Printed(report), Does.Contain("1 cells, each: passed 3 of 3 times").And.Contain("1 cells never ran").And.EndWith("3 passed, 0 failed, 37 not run of 40 cells in 20 repetitions"));
    }

    private static RepeatReport Of(Func<int, long, Verdict> verdict) => new(Plans,
        [.. Plans.SelectMany(plan => plan.Cells.Select((cell, i) => verdict(i, cell.RunSeed) is Verdict.Passed ? new CellResult(cell, Outcome.Passed) : new CellResult(cell, new Outcome(verdict(i, cell.RunSeed), "a story"))))], []);

    private static string Printed(RepeatReport report)
    {
        using var text = new StringWriter { NewLine = "\n" };
        report.Print(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text) }));
        return text.ToString().Trim('\n');
    }
}
