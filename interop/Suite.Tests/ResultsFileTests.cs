// The results as a file: every planned cell once, every attempt with its evidence, read back as written.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ResultsFileTests
{
    private static readonly PeerRegistry Registry = PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null);

    private string _file = "";

    [SetUp]
    public void ChooseFile() => _file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "results.json");

    [TearDown]
    public void Remove() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Test]
    public void Every_attempt_is_read_back_with_its_evidence()
    {
        Plan plan = PlanOf(1);
        var stalled = new Outcome(Verdict.Inconclusive, "the machine stood still") { Duration = TimeSpan.FromSeconds(1.5) };
        var passed = new Outcome(Verdict.Passed)
        {
            Duration = TimeSpan.FromSeconds(2.25),
            Earlier = [stalled],
            Measurements = [new Measurement("report deviation", "s", [0.001, -0.002])],
        };

        ResultsFile read = WrittenAndRead([plan], [new CellResult(plan.Cells[0], passed)]);

        CellRecord cell = read.Cells.Single(each => string.Equals(each.Name, plan.Cells[0].Name, StringComparison.Ordinal));
        Assert.That((cell.Server, cell.Client, cell.Case, cell.Clause), Is.EqualTo((plan.Cells[0].Server!.Name, (string?)null, "ids-storm", "6.6")));
        Assert.That((cell.Verdict, cell.Reason), Is.EqualTo((Verdict.Passed, (string?)null)));
        Assert.That(cell.Attempts.Select(each => (each.Verdict, each.Seed, each.Seconds, each.Story)),
            Is.EqualTo(new[] { (Verdict.Inconclusive, 1L, 1.5, "the machine stood still"), (Verdict.Passed, 1L, 2.25, (string?)null) }));
        Assert.That(cell.Attempts[1].Measurements.Single().Values, Is.EqualTo(new[] { 0.001, -0.002 }));
        Assert.That((read.Version, read.Plan.Hash, read.Run.Seconds), Is.EqualTo((ResultsFile.CurrentVersion, PlanFile.Of(plan).Hash, 12.5)));
    }

    [Test]
    public void Every_planned_cell_is_there_once_and_says_why_it_did_not_run()
    {
        Plan plan = PlanOf(1);

        ResultsFile read = WrittenAndRead([plan], [new CellResult(plan.Cells[0], new Outcome(Verdict.Failed, "a story"))], "SIGINT");

        Assert.That(read.Cells.Select(cell => cell.Name), Is.EqualTo(PlanFile.Of(plan).Cells));
        CellRecord missing = read.Cells.Single(cell => string.Equals(cell.Name, plan.Cells[1].Name, StringComparison.Ordinal));
        Assert.That((missing.Verdict, missing.Reason, missing.Attempts.Count), Is.EqualTo((Verdict.NotRun, "the run was ended by SIGINT before the cell was", 0)));
    }

    [Test]
    public void All_cells_that_did_not_run_for_one_reason_give_the_same()
    {
        Plan plan = PlanOf(1);

        ResultsFile read = WrittenAndRead([plan], [.. plan.Cells.Select(cell => new CellResult(cell, new Outcome(Verdict.NotRun, $"{cell.Name}\n  there is no engine")))]);

        Assert.That(read.Cells.Select(cell => cell.Reason), Is.All.EqualTo("there is no engine"));
    }

    [Test]
    public void A_repeated_cell_has_all_its_attempts_and_its_worst_verdict()
    {
        Plan[] plans = [PlanOf(1), PlanOf(2), PlanOf(3)];

        ResultsFile read = WrittenAndRead(plans, [.. plans.Select((plan, i) => new CellResult(plan.Cells[0], new Outcome(i == 1 ? Verdict.Failed : Verdict.Passed)))]);

        CellRecord cell = read.Cells.Single(each => string.Equals(each.Name, plans[0].Cells[0].Name, StringComparison.Ordinal));
        Assert.That(cell.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(cell.Attempts.Select(each => (each.Seed, each.Verdict)), Is.EqualTo(new[] { (1L, Verdict.Passed), (2L, Verdict.Failed), (3L, Verdict.Passed) }));
    }

    [Test]
    public void Names_are_as_other_programs_expect_them()
    {
        Plan plan = PlanOf(1);

        WrittenAndRead([plan], [new CellResult(plan.Cells[0], new Outcome(Verdict.KnownFailure, "a story"))]);

        string text = File.ReadAllText(_file);
        Assert.That(text, Does.Contain("\"version\": 3").And.Contain("\"verdict\": \"known-failure\"").And.Contain("\"verdict\": \"not-run\"").And.Contain("\"client\": null"));
    }

    private static Plan PlanOf(long seed) => Plan.Make(Registry, new Selection(Server: "c-*", Case: "ids-storm", Seed: seed));

    private ResultsFile WrittenAndRead(Plan[] plans, CellResult[] results, string? signal = null)
    {
        var options = new RunOptions("c-*", null, "ids-storm", Quick: true, null, Saboteurs: false, 1, plans.Length);
        var run = new RunFacts(options, DateTimeOffset.UnixEpoch, 12.5, signal, "0123abc", IsChanged: false, new Machine("Linux", "x64", 2, "processes"), new Dictionary<string, string>(StringComparer.Ordinal));
        RunResults.Of(run, plans, results, []).Write(_file);
        return ResultsFile.Read(_file);
    }
}
