// Runs the NUnit suite in this process and hears of each test's end.
using EasyTcp.Interop.Places;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace EasyTcp.Interop.Running;

/// <summary>What became of a cell.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Outcome">Its verdict and story.</param>
internal sealed record CellResult(Cell Cell, Outcome Outcome)
{
    public Verdict Verdict => Outcome.Verdict;
}

/// <summary>A run of the plan by NUnit.</summary>
/// <param name="plan">The plan; every cell of it must end in a result.</param>
/// <param name="heard">Hears of each result as it comes, from any thread.</param>
internal sealed class SuiteRun(Plan plan, Action<CellResult> heard) : ITestListener
{
    // Cells of peers that are wrong on purpose often wait for what never comes.
    private const int WaitingCellsPerProcessor = 16;

    private readonly Dictionary<string, Cell> _open = plan.Cells.ToDictionary(cell => cell.Name, StringComparer.Ordinal);

    /// <summary>Runs to the end.</summary>
    /// <returns>What NUnit itself has to complain of, beside the cells; null if nothing.</returns>
    public string? Run()
    {
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(SuiteRun).Assembly, new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["NumberOfTestWorkers"] = Environment.ProcessorCount * (plan.MostlyWaits ? WaitingCellsPerProcessor : Place.Current.CellsPerProcessor),
        });
        ITestResult result = runner.Run(this, TestFilter.Empty);
        return result.ResultState.Site is FailureSite.SetUp or FailureSite.TearDown ? result.Message : null;
    }

    public void TestFinished(ITestResult result)
    {
        Cell? cell;
        lock (_open)
        {
            if (result.Test.IsSuite || !_open.Remove(result.Test.Name, out cell))
            {
                return;
            }
        }

        heard(new CellResult(cell, InteropSuite.Outcomes.GetValueOrDefault(cell) ?? new Outcome(Verdict.NotRun, $"{cell.Name}\n  {result.Message ?? result.ResultState.ToString()}")));
    }

    public void TestStarted(ITest test)
    {
    }

    public void TestOutput(TestOutput output)
    {
    }

    public void SendMessage(TestMessage message)
    {
    }
}
