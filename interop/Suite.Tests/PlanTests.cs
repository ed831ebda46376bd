// What a run will judge: every pair, every peer alone, each cell under a name of its own that runs it again.
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class PlanTests
{
    private static readonly PeerRegistry Registry = PeerRegistry.Load(PeerRegistry.DefaultFile);
    private static readonly Plan Whole = Plan.Make(Registry, new Selection { Nightly = true });

    [Test]
    public void Every_pair_and_every_peer_has_all_its_cases()
    {
        int Of(Role role) => Case.All.Count(each => each.About.Role == role && !each.About.Apart);
        int servers = Registry.Servers.Count;
        int clients = Registry.Clients.Count;

        Assert.That(Whole.Cells, Has.Count.EqualTo((servers * clients * Of(Role.Pair)) + (servers * Of(Role.Server)) + (clients * Of(Role.Client))));
        Assert.That(Whole.Cells.Where(cell => cell.Case.About.Role == Role.Pair).Select(cell => (cell.Server!.Name, cell.Client!.Name)).Distinct().Count(),
            Is.EqualTo(servers * clients));
    }

    [Test]
    public void Every_cell_has_a_name_of_its_own_that_shows_pair_and_case()
    {
        Assert.That(Whole.Cells.Select(cell => cell.Name), Is.Unique);
        Assert.That(Whole.Cells.Select(cell => cell.Name), Has.Member("csharp-multithread x c / upper-full-range"));
        Assert.That(Whole.Cells.Select(cell => cell.ToString()), Is.EqualTo(Whole.Cells.Select(cell => cell.Name)));
    }

    // The last line of a failure's story must run that cell, and no other of the same case.
    [Test]
    public void A_cells_replay_chooses_that_cell_alone()
    {
        foreach (Cell cell in Whole.Cells.Where(cell => cell.Server is null or { Name: "c-nonblocking" } && cell.Client is null or { Name: "python" }))
        {
            Dictionary<string, string> chosen = cell.Replay.Split(' ').Where(word => word.Contains('=', StringComparison.Ordinal))
                .ToDictionary(word => word.Split('=')[0], word => word.Split('=')[1], StringComparer.Ordinal);
            var selection = new Selection(chosen.GetValueOrDefault("SERVER"), chosen.GetValueOrDefault("CLIENT"), chosen.GetValueOrDefault("CASE")) { Nightly = chosen.ContainsKey("NIGHTLY") };

            Assert.That(cell.Replay, Does.StartWith("make interop "));
            Assert.That(Plan.Make(Registry, selection).Cells.Single().Name, Is.EqualTo(cell.Name));
        }
    }

    [Test]
    public void A_replay_of_other_peers_or_of_a_history_names_their_files()
    {
        string file = Path.Combine(TestContext.CurrentContext.WorkDirectory, "one's own peers.json");
        File.Copy(PeerRegistry.DefaultFile, file, overwrite: true);
        PeerRegistry own = PeerRegistry.Load(file).Of(variant: null);

        Plan plan = Plan.Make(own, new Selection("c-nonblocking", Case: "random-histories") { History = "some.history" });

        Assert.That(plan.Cells.Single().Replay, Does.EndWith($" CASE=random-histories PEERS={ShellText.Quoted(own.File!)} HISTORY='some.history'"));
        Assert.That((own.File, Registry.File), Is.EqualTo((Path.GetRelativePath(Repository.At(), file), (string?)null)));
    }

    [Test]
    public void A_choice_of_servers_leaves_out_what_judges_clients_alone()
    {
        Plan plan = Plan.Make(Registry, new Selection(Server: "c-*"));

        Assert.That(plan.Cells.Select(cell => cell.Case.About.Role).Distinct(), Is.EquivalentTo(new[] { Role.Pair, Role.Server }));
        Assert.That(plan.Cells.Select(cell => cell.Server!.Name), Is.All.StartsWith("c-"));
        Assert.That(plan.Clients, Has.Count.EqualTo(Registry.Clients.Count));
    }

    [Test]
    public void A_choice_of_clients_leaves_out_what_judges_servers_alone()
    {
        Plan plan = Plan.Make(Registry, new Selection(Client: "c"));

        Assert.That(plan.Cells.Select(cell => cell.Case.About.Role).Distinct(), Is.EquivalentTo(new[] { Role.Pair, Role.Client }));
        Assert.That(plan.Cells.Select(cell => cell.Client!.Name), Is.All.EqualTo("c"));
    }

    [Test]
    public void A_program_of_ones_own_meets_all_peers_of_the_other_side()
    {
        Plan plan = Plan.Make(Registry, new Selection(Server: "python3 mine.py {port} {report}", Case: "menu-*"));

        Assert.That(plan.Cells.Select(cell => cell.Client!.Name).Distinct(StringComparer.Ordinal), Is.EquivalentTo(Registry.Clients.Select(peer => peer.Name)));
        Assert.That(plan.Cells[0].Replay, Does.StartWith("make interop SERVER='python3 mine.py {port} {report}' CLIENT="));
    }

    [Test]
    public void A_quick_run_leaves_out_the_true_minute_and_what_is_exhaustive_and_nothing_else()
    {
        Plan quick = Plan.Make(Registry, new Selection(Quick: true));

        Assert.That(Whole.Cells.Count(cell => cell.Case.About.TrueMinute), Is.Positive);
        Assert.That(Whole.Cells.Count(cell => cell.Case.About.Exhaustive), Is.Positive);
        Assert.That(quick.Cells.Select(cell => cell.Name),
            Is.EquivalentTo(Whole.Cells.Where(cell => !cell.Case.About.TrueMinute && !cell.Case.About.Exhaustive).Select(cell => cell.Name)));
    }

    [Test]
    public void What_takes_too_long_for_other_runs_is_for_the_nightly_one_alone()
    {
        Plan usual = Plan.Make(Registry, new Selection());
        Plan quick = Plan.Make(Registry, new Selection(Quick: true) { Nightly = true });
        Cell[] nightly = [.. Whole.Cells.Where(cell => cell.Case.About.Nightly)];

        Assert.That(nightly, Is.Not.Empty);
        Assert.That(nightly.Select(cell => cell.Replay), Is.All.Contains(" NIGHTLY=1"));
        Assert.That(usual.Cells.Select(cell => cell.Name), Is.EquivalentTo(Whole.Cells.Except(nightly).Select(cell => cell.Name)));
        Assert.That(quick.Cells.Where(cell => cell.Case.About.Nightly), Is.Empty);
    }

    [TestCase("java-*", null, null)]
    [TestCase(null, "java", null)]
    [TestCase(null, null, "no-such-case")]
    [TestCase("c-*", "python", "report-true-minute", Description = "a server's case, and a client was chosen")]
    [TestCase("c-*,pyhton-*", null, null, Description = "one of two is misspelt")]
    [TestCase(null, null, "ids-*,ids-strom")]
    public void A_choice_of_which_a_part_matches_nothing_is_refused(string? server, string? client, string? caseId) =>
        Assert.That(() => Plan.Make(Registry, new Selection(server, client, caseId)), Throws.ArgumentException.With.Message.EndsWith("matches nothing"));
}
