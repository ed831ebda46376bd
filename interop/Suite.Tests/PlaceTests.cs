// Where cases run: each somewhere, pairs everywhere, and nothing where there is no engine.
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Places;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class PlaceTests
{
    private static readonly ThisMachine Here = new();

    [Test]
    public void Each_case_runs_in_some_place()
    {
        Assert.That(Case.All.Where(each => !Here.Takes(each.About) && !ContainerPlace.TakesOne(each.About)).Select(each => each.About.Id), Is.Empty);
    }

    [Test]
    public void Every_pair_case_that_this_machine_takes_runs_in_containers_too()
    {
        CaseAttribute[] pairs = [.. Case.All.Select(each => each.About).Where(about => about.Role == Role.Pair && Here.Takes(about))];

        Assert.That(pairs, Is.Not.Empty);
        Assert.That(pairs.Where(about => !ContainerPlace.TakesOne(about)).Select(about => about.Id), Is.Empty);
    }

    [Test]
    public void What_needs_hosts_of_their_own_runs_nowhere_else()
    {
        CaseAttribute[] apart = [.. Case.All.Select(each => each.About).Where(about => about.Apart)];

        Assert.That(apart, Is.Not.Empty);
        Assert.That(apart.Where(Here.Takes).Select(about => about.Id), Is.Empty);
    }

    [Test]
    public void Without_an_engine_the_plan_is_the_same_and_its_reason_is_kept()
    {
        var missing = new MissingEngine("there is none");

        Assert.That(Case.All.Where(each => missing.Takes(each.About) != ContainerPlace.TakesOne(each.About)), Is.Empty);
        Assert.That(missing.Missing, Is.EqualTo("there is none"));
        Assert.That(Here.Missing, Is.Null);
    }

    [TestCase("")]
    [TestCase("1")]
    [TestCase("no number-1")]
    [TestCase("999999999-5")]
    public void A_run_whose_process_is_not_there_is_over(string run)
    {
        Assert.That(Lifeline.IsOver(run), Is.True);
    }

    [Test]
    public void This_run_is_not_over()
    {
        Assert.That(Lifeline.IsOver(Lifeline.Own), Is.False);
    }
}
