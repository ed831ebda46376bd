// A cell run again: with everything that its run was asked for.
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ReplayTests
{
    [Test]
    public void It_takes_seed_history_registry_and_variant_from_the_results()
    {
        ResultsFile results = ResultsOf("processes", new RunOptions(null, null, null, Quick: true, "sanitized", Saboteurs: false, 7, 1, History: "a.history", Peers: "other/peers.json"));

        var replay = Replay.Of(results, "s / c / a");

        Assert.That(replay, Is.EqualTo(new Replay(new Selection("s", "c", "s / c / a", Quick: false, 1) { Nightly = true, History = "a.history" }, "sanitized", "other/peers.json")));
    }

    [Test]
    public void It_is_found_by_its_evidence_too()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string evidence = Directory.CreateDirectory(Path.Combine(folder, "evidence", "s", "c", "a")).FullName;
            Samples.Evidence().Write(Path.Combine(evidence, EvidenceFile.Name));
            Assert.That(() => Replay.Find(evidence, "elsewhere"), Throws.ArgumentException.With.Message.Contains("no results.json"));

            File.WriteAllText(Path.Combine(folder, "results.json"), "");
            Assert.That(Replay.Find(evidence, "elsewhere"), Is.EqualTo((Path.Combine(folder, "results.json"), Samples.Evidence().Cell)));
            Assert.That(Replay.Find("s x c / a", "elsewhere"), Is.EqualTo((Path.Combine("elsewhere", "results.json"), "s x c / a")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void A_cell_that_is_not_there_is_refused_by_a_name_that_is() =>
        Assert.That(() => Replay.Of(ResultsOf("processes"), "s x c / b"), Throws.ArgumentException.With.Message.Contains("'s x c / b'").And.Message.Contains("'s / c / a'"));

    [Test]
    public void Peers_in_containers_are_for_the_cells_own_line() =>
        Assert.That(() => Replay.Of(ResultsOf("docker"), "s / c / a"), Throws.ArgumentException.With.Message.Contains("make interop CASE='s / c / a'"));

    private static ResultsFile ResultsOf(string place, RunOptions? options = null)
    {
        ResultsFile results = SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Passed));
        return results with { Run = results.Run with { Options = options ?? results.Run.Options, Machine = results.Run.Machine with { Place = place } } };
    }
}
