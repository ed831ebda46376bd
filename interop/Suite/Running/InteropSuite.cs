// The NUnit fixture: each cell of the plan is a test, and its name shows the pair and the case.
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

    // Cells that run in a lane of their own, from the start on; their tests await them.
    private readonly Dictionary<Cell, Task<string?>> _begun = [];

    /// <summary>The plan's cells as tests.</summary>
    public static IEnumerable<TestCaseData> Cells => Plan.Current.Cells.Select(cell => new TestCaseData(cell) { TestName = cell.Name });

    [OneTimeSetUp]
    public void Begin()
    {
        PosixSignals.RestoreDefaults();
        foreach (Cell cell in Plan.Current.Cells.Where(cell => cell.Case.About.Lane == Lane.Together))
        {
            _begun.Add(cell, Task.Run(cell.Run));
        }

        // Those that keep the machine busy wait until the short intervals have been measured.
        Task timed = Task.WhenAll(_begun.Where(begun => begun.Key.Server != null && !begun.Key.Case.About.TrueMinute).Select(begun => begun.Value));
        var places = new SemaphoreSlim(Few);
        foreach (Cell cell in Plan.Current.Cells.Where(cell => cell.Case.About.Lane == Lane.Few))
        {
            _begun.Add(cell, RunInTurn(cell, timed, places));
        }
    }

    [TestCaseSource(nameof(Cells))]
    public async Task Judge(Cell cell)
    {
        string? failure = await (_begun.TryGetValue(cell, out Task<string?>? begun) ? begun : cell.Run());
        if (failure != null)
        {
            Assert.Fail(failure);
        }
    }

    [OneTimeTearDown]
    public void End() => PeerProcess.KillAll();

    private static async Task<string?> RunInTurn(Cell cell, Task timed, SemaphoreSlim places)
    {
        await timed;
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
