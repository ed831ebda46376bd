// The NUnit fixture: each cell of the plan is a test, and its name shows the pair and the case.
using System.Collections.Concurrent;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using NUnit.Framework;

namespace EasyTcp.Interop.Running;

[TestFixture]
[Category("Interop")]
[Parallelizable(ParallelScope.All)]
internal sealed class InteropSuite
{
    // So many cells that keep the machine busy run at a time; those of saboteurs often wait for what never comes.
    private const int Few = 2;
    private const int FewOfSaboteurs = 10;

    // So many timed cells run at a time; the true minute's all do.
    private const int TogetherAtMost = 24;

    // So many that judge time under a load of their own: more would measure the machine.
    private const int LoadedAtMost = 4;

    // Their floods last four seconds, and those of many saboteurs at once would be more than the machine's.
    private static readonly TimeSpan BetweenMinutes = TimeSpan.FromSeconds(5);

    // Ends with the last cell that has no lane of its own.
    private readonly TaskCompletionSource _othersEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _others = Plan.Current.Cells.Count(cell => cell.Case.About.Lane == Lane.Any);

    // Cells that run in a lane of their own, from the start on; their tests await them.
    private readonly Dictionary<Cell, Task<Outcome>> _begun = [];

    /// <summary>What became of the cells that have run.</summary>
    public static ConcurrentDictionary<Cell, Outcome> Outcomes { get; } = new();

    /// <summary>The plan's cells as tests.</summary>
    public static IEnumerable<TestCaseData> Cells => Plan.Current.Cells.Select(cell => new TestCaseData(cell) { TestName = cell.Name }.SetCategory(Place.Current.Category));

    [OneTimeSetUp]
    public void Begin()
    {
        PosixSignals.RestoreDefaults();
        StallMeter.Start();
        // Thousands of cells of saboteurs, most of which fail, are no company in which to judge time.
        Task quiet = Plan.Current.IsOfSaboteurs && _others > 0 ? _othersEnded.Task : Task.CompletedTask;
        var together = new SemaphoreSlim(Math.Min(TogetherAtMost, Place.Current.TimedCells));
        var loaded = new SemaphoreSlim(LoadedAtMost);
        var minutes = new SemaphoreSlim(Place.Current.TimedCells);
        foreach (Cell cell in Plan.Current.Cells.Where(cell => cell.Case.About.Lane is Lane.Together or Lane.Loaded))
        {
            bool isMinute = cell.Case.About.TrueMinute;
            Task minute = Plan.Current.IsOfSaboteurs ? Wait.LetPass(BetweenMinutes * _begun.Keys.Count(begun => begun.Case.About.TrueMinute)) : Task.CompletedTask;
            _begun.Add(cell, RunInTurn(cell, isMinute ? minute : quiet, isMinute ? minutes : cell.Case.About.Lane == Lane.Loaded ? loaded : together));
        }

        // Those that keep the machine busy wait until the short intervals have been measured.
        Task timed = Task.WhenAll(_begun.Where(begun => begun.Key.Case.About.Role == Role.Server && !begun.Key.Case.About.TrueMinute).Select(begun => begun.Value).Append(quiet));
        var few = new SemaphoreSlim(Plan.Current.MostlyWaits ? FewOfSaboteurs : Few);
        foreach (Cell cell in Plan.Current.Cells.Where(cell => cell.Case.About.Lane == Lane.Few))
        {
            _begun.Add(cell, RunInTurn(cell, timed, few));
        }
    }

    [TestCaseSource(nameof(Cells))]
    public async Task Judge(Cell cell)
    {
        bool hasLane = _begun.TryGetValue(cell, out Task<Outcome>? begun);
        Outcome outcome;
        try
        {
            outcome = await (begun ?? Run(cell));
            Outcomes[cell] = outcome;
        }
        finally
        {
            if (!hasLane && Interlocked.Decrement(ref _others) == 0)
            {
                _othersEnded.SetResult();
            }
        }

        switch (outcome.Verdict)
        {
            case Verdict.Failed:
                Assert.Fail(outcome.Story!);
                break;
            case Verdict.Inconclusive:
                Assert.Inconclusive(outcome.Story!);
                break;
            case Verdict.Unsupported or Verdict.NotRun:
                Assert.Ignore(outcome.Story!);
                break;
        }
    }

    [OneTimeTearDown]
    public void End() => PeerProcess.KillAll(forGood: false);

    // Among thousands of saboteurs a second time would be no quieter than the first.
    private static Task<Outcome> Run(Cell cell) => Plan.Current.IsOfSaboteurs ? cell.Run(repetitions: 0) : cell.Run();

    private static async Task<Outcome> RunInTurn(Cell cell, Task timed, SemaphoreSlim places)
    {
        await timed.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        await places.WaitAsync();
        try
        {
            return await Run(cell);
        }
        finally
        {
            places.Release();
        }
    }
}
