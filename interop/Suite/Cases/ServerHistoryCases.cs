// Servers: random histories of many clients, judged by the log and by what the clients saw (clause 6.6).
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Histories;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

internal static class ServerHistoryCases
{
    private static readonly TimeSpan LongestShrinking = TimeSpan.FromSeconds(60);

    [Case(Role.Server, "random-histories", "6.6", "Whatever clients of several languages do side by side, log, counts and replies are one history.", Seconds = 1.5)]
    public static Task RandomHistories(Lab lab) => Judge(lab, "random-histories", histories: 5, mostSteps: 24);

    [Case(Role.Server, "random-histories-many", "6.6", "Many and longer histories of clients of several languages are each one in log, counts and replies.", Lane = Lane.Few, Seconds = 8, Exhaustive = true)]
    public static Task RandomHistoriesMany(Lab lab) => Judge(lab, "random-histories-many", histories: 30, mostSteps: 60);

    private static async Task Judge(Lab lab, string caseId, int histories, int mostSteps)
    {
        if (lab.HistoryFile is string file)
        {
            await Play.Judge(lab, ScenarioFile.Load(file), Wait.Patience);
            return;
        }

        string[] menuClients = [.. lab.Clients.Select(peer => peer.Name)];
        for (int i = 0; i < histories; i++)
        {
            // All the real clients take part in the first history, one in each of the others: starting them takes longest.
            string[] some = i == 0 || menuClients.Length == 0 ? menuClients : [menuClients[i % menuClients.Length]];
            Scenario scenario = Chance.Draw(ScenarioGen.Of(some, mostSteps), Chance.Derive(lab.Seed, $"history {i}"));
            await lab.Clear();
            if (await Attempt.Judge(() => Play.Judge(lab, scenario, Wait.Patience)) is CaseFailedException failed)
            {
                throw await Explain(lab, caseId, scenario, failed);
            }
        }

        lab.Measure("histories judged", "histories", [histories]);
    }

    // Shrinks a failing scenario, saves it, and tells it.
    private static async Task<CaseFailedException> Explain(Lab lab, string caseId, Scenario failing, CaseFailedException failed)
    {
        string path = ScenarioFile.PathFor(lab.Server.Name, caseId);
        (Shrunk<Scenario> shrunk, failed) = await Attempt.Shrink(lab, failing, failed, each => each.Smaller(), ScenarioFile.Write,
            (each, patience) => Play.Judge(lab, each, patience), LongestShrinking);
        ScenarioFile.Save(path, shrunk.Smallest);
        string[] lines = [.. shrunk.Smallest.Lines().Append(Play.LastLine)];
        return new CaseFailedException(failed.Clause, failed.Expected, failed.Actual)
        {
            Late = failed.Late,
            IsSilence = failed.IsSilence,
            Evidence =
            [
                $"history:  {shrunk.Smallest.Steps.Count} of {failing.Steps.Count} steps{shrunk.Note}",
                .. lines.Select((line, n) => $"  {n + 1,3}  {line}"),
                $"          saved as {path}",
                .. failed.Evidence,
            ],
            ReplayWith = $"HISTORY={path}",
        };
    }
}
