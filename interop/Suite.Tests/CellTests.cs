// What a cell makes of what its case throws.
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class CellTests
{
    [Test]
    public async Task What_the_case_found_is_a_failure()
    {
        Outcome outcome = await Run(hindrance: null);
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(outcome.Story, Does.Contain("expected: a reply\n  actual:   none"));
    }

    [Test]
    public async Task Where_the_suite_was_hindered_nothing_is_said_of_the_peers()
    {
        Outcome outcome = await Run("it was the engine that took so long");
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Inconclusive));
        Assert.That(outcome.Story, Does.EndWith("\n  but it was the engine that took so long"));
    }

    private static Task<Outcome> Run(string? hindrance)
    {
        var peer = new Peer("your-server", "yours", ["true", "{port}", "{report}"]);
        var judged = new Case(new CaseAttribute(Role.Server, "judged", "1.2", "A test."), _ =>
        {
            Expect.That(false, "1.2", "a reply", "none", hindrance);
            return Task.CompletedTask;
        });
        return new Cell(peer, null, judged, new PeerRegistry([], [])).Run(repetitions: 0);
    }
}
