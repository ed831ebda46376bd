// How far a run is, while it runs: one changing line on a terminal, a line now and then elsewhere.
using System.Globalization;
using EasyTcp.Interop.Processes;
using Spectre.Console;

namespace EasyTcp.Interop.Running;

/// <summary>Shows progress and failures as they come.</summary>
internal sealed class RunDisplay : IDisposable
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(10);

    private readonly Plan _plan;
    private readonly Func<RunReport> _report;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _shown;

    public RunDisplay(Plan plan, Func<RunReport> report)
    {
        (_plan, _report) = (plan, report);
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{plan.Cells.Count} cells: {plan.Cells.Select(cell => cell.Server).OfType<Peers.Peer>().Distinct().Count()} servers, {plan.Cells.Select(cell => cell.Client).OfType<Peers.Peer>().Distinct().Count()} clients, {plan.Cells.Select(cell => cell.Case).Distinct().Count()} cases; seed {plan.Cells[0].RunSeed}"));
        _shown = AnsiConsole.Profile.Capabilities.Interactive
            ? AnsiConsole.Status().StartAsync(Progress(), status => Repeat(OnTerminal, () => status.Status(Progress())))
            : Repeat(Elsewhere, () => AnsiConsole.WriteLine(Progress()));
    }

    /// <summary>A cell has ended.</summary>
    public static void Heard(CellResult result)
    {
        if (result.Verdict is Verdict.Failed)
        {
            AnsiConsole.WriteLine($"FAILED {result.Cell.Name}");
        }
    }

    public void Dispose()
    {
        if (!_end.IsCancellationRequested)
        {
            _end.Cancel();
            _shown.GetAwaiter().GetResult();
        }
    }

    private string Progress()
    {
        RunReport report = _report();
        string waiting = report.Count(Verdict.NotRun) > 0 && report.Count(Verdict.NotRun) == _plan.Cells.Count(cell => cell.Case.About.TrueMinute) ? "; the true minute goes on" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Moment.Now.TotalSeconds,4:0} s: {_plan.Cells.Count - report.Count(Verdict.NotRun)} of {_plan.Cells.Count} cells done, {report.Count(Verdict.Failed)} failed{waiting}");
    }

    private async Task Repeat(TimeSpan interval, Action show)
    {
        using var timer = new PeriodicTimer(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                show();
            }
        }
        catch (OperationCanceledException)
        {
            // the run is over
        }
    }
}
