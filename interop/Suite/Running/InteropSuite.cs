// The NUnit fixture: each cell of the plan is a test, and its name shows the pair and the case.
using EasyTcp.Interop.Processes;
using NUnit.Framework;

namespace EasyTcp.Interop.Running;

[TestFixture]
[Category("Interop")]
[Parallelizable(ParallelScope.All)]
internal sealed class InteropSuite
{
    // The cells of the true minute, begun together.
    private Dictionary<Cell, Task<string?>> _window = [];

    /// <summary>The plan's cells as tests.</summary>
    public static IEnumerable<TestCaseData> Cells => Plan.Current.Cells.Select(cell => new TestCaseData(cell) { TestName = cell.Name });

    [OneTimeSetUp]
    public void Begin()
    {
        PosixSignals.RestoreDefaults();
        _window = Plan.Current.Cells.Where(cell => cell.Case.About.TrueMinute).ToDictionary(cell => cell, cell => Task.Run(cell.Run));
    }

    [TestCaseSource(nameof(Cells))]
    public async Task Judge(Cell cell)
    {
        string? failure = await (_window.TryGetValue(cell, out Task<string?>? begun) ? begun : cell.Run());
        if (failure != null)
        {
            Assert.Fail(failure);
        }
    }

    [OneTimeTearDown]
    public void End() => PeerProcess.KillAll();
}
