// What counts as a kill: what a case has seen, not that it hangs; by a case that is meant for it; and no case without one.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class KillMatrixTests
{
    private const string Meant = "ids-scenario";
    private const string Other = "roster-of-twelve";

    private static readonly Saboteur Wrong = new("server", "id-reused", "6.3", "An ID is used again.", [Meant]);
    private static readonly Saboteur Omitting = Wrong with { Omits = true };
    private static readonly Saboteur Correct = new("server", Saboteur.Correct, "", "No fault.", []);

    private static readonly Outcome Seen = new(Verdict.Failed, "story", new CaseFailedException("6.3", "client 3", "client 2"));
    private static readonly Outcome Silence = new(Verdict.Failed, "story", new CaseFailedException("6.3", "a line", "nothing") { IsSilence = true });
    private static readonly Outcome Stalled = new(Verdict.Inconclusive, "story");
    private static readonly Outcome SuiteFailed = new(Verdict.Failed, "the suite itself failed");

    [Test]
    public void A_kill_by_a_case_that_is_meant_for_it_is_what_is_wanted_whatever_other_cells_say()
    {
        foreach (Outcome other in new[] { Outcome.Passed, Seen, Silence, Stalled, SuiteFailed })
        {
            Assert.That(RowOf(Wrong, Seen, other).IsAsMeant, Is.True);
        }
    }

    [Test]
    public void A_kill_by_another_case_alone_is_none()
    {
        Kill row = RowOf(Wrong, Outcome.Passed, Seen);

        Assert.That(row.IsAsMeant, Is.False);
        Assert.That(row.Others, Is.EqualTo(new[] { Other }));
        Assert.That(row.Missed, Is.EqualTo(new[] { Meant }));
    }

    [Test]
    public void A_case_that_hangs_kills_only_a_saboteur_that_leaves_something_out()
    {
        Assert.That(RowOf(Wrong, Silence, Outcome.Passed).IsAsMeant, Is.False);
        Assert.That(RowOf(Wrong, Silence, Outcome.Passed).Hung, Is.EqualTo(new[] { Meant }));
        Assert.That(RowOf(Omitting, Silence, Outcome.Passed).IsAsMeant, Is.True);
    }

    [Test]
    public void The_correct_variant_must_pass_every_case()
    {
        Assert.That(RowOf(Correct, Outcome.Passed, Outcome.Passed).IsAsMeant, Is.True);
        foreach (Outcome other in new[] { Seen, Silence, Stalled, SuiteFailed })
        {
            Assert.That(RowOf(Correct, Outcome.Passed, other).IsAsMeant, Is.False);
        }
    }

    [Test]
    public void What_is_undecided_is_run_again_where_that_may_change_the_verdict()
    {
        Assert.That(Doubts(Wrong, Stalled, Outcome.Passed), Is.EqualTo(new[] { Meant }));
        Assert.That(Doubts(Wrong, Outcome.Passed, Stalled), Is.Empty, "a case that is not meant for it cannot save it");
        Assert.That(Doubts(Wrong, Seen, Stalled), Is.Empty, "a kill stays one");
        Assert.That(Doubts(Correct, Outcome.Passed, Stalled), Is.EqualTo(new[] { Other }));
    }

    [Test]
    public void A_case_that_kills_nobody_makes_the_matrix_red()
    {
        KillMatrix matrix = MatrixOf(Wrong, Seen, Outcome.Passed);

        Assert.That(matrix.IdleCases, Is.EqualTo(new[] { Other }));
        Assert.That(matrix.IsGreen, Is.False);
        Assert.That(MatrixOf(Wrong with { Killers = [Meant, Other] }, Seen, Seen).IsGreen, Is.True);
    }

    private static Kill RowOf(Saboteur saboteur, Outcome meant, Outcome other) => MatrixOf(saboteur, meant, other).Kills.Single();

    private static string[] Doubts(Saboteur saboteur, Outcome meant, Outcome other)
    {
        KillMatrix matrix = MatrixOf(saboteur, meant, other);
        return [.. PlanOf(saboteur).Cells.Where(matrix.IsInDoubt).Select(cell => cell.Case.About.Id)];
    }

    private static KillMatrix MatrixOf(Saboteur saboteur, Outcome meant, Outcome other)
    {
        Plan plan = PlanOf(saboteur);
        return KillMatrix.Of([saboteur], plan, [.. plan.Cells.Select(cell => new CellResult(cell, cell.Case.About.Id is Meant ? meant : other))]);
    }

    private static Plan PlanOf(Saboteur saboteur) =>
        Saboteur.PlanFor([saboteur], PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null), new Selection(Case: $"{Meant},{Other}"));
}
