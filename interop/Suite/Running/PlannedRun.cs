// A plan carried out, once or again and again, with its progress shown, and an end in order when it is interrupted.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Reports;
using EasyTcp.Interop.Results;
using Spectre.Console;

namespace EasyTcp.Interop.Running;

/// <summary>Runs plans to their end, one after another.</summary>
/// <param name="plans">The plan of each repetition.</param>
/// <param name="options">What was asked for, for the results.</param>
/// <param name="folder">Where plan.json and results.json go.</param>
/// <param name="adjust">Sees each result before it is shown.</param>
internal sealed class PlannedRun(IReadOnlyList<Plan> plans, RunOptions options, string folder, Func<CellResult, CellResult> adjust) : IDisposable
{
    // Cells that are in doubt, at a time, when all others have ended: they mostly wait.
    private const int Some = 20;
    private const int Few = 3;
    private const int Interrupted = 130;

    // `timeout make interop` sends SIGTERM to both, and make passes its own on: that is one wish, said twice.
    private static readonly TimeSpan OneSignal = TimeSpan.FromSeconds(1);

    private const int Failed = 1;
    private const int NarrowestMatrix = 100;

    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private readonly TimeSpan _began = Moment.Now;
    private readonly Task<Facts> _facts = Task.Run(Facts.Gather);
    private readonly TextWriter _errors = Console.Error; // as it is before NUnit, while it runs, puts its own in its place
    private readonly List<PosixSignalRegistration> _registrations = []; // from the first cell on, to the end of all
    private readonly Lock _lock = new();
    private readonly List<CellResult> _results = [];
    private RunDisplay? _display;
    private bool _isInterrupted;
    private bool _isTold; // or about to be: whatever ends the run now leaves its results alone
    private TimeSpan? _firstSignal;

    /// <summary>True to end the process with the first cell that fails.</summary>
    public bool StopsAtFirstFailure { get; init; }

    /// <summary>What came of it, so far.</summary>
    public IReadOnlyList<CellResult> Results
    {
        get
        {
            lock (_lock)
            {
                return [.. _results];
            }
        }
    }

    /// <summary>Runs every cell of every plan.</summary>
    /// <returns>What NUnit has to complain of beside the cells.</returns>
    public IReadOnlyList<string> Execute()
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, NarrowestMatrix);
        PlanFile.Of(plans[0]).Write(Path.Combine(folder, "plan.json"));
        _registrations.AddRange(new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Interrupt)));
        return [.. plans.Select(Execute).OfType<string>()];
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    /// <summary>Says what there is to say at the end, on the terminal and in results.json.</summary>
    /// <returns>True if all of it can be borne.</returns>
    public bool Report(IReadOnlyList<string> complaints, string? signal = null)
    {
        if (signal == null)
        {
            lock (_lock)
            {
                _isTold = !_isInterrupted;
            }

            AwaitExitIfInterrupted();
        }

        IReadOnlyList<CellResult> results = Results;
        Facts facts = _facts.GetAwaiter().GetResult();
        var run = new RunFacts(options, _start, Math.Round((Moment.Now - _began).TotalSeconds, 3), signal, facts.Commit, facts.IsChanged, facts.Machine with { Ipv6 = Place.Current.CarriesIPv6 }, facts.Versions);
        RunResults.Of(run, plans, results, complaints).Write(Path.Combine(folder, "results.json"));
        if (plans[0].IsOfSaboteurs && signal == null)
        {
            return true; // theirs are meant to fail: the kill matrix says what is right
        }

        ReportTable.Print(AnsiConsole.Console, results);
        if (plans.Count > 1)
        {
            var repeated = new RepeatReport(plans, results, complaints);
            repeated.Print(AnsiConsole.Console);
            return repeated.IsGreen;
        }

        var report = new RunReport(plans[0], results, complaints);
        report.Print(AnsiConsole.Console);
        return report.IsGreen;
    }

    /// <summary>Runs cells of which nothing could be said again; those of which there still is nothing to say, fewer at a time. They
    /// keep what came before as earlier attempts.</summary>
    /// <param name="doubt">Which are in doubt, by all results so far.</param>
    public async Task RepeatInQuiet(Func<IReadOnlyList<CellResult>, Func<Cell, bool>> doubt)
    {
        foreach (int atATime in (int[])[Some, Few, 1])
        {
            Func<Cell, bool> isInDoubt = doubt(Results); // and anew whenever there is another result
            CellResult[] inDoubt = [.. Results.Where(result => isInDoubt(result.Cell)).OrderByDescending(result => result.Cell.Case.About.Seconds)];
            await Parallel.ForEachAsync(inDoubt, new ParallelOptions { MaxDegreeOfParallelism = atATime }, async (result, _) =>
            {
                if (isInDoubt(result.Cell)) // one that ran meanwhile may have settled it
                {
                    await Repeat(result);
                    isInDoubt = doubt(Results);
                }
            });
        }
    }

    private async Task Repeat(CellResult result)
    {
        Outcome outcome = await result.Cell.Run(repetitions: 0);
        AwaitExitIfInterrupted();
        Console.WriteLine($"{result.Cell.Name} was {result.Verdict}; run again in quiet: {outcome.Verdict}");
        CellResult repeated = result with { Outcome = outcome with { Earlier = [.. result.Outcome.Earlier, result.Outcome with { Earlier = [] }] } };
        lock (_lock)
        {
            _results[_results.IndexOf(result)] = repeated;
        }
    }

    private string? Execute(Plan plan)
    {
        Plan.Current = plan;
        RunReport SoFar() => new(plan, [.. Results.Where(result => result.Cell.RunSeed == plan.Cells[0].RunSeed)], []);
        using var display = new RunDisplay(plan, SoFar);
        _display = display;
        string? complaint = new SuiteRun(plan, heard => Heard(adjust(heard))).Run();
        AwaitExitIfInterrupted();
        if (plans.Count > 1)
        {
            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"repetition {plan.Cells[0].RunSeed - options.Seed + 1} of {plans.Count}: {SoFar().Sums}"));
        }

        return complaint;
    }

    private void Heard(CellResult result)
    {
        lock (_lock)
        {
            if (_isInterrupted)
            {
                return; // it failed because its peers were killed
            }

            _results.Add(result);
        }

        if (!plans[0].IsOfSaboteurs)
        {
            RunDisplay.Heard(result);
        }

        if (StopsAtFirstFailure && result.Verdict == Verdict.Failed)
        {
            End("the first failure", Failed);
        }
    }

    // A run whose peers were killed comes to its end, but it is the signal's handler that ends the process.
    private void AwaitExitIfInterrupted()
    {
        bool isInterrupted;
        lock (_lock)
        {
            isInterrupted = _isInterrupted;
        }

        if (isInterrupted)
        {
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        lock (_lock)
        {
            _firstSignal ??= Moment.Now;
        }

        if (Moment.Now - _firstSignal > OneSignal)
        {
            Process.GetCurrentProcess().Kill(); // whoever says so twice has waited long enough
        }

        End(signal.Signal.ToString(), Interrupted);
    }

    private void End(string reason, int status)
    {
        bool isTold;
        lock (_lock)
        {
            if (_isInterrupted)
            {
                return;
            }

            _isInterrupted = true;
            isTold = _isTold;
        }

        try
        {
            PeerProcess.KillAll(forGood: true);
            Place.Current.Leave();
        }
        catch (Exception fault)
        {
            _errors.WriteLine($"interop: not everything could be ended: {fault.Message.ReplaceLineEndings(" ")}"); // what there is to say is said all the same
        }

        _display?.Dispose();
        if (!isTold)
        {
            _ = Report([], reason);
            if (!plans[0].IsOfSaboteurs)
            {
                ReportFolder.Write(Path.Combine(folder, "results.json"), null, gate: false, TextWriter.Null, []);
            }
        }

        _errors.WriteLine(isTold ? $"interop: interrupted by {reason} when all cells had ended" : $"interop: interrupted by {reason}; what had not ended by then is not run");
        Environment.Exit(status);
    }
}
