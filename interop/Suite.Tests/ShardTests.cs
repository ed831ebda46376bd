// Parts of a plan: together they are all of it, each cell once.
using System.Text.RegularExpressions;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ShardTests
{
    private static readonly PeerRegistry Registry = PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null);
    private static readonly Plan Whole = Plan.Make(Registry, new Selection());
    private static readonly string[] Names = [.. PlanFile.Of(Whole).Cells];

    [Test]
    public void Shards_are_the_whole_plan_each_cell_once([Values(1, 2, 6, 7)] int of)
    {
        Plan[] parts = [.. Enumerable.Range(1, of).Select(index => Part(new Shard(index, of)))];

        Assert.That(parts.SelectMany(part => part.Cells.Select(cell => cell.Name)), Is.EquivalentTo(Names).And.Unique);
        Assert.That(parts.Select(part => PlanFile.Of(part).Whole), Is.All.EqualTo(PlanFile.Of(Whole).Hash));
        Assert.That(parts.Select(part => PlanFile.Of(part).Hash), Is.Unique);
    }

    [Test]
    public void The_second_of_six_is_every_sixth_cell_from_the_second_on() =>
        Assert.That(PlanFile.Of(Part(new Shard(2, 6))).Cells, Is.EqualTo(Names.Where((_, i) => i % 6 == 1)));

    [Test]
    public void The_true_minute_can_have_a_shard_of_its_own()
    {
        Plan minute = Part(new Shard(1, 1, Minute.Only));
        Plan[] others = [Part(new Shard(1, 2, Minute.Without)), Part(new Shard(2, 2, Minute.Without))];

        Assert.That(minute.Cells, Is.Not.Empty);
        Assert.That(minute.Cells.Select(cell => cell.Case.About.TrueMinute), Is.All.True);
        Assert.That(others.Append(minute).SelectMany(part => part.Cells.Select(cell => cell.Name)), Is.EquivalentTo(Names).And.Unique);
        Assert.That(PlanFile.Of(minute).Whole, Is.EqualTo(PlanFile.Of(Whole).Hash));
    }

    [Test]
    public void The_shards_of_CI_are_the_whole_plan_each_cell_once()
    {
        string workflow = File.ReadAllText(Repository.At(".github", "workflows", "interop.yml"));
        Plan[] parts = [.. Regex.Matches(workflow, "system: linux, .*shard: ([0-9/]+), minute: ([a-z]+) ", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(entry => Part(Shard.Parse(entry.Groups[1].Value, entry.Groups[2].Value)!))];

        Assert.That(parts.SelectMany(part => part.Cells.Select(cell => cell.Name)), Is.EquivalentTo(Names).And.Unique);
    }

    [Test]
    public void A_choice_comes_before_the_shard()
    {
        Plan chosen = Plan.Make(Registry, new Selection(Case: "ids-storm"));
        Plan part = Plan.Make(Registry, new Selection(Case: "ids-storm") { Shard = new Shard(2, 2) });

        Assert.That(PlanFile.Of(part).Cells, Is.EqualTo(PlanFile.Of(chosen).Cells.Where((_, i) => i % 2 == 1)));
        Assert.That(PlanFile.Of(part).Whole, Is.EqualTo(PlanFile.Of(chosen).Hash));
    }

    [Test]
    public void A_plan_that_is_no_shard_is_its_own_whole() =>
        Assert.That((PlanFile.Of(Whole).Whole, PlanFile.Of(Whole).Shard), Is.EqualTo((PlanFile.Of(Whole).Hash, (Shard?)null)));

    [TestCase(null, null, null)]
    [TestCase("2/6", null, "2/6")]
    [TestCase("6/6", "without", "6/6 without the true minute")]
    [TestCase(null, "only", "1/1 of the true minute")]
    public void A_shard_is_read(string? shard, string? minute, string? expected) => Assert.That(Shard.Parse(shard, minute)?.ToString(), Is.EqualTo(expected));

    [TestCase("0/6")]
    [TestCase("7/6")]
    [TestCase("1/0")]
    [TestCase("-1/6")]
    [TestCase("x")]
    [TestCase("2")]
    [TestCase("2/6/1")]
    [TestCase(" 2/6")]
    [TestCase("2/6\n")]
    [TestCase("1/99999999999")]
    public void What_is_no_shard_is_refused(string shard) =>
        Assert.That(() => Shard.Parse(shard, null), Throws.ArgumentException.With.Message.EqualTo($"SHARD: '{shard}' is no shard; the second of six is 2/6"));

    [Test]
    public void The_true_minute_is_only_or_without() => Assert.That(() => Shard.Parse(null, "with"), Throws.ArgumentException.With.Message.Contains("'with'"));

    [Test]
    public void A_shard_without_cells_is_refused() =>
        Assert.That(() => Plan.Make(Registry, new Selection(Server: "c-nonblocking", Case: "ids-storm") { Shard = new Shard(2, 2) }), Throws.ArgumentException.With.Message.EqualTo("SHARD: 2/2 has none of the plan's 1 cells"));

    private static Plan Part(Shard shard) => Plan.Make(Registry, new Selection { Shard = shard });
}
