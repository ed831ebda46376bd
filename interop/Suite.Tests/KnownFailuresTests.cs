// The list of known failures: it turns red cells that it names, and complains of itself when it no longer holds.
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class KnownFailuresTests
{
    private static readonly DateOnly Today = new(2026, 12, 1);

    private static readonly Plan Whole = Plan.Make(PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null), new Selection());

    private static readonly Cell Cell = Whole.Cells.Single(cell => cell.Name is "c-multithread / ids-storm");

    [Test]
    public void A_failure_that_is_known_is_a_known_failure_and_says_why()
    {
        CellResult result = List("c-* / ids-storm | 2026-12-31 | the kernel is old").Apply(new CellResult(Cell, new Outcome(Verdict.Failed, "a story")));

        Assert.That(result.Verdict, Is.EqualTo(Verdict.KnownFailure));
        Assert.That(result.Outcome.Story, Does.Contain("a story").And.Contain("the kernel is old"));
    }

    [Test]
    public void Another_failure_stays_one() =>
        Assert.That(List("c-* / ids-scenario | 2026-12-31 | why").Apply(new CellResult(Cell, new Outcome(Verdict.Failed, "a story"))).Verdict, Is.EqualTo(Verdict.Failed));

    [TestCase("c-* / ids-storm | 2026-12-31 | why", Verdict.KnownFailure, null)]
    [TestCase("c-* / ids-storm | 2026-12-31 | why", Verdict.Passed, "has passed: c-multithread / ids-storm")]
    [TestCase("c-* / ids-storm | 2026-11-30 | why", Verdict.KnownFailure, "expired on 2026-11-30")]
    [TestCase("c-* / ids-strom | 2026-12-31 | why", Verdict.Failed, "matches no cell")]
    public void A_line_that_no_longer_holds_is_complained_of(string line, Verdict verdict, string? complaint)
    {
        string[] complaints = [.. List(line).Complaints(Whole.Cells, [new CellResult(Cell, new Outcome(verdict))], Today)];

        Assert.That(complaints, complaint == null ? Is.Empty : Has.One.Contains(complaint));
    }

    [TestCase("c-* / ids-storm")]
    [TestCase("c-* / ids-storm | soon | why")]
    [TestCase("c-* / ids-storm | 2026-12-31 |")]
    public void A_line_of_another_form_is_refused(string line) => Assert.That(() => List(line), Throws.TypeOf<InvalidDataException>());

    [Test]
    public void Comments_and_blank_lines_say_nothing() => Assert.That(KnownFailures.Parse(["# a comment", "", "  "]).Lines, Is.Empty);

    private static KnownFailures List(string line) => KnownFailures.Parse([line]);
}
