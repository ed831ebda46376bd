// Scenarios: drawn, put in order, told, and kept in files.
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Histories;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ScenarioTests
{
    private static readonly string[] MenuClients = ["c", "python"];

    private static readonly Scenario Some = new(
    [
        new("A", Deed.Connect), new("B", Deed.ConnectByIpv6, AtOnce: true), new("B", Deed.Ask, "UPPER 3\na\xFF\n", AtOnce: true),
        new("A", Deed.Ask, "COUNT 0\n"), new("python", Deed.Connect), new("python", Deed.Close, AtOnce: true), new("A", Deed.Reset), new("B", Deed.Vanish, "UP"),
    ]);

    // Drawn anew each time.
    private static IEnumerable<Scenario> Drawn => Enumerable.Range(0, 300).Select(seed => Chance.Draw(ScenarioGen.Of(MenuClients, 40), seed));

    [Test]
    public void What_is_drawn_is_sensible_and_different()
    {
        Assert.That(Drawn.Where(each => !string.Equals(ScenarioFile.Write(each.Sensible()), ScenarioFile.Write(each), StringComparison.Ordinal)), Is.Empty);
        Assert.That(Drawn.Select(ScenarioFile.Write), Is.Unique);
    }

    [Test]
    public void Every_deed_is_drawn_and_by_clients_of_both_kinds()
    {
        Assert.That(Drawn.SelectMany(each => each.Steps).Select(step => step.Deed).Distinct(), Is.EquivalentTo(Enum.GetValues<Deed>()));
        Assert.That(Drawn.SelectMany(each => each.Steps).Select(step => step.Client).Distinct(StringComparer.Ordinal), Is.EquivalentTo(new[] { "A", "B", "C", "D", "c", "python" }));
    }

    [Test]
    public void Every_question_drawn_is_one_request_and_every_beginning_none()
    {
        Step[] steps = [.. Drawn.SelectMany(each => each.Steps)];

        Assert.That(steps.Where(step => step.Deed is Deed.Ask or Deed.Abandon && Owed.For(step.Request).Count != 1), Is.Empty);
        Assert.That(steps.Where(step => step.Deed is not (Deed.Ask or Deed.Abandon) && Owed.For(step.Request).Count != 0), Is.Empty);
    }

    [Test]
    public void The_same_seed_draws_the_same()
    {
        string[] once = [.. Drawn.Select(ScenarioFile.Write)];
        string[] again = [.. Drawn.Select(ScenarioFile.Write)];

        Assert.That(again, Is.EqualTo(once));
    }

    [Test]
    public void What_a_client_cannot_do_is_left_out()
    {
        Scenario sensible = new Scenario(
        [
            new("A", Deed.Ask, "COUNT 0\n", AtOnce: true), new("A", Deed.Connect), new("A", Deed.Connect), new("A", Deed.Ask, "bad\n"), new("A", Deed.Ask, "COUNT 0\n"),
            new("A", Deed.Vanish, "U"), new("A", Deed.Close), new("A", Deed.Reset), new("A", Deed.Connect), new("A", Deed.Ask, "COUNT 0\n"),
        ]).Sensible();

        Assert.That(sensible.Steps.Select(step => step.Deed), Is.EqualTo(new[] { Deed.Connect, Deed.Ask, Deed.Close, Deed.Connect, Deed.Ask }));
    }

    [Test]
    public void Steps_at_once_are_a_group() =>
        Assert.That(Some.Groups.Select(group => group.Count), Is.EqualTo(new[] { 3, 1, 2, 1, 1 }));

    [Test]
    public void It_is_told_in_lines() => Assert.That(Some.Lines(), Is.EqualTo(new[]
    {
        "A connects; at the same time B connects over IPv6, then B asks 'UPPER 3\\na\\xFF\\n'",
        "A asks 'COUNT 0\\n'",
        "the menu client python connects, then the menu client python exits",
        "A resets",
        "B sends 'UP', no whole request, and closes",
    }));

    [Test]
    public void A_file_holds_all_of_it()
    {
        Assert.That(ScenarioFile.Read(ScenarioFile.Write(Some)).Steps, Is.EqualTo(Some.Steps));
        foreach (Scenario each in Drawn)
        {
            Assert.That(ScenarioFile.Read(ScenarioFile.Write(each)).Steps, Is.EqualTo(each.Steps));
        }
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("{}")]
    [TestCase("""{"steps": null}""")]
    [TestCase("""{"steps": [null]}""")]
    [TestCase("""{"steps": [{"deed": "connect"}]}""")]
    [TestCase("""{"steps": [{"client": "A", "deed": "dance"}]}""")]
    [TestCase("""{"steps": [{"client": "A", "deed": "connect", "colour": "red"}]}""")]
    [TestCase("""{"steps": [{"client": "A", "deed": "reset"}]}""", Description = "not connected")]
    [TestCase("""{"steps": [{"client": "A", "deed": "connect"}, {"client": "A", "deed": "ask", "request": "COUNT"}]}""", Description = "no whole request")]
    public void Another_file_is_refused(string text) => Assert.That(() => ScenarioFile.Read(text), Throws.TypeOf<InvalidDataException>());

    [Test]
    public async Task It_shrinks_to_the_steps_that_fail()
    {
        Scenario failing = Drawn.First(each => Fails(each) && each.Steps.Count > 20);
        Shrunk<Scenario> shrunk = await Shrinking.Smallest(failing, each => each.Smaller(), ScenarioFile.Write, each => Task.FromResult(Fails(each)), 2000, TimeSpan.FromMinutes(1));

        Assert.That(shrunk.IsDone);
        Assert.That(Fails(shrunk.Smallest));
        Assert.That(shrunk.Smallest.Smaller().Where(each => !each.Steps.SequenceEqual(shrunk.Smallest.Steps)).Any(Fails), Is.False, "nothing smaller fails");
        Assert.That(shrunk.Smallest.Steps, Has.Count.LessThan(7));
        Assert.That(shrunk.Smallest.Steps.Select(step => step.AtOnce), Has.None.True);

        // Somebody asks after somebody was reset.
        static bool Fails(Scenario scenario) => scenario.Steps.SkipWhile(step => step.Deed != Deed.Reset || step.IsByMenu).Any(step => step.Deed == Deed.Ask) &&
            scenario.Steps.SkipWhile(step => step.Deed != Deed.Reset || step.IsByMenu).Any(step => step.Deed is Deed.Connect);
    }

    [Test]
    public void Its_file_is_named_for_server_and_case() =>
        Assert.That(ScenarioFile.PathFor("server:none", "random-histories"), Is.EqualTo("artifacts/interop/histories/server-none-random-histories.json"));
}
