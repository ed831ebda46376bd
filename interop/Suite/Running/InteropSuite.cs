// The NUnit fixture: each cell of the plan is a test, and its name shows the pair and the case.
using System.Collections.Concurrent;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Processes;
using NUnit.Framework;

namespace EasyTcp.Interop.Running;

[TestFixture]
[Category("Interop")]
[Parallelizable(ParallelScope.All)]
internal sealed class InteropSuite
{
    // So many cells that keep the machine busy run at a time.
    private const int Few = 2;

    // So many cells of one timed case run at a time; the true minute's all do.
    private const int TogetherAtMost = 12;

    // Cells that run in a lane of their own, from the start on; their tests await them.
    private readonly Dictionary<Cell, Task<Outcome>> _begun = [];

    /// <summary>What became of the cells that have run.</summary>
    public static ConcurrentDictionary<Cell, Outcome> Outcomes { get; } = new();

    /// <summary>The plan's cells as tests.</summary>
    public static IEnumerable<TestCaseData> Cells => Plan.Current.Cells.Select(cell => new TestCaseData(cell) { TestName = cell.Name });

    [OneTimeSetUp]
    public void Begin()
    {
        PosixSignals.RestoreDefaults();
        StallMeter.Start();
        var places = new Dictionary<Case, SemaphoreSlim>();
        foreach (Cell cell in Plan.Current.Cells.Where(cell => cell.Case.About.Lane == Lane.Together))
        {
            places.TryAdd(cell.Case, new SemaphoreSlim(cell.Case.About.TrueMinute ? int.MaxValue : TogetherAtMost));
            _begun.Add(cell, RunInTurn(cell, Task.CompletedTask, places[cell.Case]));
        }

        // Those that keep the machine busy wait until the short intervals have been measured.
        Task timed = Task.WhenAll(_begun.Where(begun => begun.Key.Case.About.Role == Role.Server && !begun.Key.Case.About.TrueMinute).Select(begun => begun.Value));
        var few = new SemaphoreSlim(Few);
        foreach (Cell cell in Plan.Current.Cells.Where(cell => cell.Case.About.Lane == Lane.Few))
        {
            _begun.Add(cell, RunInTurn(cell, timed, few));
        }
    }

    [TestCaseSource(nameof(Cells))]
    public async Task Judge(Cell cell)
    {
        Outcome outcome = await (_begun.TryGetValue(cell, out Task<Outcome>? begun) ? begun : cell.Run());
        Outcomes[cell] = outcome;
        switch (outcome.Verdict)
        {
            case Verdict.Failed:
                Assert.Fail(outcome.Story!);
                break;
            case Verdict.Inconclusive:
                Assert.Inconclusive(outcome.Story!);
                break;
            case Verdict.Unsupported:
                Assert.Ignore(outcome.Story!);
                break;
        }
    }

    [OneTimeTearDown]
    public void End() => PeerProcess.KillAll(forGood: false);

    private static async Task<Outcome> RunInTurn(Cell cell, Task timed, SemaphoreSlim places)
    {
        await timed.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await places.WaitAsync();
        try
        {
            return await cell.Run();
        }
        finally
        {
            places.Release();
        }
    }
}
