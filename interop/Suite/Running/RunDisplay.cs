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

    private const double TwoMinutes = 122; // s, with start and end

    private readonly Plan _plan;
    private readonly Func<RunReport> _report;
    private readonly TimeSpan _start = Moment.Now;
    private readonly int _minutes; // cells of the true minute, which are the last
    private readonly TimeSpan _longest;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _shown;

    public RunDisplay(Plan plan, Func<RunReport> report)
    {
        (_plan, _report) = (plan, report);
        double[] minutes = [.. plan.Cells.Where(cell => cell.Case.About.TrueMinute).Select(cell => Math.Max(cell.Case.About.Seconds, TwoMinutes))];
        (_minutes, _longest) = (minutes.Length, TimeSpan.FromSeconds(minutes.DefaultIfEmpty().Max()));
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{plan.Cells.Count} cells: {plan.Cells.Select(cell => cell.Server).OfType<Peers.Peer>().Distinct().Count()} servers, {plan.Cells.Select(cell => cell.Client).OfType<Peers.Peer>().Distinct().Count()} clients, {plan.Cells.Select(cell => cell.Case).Distinct().Count()} cases; seed {plan.Cells[0].RunSeed}"));
        // A line that changes is for terminals, and not for those who want no colours.
        bool isLive = AnsiConsole.Profile.Capabilities is { Interactive: true, Ansi: true } && !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        _shown = isLive
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
        int open = report.Count(Verdict.NotRun);
        string waiting = open > 0 && open == _minutes ? "; the true minute goes on" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{Moment.Now.TotalSeconds,4:0} s: {_plan.Cells.Count - open} of {_plan.Cells.Count} cells done, {report.Count(Verdict.Failed)} failed{waiting}{Left(_plan.Cells.Count - open, open)}");
    }

    // By the pace so far, once there is one; those of the true minute take their time whatever the others do.
    private string Left(int done, int open)
    {
        const int Share = 20;
        if (done * Share < _plan.Cells.Count || open == 0)
        {
            return "";
        }

        TimeSpan took = Moment.Now - _start;
        TimeSpan byPace = took * Math.Max(0, open - _minutes) / done;
        TimeSpan byMinute = _minutes > 0 ? _longest - took : TimeSpan.Zero;
        return string.Create(CultureInfo.InvariantCulture, $"; about {Math.Max(1, Math.Max(byPace.TotalSeconds, byMinute.TotalSeconds)):0} s left");
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
