// A plan carried out, with its progress shown, and an end in order when it is interrupted.
using System.Runtime.InteropServices;
using EasyTcp.Interop.Processes;
using Spectre.Console;

namespace EasyTcp.Interop.Running;

/// <summary>Runs a plan to its end.</summary>
internal static class PlannedRun
{
    private const int Interrupted = 130;
    private const int NarrowestMatrix = 100;

    /// <summary>Runs every cell of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="adjust">Sees each result before it is shown.</param>
    /// <param name="findDoubts">Gets the results, and tells which cells are to be run again when nothing else runs; null for none.</param>
    /// <returns>The results, and what NUnit has to complain of beside them; null if nothing.</returns>
    public static (IReadOnlyCollection<CellResult> Results, string? Complaint) Execute(Plan plan, Func<CellResult, CellResult> adjust,
        Func<IReadOnlyCollection<CellResult>, Func<Cell, bool>>? findDoubts = null)
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, NarrowestMatrix);
        PlanFile.Of(plan).Write(PlanFile.DefaultFile);
        Plan.Current = plan;

        var results = new List<CellResult>();
        RunReport SoFar()
        {
            lock (results)
            {
                return new RunReport(plan, [.. results], []);
            }
        }

        using var display = new RunDisplay(plan, SoFar);
        var run = new SuiteRun(plan, heard =>
        {
            CellResult result = adjust(heard);
            lock (results)
            {
                results.Add(result);
            }

            if (!plan.IsOfSaboteurs)
            {
                RunDisplay.Heard(result); // theirs are meant to fail
            }
        });

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            PeerProcess.KillAll(forGood: true);
            display.Dispose();
            SoFar().Print(AnsiConsole.Console);
            Console.Error.WriteLine($"interop: interrupted by {signal.Signal}; what had not ended by then is not run");
            Environment.Exit(Interrupted);
        }

        string? complaint = run.Run();
        return (findDoubts == null ? results : Repeat(results, findDoubts(results)).GetAwaiter().GetResult(), complaint);
    }

    // Runs cells of which nothing could be said again, one after another. They keep what came before as earlier attempts.
    private static async Task<IReadOnlyCollection<CellResult>> Repeat(IReadOnlyCollection<CellResult> results, Func<Cell, bool> isInDoubt)
    {
        var repeated = new List<CellResult>();
        foreach (CellResult result in results)
        {
            if (!isInDoubt(result.Cell))
            {
                repeated.Add(result);
                continue;
            }

            Outcome outcome = await result.Cell.Run();
            Console.WriteLine($"{result.Cell.Name} was {result.Verdict}; run again alone: {outcome.Verdict}");
            repeated.Add(result with { Outcome = outcome with { Earlier = [.. result.Outcome.Earlier, result.Outcome with { Earlier = [] }, .. outcome.Earlier] } });
        }

        return repeated;
    }
}
