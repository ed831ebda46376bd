// Shards put together: all of them, each once, of one run and one system, or an error that names what is wrong.
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class MergeTests
{
    private static readonly Selection Chosen = new(Case: "ids-storm,report-true-minute,menu-*");
    private static readonly PeerRegistry Registry = PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null);

    private string _folder = "";

    private string Target => Path.Combine(_folder, "whole", "results.json");

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("merge").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void All_shards_are_the_whole_run()
    {
        ResultsFile whole = ResultsOf(Chosen);

        Merge.Write([Written("b", Part(2, 3)), Written("a", Part(1, 3)), Written("c", Part(3, 3))], Target);

        var merged = ResultsFile.Read(Target);
        Assert.That(merged.Cells.Select(cell => (cell.Name, cell.Verdict)), Is.EqualTo(whole.Cells.Select(cell => (cell.Name, cell.Verdict))));
        Assert.That(merged.Plan, Is.EqualTo(whole.Plan));
        Assert.That(merged.Peers, Is.EqualTo(whole.Peers));
        Assert.That(merged.Cases.Select(each => each with { Also = [] }), Is.EqualTo(whole.Cases.Select(each => each with { Also = [] })));
        Assert.That(merged.Complaints, Is.EqualTo(new[] { "a complaint" }));
    }

    [Test]
    public void The_true_minute_may_be_apart()
    {
        ResultsFile[] shards = [ResultsOf(Chosen with { Shard = new Shard(1, 1, Minute.Only) }), ResultsOf(Chosen with { Shard = new Shard(1, 2, Minute.Without) }), ResultsOf(Chosen with { Shard = new Shard(2, 2, Minute.Without) })];

        Assert.That(Merged(shards).Plan, Is.EqualTo(ResultsOf(Chosen).Plan));
        Assert.That(() => Merged(shards[1..]), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith("missing: that of the true minute"));
        Assert.That(() => Merged(shards[..1]), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith("missing: those without the true minute"));
        Assert.That(() => Merged(shards[..2]), Throws.TypeOf<InvalidDataException>().With.Message.EndsWith("missing: 2/2 without the true minute"));
    }

    [Test]
    public void Machines_of_one_system_may_differ()
    {
        ResultsFile other = Changed(Part(2, 2), run => run with
        {
            Start = DateTimeOffset.UnixEpoch.AddHours(-1),
            Interrupted = "SIGINT",
            IsChanged = true,
            Machine = new Machine("Ubuntu 24.04", "x64", 1, "processes") { Ipv6 = false },
            Versions = new Dictionary<string, string>(StringComparer.Ordinal) { ["gcc"] = "13.1", ["Python"] = "3.12" },
        });

        RunFacts run = Merged(Part(1, 2), other).Run;

        Assert.That(run.Machine, Is.EqualTo(new Machine("Debian 12, Ubuntu 24.04", "x64", 1, "processes") { Ipv6 = false }));
        Assert.That((run.Start, run.Seconds, run.Interrupted, run.IsChanged), Is.EqualTo((DateTimeOffset.UnixEpoch.AddHours(-1), 5.0, "SIGINT", true)));
        Assert.That(run.Versions, Is.EquivalentTo(new Dictionary<string, string>(StringComparer.Ordinal) { ["gcc"] = "12.2, 13.1", ["Python"] = "3.12" }));
    }

    [Test]
    public void Evidence_comes_along_and_what_was_there_before_goes()
    {
        string cell = Path.Combine("evidence", "c-nonblocking", "-", "ids-storm");
        Directory.CreateDirectory(Path.Combine(_folder, "whole", "evidence", "old"));
        Directory.CreateDirectory(Path.Combine(_folder, "a", cell));
        ResultsFile part = Part(1, 2);
        EvidenceFile seen = Samples.Evidence() with { Cell = part.Cells[0].Name, Seed = part.Cells[0].Attempts[0].Seed };
        seen.Write(Path.Combine(_folder, "a", cell, "evidence.json"));
        File.WriteAllText(Path.Combine(_folder, "a", cell, "wire.txt"), "cut off");

        Merge.Write([Written("a", WithEvidence(part, "evidence/c-nonblocking/-/ids-storm")), Written("b", Part(2, 2))], Target);

        Assert.That(EvidenceFile.Read(Path.Combine(_folder, "whole", cell, "evidence.json")).Cell, Is.EqualTo(seen.Cell));
        Assert.That(File.ReadAllText(Path.Combine(_folder, "whole", cell, "wire.txt")), Is.EqualTo(ConversationText.Of(seen)));
        Assert.That(Directory.Exists(Path.Combine(_folder, "whole", "evidence", "old")), Is.False);
    }

    [TestCase("evidence/not-there")]
    [TestCase("evidence/../../a")]
    [TestCase("../a")]
    public void Evidence_that_is_not_there_is_an_error(string path)
    {
        string[] files = [Written("a", WithEvidence(Part(1, 2), path)), Written("b", Part(2, 2))];

        Assert.That(() => Merge.Write(files, Target), Throws.TypeOf<InvalidDataException>().With.Message.Contains(path));
        Assert.That(File.Exists(Target), Is.False);
    }

    [Test]
    public void Evidence_that_cannot_be_read_is_an_error()
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "a", "evidence", "x")).FullName;
        string[] files = [Written("a", WithEvidence(Part(1, 2), "evidence/x")), Written("b", Part(2, 2))];
        foreach (string text in new[] { "", "{", "{\"version\":1}", "[]" })
        {
            File.WriteAllText(Path.Combine(folder, "evidence.json"), text);
            Assert.That(() => Merge.Write(files, Target), Throws.TypeOf<InvalidDataException>(), text);
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Evidence_of_another_attempt_is_an_error(bool isOtherCell)
    {
        ResultsFile part = Part(1, 2);
        CellRecord cell = part.Cells[0];
        EvidenceFile seen = Samples.Evidence() with { Cell = isOtherCell ? part.Cells[1].Name : cell.Name, Seed = cell.Attempts[0].Seed + (isOtherCell ? 0 : 1) };
        seen.Write(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "a", "evidence", "x")).FullName, EvidenceFile.Name));

        Assert.That(() => Merge.Write([Written("a", WithEvidence(part, "evidence/x")), Written("b", Part(2, 2))], Target),
            Throws.TypeOf<InvalidDataException>().With.Message.EndsWith($"there is that of '{seen.Cell}' with seed {seen.Seed}"));
        Assert.That(File.Exists(Target), Is.False);
    }

    [Test]
    public void A_shard_that_contradicts_itself_is_an_error()
    {
        ResultsFile Damaged(Func<CellRecord, CellRecord> damage) => Part(2, 2) is { } part ? part with { Cells = [damage(part.Cells[0]), .. part.Cells.Skip(1)] } : throw new InvalidOperationException();
        foreach (ResultsFile damaged in new[]
        {
            Damaged(cell => cell with { Server = "another" }),
            Damaged(cell => cell with { Case = "another" }),
            Damaged(cell => cell with { Verdict = Verdict.Passed, Attempts = [] }),
            Damaged(cell => cell with { Verdict = Verdict.Passed, Attempts = [.. cell.Attempts.Select(attempt => attempt with { Verdict = Verdict.Failed })] }),
            Damaged(cell => cell with { Verdict = Verdict.Failed, Attempts = [.. cell.Attempts.Select(attempt => attempt with { Verdict = Verdict.Passed })] }),
            Damaged(cell => cell with { Verdict = Verdict.Unsupported, Attempts = [.. cell.Attempts.Select(attempt => attempt with { Verdict = Verdict.Failed })] }),
            Damaged(cell => cell with { Verdict = Verdict.KnownFailure, Attempts = [.. cell.Attempts.Select(attempt => attempt with { Verdict = Verdict.Failed })] }),
            Damaged(cell => cell with { Verdict = Verdict.Inconclusive, Attempts = [.. cell.Attempts.Select(attempt => attempt with { Verdict = Verdict.Failed })] }),
            Damaged(cell => cell with { Verdict = Verdict.NotRun, Reason = null }),
        })
        {
            Assert.That(() => Merged(Part(1, 2), damaged), Throws.TypeOf<InvalidDataException>().With.Message.Contains("contradicts itself"));
        }
    }

    [TestCase(0, 2)]
    [TestCase(3, 2)]
    [TestCase(1, 2_000_000_000)]
    public void A_shard_that_there_cannot_be_is_an_error(int index, int of)
    {
        ResultsFile part = Part(1, 2);

        Assert.That(() => Merged(part with { Plan = part.Plan with { Shard = new Shard(index, of) } }, Part(2, 2)), Throws.TypeOf<InvalidDataException>().With.Message.Contains("no such one"));
    }

    [Test]
    public void A_verdict_is_a_word()
    {
        string file = Written("a", Part(1, 1));
        string text = File.ReadAllText(file);
        File.WriteAllText(file, text.Replace("\"verdict\": \"passed\"", "\"verdict\": 99", StringComparison.Ordinal));

        Assert.That(File.ReadAllText(file), Is.Not.EqualTo(text));
        Assert.That(() => ResultsFile.Read(file), Throws.TypeOf<InvalidDataException>());
    }

    [Test]
    public void A_missing_shard_is_named() =>
        Assert.That(() => Merged(Part(1, 6), Part(2, 6), Part(4, 6), Part(6, 6)), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("the shards are not the whole plan: missing: 3/6, 5/6"));

    [Test]
    public void A_doubled_shard_is_named() =>
        Assert.That(() => Merged(Part(1, 2), Part(2, 2), Part(2, 2)), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("shard 2/2 in 2: the cell '").And.Message.EndsWith("' is in 1 already"));

    [Test]
    public void Nothing_to_merge_is_an_error() => Assert.That(() => Merged(), Throws.TypeOf<InvalidDataException>());

    [Test]
    public void A_shard_of_another_plan_is_foreign() =>
        ExpectForeign(ResultsOf(new Selection(Case: "ids-storm") { Shard = new Shard(2, 2) }), "its whole plan is");

    [Test]
    public void A_shard_of_a_run_with_other_options_is_foreign() => ExpectForeign(Changed(Part(2, 2), run => run with { Options = run.Options with { Seed = 7 } }), "Seed = 7");

    [Test]
    public void A_shard_of_another_commit_is_foreign() => ExpectForeign(Changed(Part(2, 2), run => run with { Commit = "fedc4567" }), "it judged commit fedc4567, not 0123abcd");

    [TestCase("macOS 15.1", "x64", "processes", "macOS on x64, processes")]
    [TestCase("Microsoft Windows 10.0.20348", "x64", "processes", "Windows on x64, processes")]
    [TestCase("Debian 12", "arm64", "processes", "Linux on arm64, processes")]
    [TestCase("Debian 12", "x64", "docker", "Linux on x64, docker")]
    public void A_shard_of_another_system_is_foreign(string system, string architecture, string place, string told) =>
        ExpectForeign(Changed(Part(2, 2), run => run with { Machine = new Machine(system, architecture, 2, place) }), $"it ran on {told}");

    [Test]
    public void A_shard_that_lost_a_cell_is_an_error()
    {
        ResultsFile shard = Part(2, 2);

        Assert.That(() => Merged(Part(1, 2), shard with { Cells = [.. shard.Cells.Skip(1)] }), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("1 does not have the cells that it was to have"));
    }

    // All that a shard says of itself may agree, and yet the cells are not those of the plan.
    [Test]
    public void Cells_that_are_not_the_plans_are_an_error()
    {
        ResultsFile shard = Part(2, 2);
        CellRecord[] cells = [.. shard.Cells.Skip(1)];

        Assert.That(() => Merged(Part(1, 2), shard with { Cells = cells, Plan = shard.Plan with { Cells = cells.Length, Hash = PlanFile.HashOf(cells.Select(cell => cell.Name)) } }),
            Throws.TypeOf<InvalidDataException>().With.Message.EndsWith("some of its cells are in none of them"));
    }

    [Test]
    public void A_shard_is_not_written_over() =>
        Assert.That(() => Merge.Write([Written("whole", Part(1, 1))], Target), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("the whole would be written over"));

    private static void ExpectForeign(ResultsFile other, string why) =>
        Assert.That(() => Merged(Part(1, 2), other), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("1 is no shard of the run that 0 is one of: ").And.Message.Contains(why));

    private static ResultsFile Merged(params ResultsFile[] shards) => Merge.Of([.. shards.Select((shard, i) => ($"{i}", shard))]);

    private static ResultsFile Part(int index, int of) => ResultsOf(Chosen with { Shard = new Shard(index, of) });

    private static ResultsFile Changed(ResultsFile results, Func<RunFacts, RunFacts> change) => results with { Run = change(results.Run) };

    private static ResultsFile WithEvidence(ResultsFile results, string path) =>
        results with { Cells = [.. results.Cells.Select((cell, i) => i > 0 ? cell : cell with { Attempts = [.. cell.Attempts.Select(attempt => attempt with { Evidence = path })] })] };

    private static ResultsFile ResultsOf(Selection selection)
    {
        Plan plan = Plan.Make(Registry, selection);
        var options = new RunOptions(selection.Server, selection.Client, selection.Case, selection.Quick, null, Saboteurs: false, selection.Seed, 1);
        var run = new RunFacts(options, DateTimeOffset.UnixEpoch, 2.5, null, "0123abcd", IsChanged: false, new Machine("Debian 12", "x64", 2, "processes"), new Dictionary<string, string>(StringComparer.Ordinal) { ["gcc"] = "12.2" });
        return RunResults.Of(run, [plan], plan.Cells.Select(cell => new CellResult(cell, cell.Name.Length % 2 == 0 ? Outcome.Passed : new Outcome(Verdict.Failed, "a story"))), ["a complaint"]);
    }

    private string Written(string folder, ResultsFile results)
    {
        string file = Path.Combine(_folder, folder, "results.json");
        results.Write(file);
        return file;
    }
}
