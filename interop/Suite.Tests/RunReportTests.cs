// When a run is green: never when something planned has no verdict, and never when nothing passed.
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class RunReportTests
{
    private static readonly Plan Two = Plan.Make(PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null), new Selection(Server: "c-multithread,c-nonblocking", Case: "ids-storm"));

    [TestCase(Verdict.Passed, Verdict.Passed, true)]
    [TestCase(Verdict.Passed, Verdict.Unsupported, true)]
    [TestCase(Verdict.Passed, Verdict.KnownFailure, true)]
    [TestCase(Verdict.Passed, Verdict.Failed, false)]
    [TestCase(Verdict.Passed, Verdict.Inconclusive, false)]
    [TestCase(Verdict.Passed, Verdict.NotRun, false)]
    [TestCase(Verdict.Unsupported, Verdict.KnownFailure, false, Description = "nothing passed")]
    public void A_run_is_green_when_every_cell_can_be_borne_and_one_passed(Verdict first, Verdict second, bool green) =>
        Assert.That(new RunReport(Two, [Result(0, first), Result(1, second)], []).IsGreen, Is.EqualTo(green));

    [Test]
    public void A_cell_without_a_result_is_not_run_and_never_green()
    {
        var report = new RunReport(Two, [Result(0, Verdict.Passed)], []);

        Assert.That(report.IsGreen, Is.False);
        Assert.That(report.Sums, Is.EqualTo("1 passed, 0 failed, 1 not run of 2 cells"));
    }

    [Test]
    public void A_complaint_makes_a_run_red() =>
        Assert.That(new RunReport(Two, [Result(0, Verdict.Passed), Result(1, Verdict.Passed)], ["something else"]).IsGreen, Is.False);

    private static CellResult Result(int cell, Verdict verdict) => new(Two.Cells[cell], new Outcome(verdict));
}
