// A cell that the suite itself does not come to a good end with: that is the suite's fault, and no reason to wait for ever.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Running;

/// <summary>Bounds an attempt at a cell as a whole.</summary>
internal static class StuckCell
{
    /// <summary>What may follow a case: judging what passed on the wire, keeping evidence, ending peers and relays.</summary>
    public static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(1);

    /// <summary>Runs an attempt. One that takes longer says nothing of the peers, and is left to itself; one that throws has failed,
    /// and its story says that it was the suite.</summary>
    /// <param name="attempt">Whatever it awaits, or waits for without awaiting it.</param>
    /// <param name="longest">How long it may take.</param>
    /// <param name="name">The cell's.</param>
    /// <param name="stage">What it is about at that moment, to follow "while it".</param>
    public static async Task<Outcome> Bound(Func<Task<Outcome>> attempt, TimeSpan longest, string name, Func<string> stage)
    {
        Task<Outcome> running = Task.Run(attempt);
        try
        {
            return await running.WaitAsync(longest);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            return new Outcome(Verdict.Inconclusive, $"{name}\n  the suite itself was stuck with this cell after {Wait.Seconds(longest)}, while it {stage()}");
        }
        catch (Exception fault)
        {
            return new Outcome(Verdict.Failed, $"{name}\n  the suite itself failed, while it {stage()}: {fault}");
        }
    }
}
