// The files that the benchmark reads and writes.
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace EasyTcp.Benchmark.Tests;

[TestFixture]
internal sealed class FilesTests
{
    private static readonly Row Skipped = Summary.Of([new Measurement("d", Load.Loop, 10_000, 0) { Skipped = "10000 clients: at most 1000, for a reason" }])[0];

    [Test]
    public void Results_are_as_the_schema_says()
    {
        Measurement[] all =
        [
            new Measurement("c", Load.Loop, 10, 0) { Throughput = 1, P50 = 1, P99 = 1, P999 = 1, Max = 1, CpuPerRequest = 1, GeneratorCpuPerRequest = 1, GeneratorBusy = 0.5, CallsPerReply = 2, WorstReport = 0.1, StartTime = 0.01 },
            new Measurement("c", Load.Burst, 10, 0) { Seconds = 1, Refused = 1, Done = [0.1, 0.2] },
            new Measurement("c", Load.Memory, 10, 0) { MemoryPerClient = 1, KernelPerClient = 1 },
            new Measurement("c", Load.Crowd, 10, 0) { ToAlone = 0.9 },
            new Measurement("d", Load.Loop, 10, 0) { Beside = "c", ToBeside = 1, P99ToBeside = 1, CpuToBeside = 1 },
            new Measurement("c", Load.Duel, 10, 0) { Beside = "d", ToBeside = 1, P99ToBeside = 1, CpuToBeside = 1 },
            new Measurement("d", Load.Crowd, 10, 0) { Skipped = "a reason" },
        ];
        var results = new BenchResults(BenchResults.CurrentVersion, DateTimeOffset.UnixEpoch, Machine.This, "c", Extent.Whole, [new Goal("c", "d", 0.9, 1, 10)],
            [new Bound("c", "seconds", "how long") { Load = Load.Burst, Most = 1 }], Summary.Of(all), all);

        Assert.Multiple(() =>
        {
            Assert.That(IsValid(results.Text()), Is.True);
            Assert.That(IsValid(results.Text().Replace("\"loop\"", "\"ring\"", StringComparison.Ordinal)), Is.False);
        });
    }

    [Test]
    public void All_servers_of_the_registry_take_part()
    {
        JsonNode registry = JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "interop", "peers.json")))!;
        string[] servers = [.. registry["servers"]!.AsArray().Where(server => server!["variants"] == null).Select(server => server!["name"]!.GetValue<string>())];

        var file = ContestantFile.Load(Path.Combine(Repository.Root, "bench", "contestants.json"));
        IReadOnlyList<Contestant> contestants = file.Contestants;

        Assert.Multiple(() =>
        {
            Assert.That(file.Goals.SelectMany(goal => new[] { goal.Contestant, goal.Beside }).Concat(file.Bounds.SelectMany(bound => new[] { bound.Contestant, bound.Beside ?? "*" })).Where(name => !string.Equals(name, "*", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal), Is.SubsetOf(contestants.Select(each => each.Name)));
            Assert.That(contestants.Select(each => each.Command[0]).Where(program => program.StartsWith("artifacts/c/", StringComparison.Ordinal)), Has.All.StartWith("artifacts/c/bench/"), "built with optimisation");
            Assert.That(contestants.Where(each => !each.Rival).Select(each => each.Name), Is.SupersetOf(servers));
            Assert.That(contestants.Where(each => each.Most != null).Select(each => each.Why), Has.All.Not.Empty);
        });
    }

    [Test]
    public void More_may_be_there_than_may_be_asking()
    {
        var contestant = new Contestant("a", ["a"]) { Most = 100, MostBusy = 10, Why = "a reason" };

        Assert.Multiple(() =>
        {
            Assert.That(contestant.Skips(11, areBusy: true), Is.EqualTo("11 clients: at most 10, for a reason"));
            Assert.That(contestant.Skips(100, areBusy: false), Is.Null);
            Assert.That(contestant.Skips(101, areBusy: false), Is.EqualTo("101 clients: at most 100, for a reason"));
            Assert.That((contestant with { MostBusy = null }).Skips(100, areBusy: true), Is.Null);
        });
    }

    [Test]
    public void What_is_not_built_is_missing_and_what_a_machine_need_not_have_is_an_obstacle()
    {
        Assert.Multiple(() =>
        {
            Assert.That(new Contestant("a", ["env", "A=1", "bench/rivals/none", "{port}"]).Missing, Is.EqualTo("bench/rivals/none is not there"));
            Assert.That(new Contestant("a", ["node", "bench/rivals/node_net.js", "{port}"]) { Needs = "no-such-program" }.Missing, Is.Null);
            Assert.That(new Contestant("a", ["node", "bench/rivals/node_net.js", "{port}"]) { Needs = "no-such-program" }.Obstacle, Is.EqualTo("no-such-program is not on this machine"));
        });
    }

    [Test]
    public void What_is_skipped_is_said_with_its_reason()
    {
        Assert.That(Tables.Skipped([Skipped, Skipped]), Is.EqualTo(new[] { "d, Loop: 10000 clients: at most 1000, for a reason" }));
    }

    private static bool IsValid(string json)
    {
        var schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(Repository.Root, "bench", "bench.schema.json")));
        using JsonDocument document = JsonDocument.Parse(json);
        return schema.Evaluate(document.RootElement).IsValid;
    }
}
