// `make interop`: plans the run, shows how far it is, prints matrix and failures, and exits with the verdict.
using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Running;
using Spectre.Console;

const int Green = 0;
const int Red = 1;
const int Misuse = 2;
const int Interrupted = 130;
const int NarrowestMatrix = 100;

var server = new Option<string?>("--server") { Description = "Servers: names or patterns, separated by commas, or a command with {port} and {report} in it" };
var client = new Option<string?>("--client") { Description = "Clients: likewise, a command with {host} and {port} in it" };
var caseId = new Option<string?>("--case") { Description = "Cases: IDs, whole cell names or patterns, separated by commas" };
var quick = new Option<bool>("--quick") { Description = "Leave out the true minute" };
var peers = new Option<FileInfo>("--peers") { Description = "The registry of peers", DefaultValueFactory = _ => new FileInfo(PeerRegistry.DefaultFile) };
var command = new Command("interop", "Judges every server with every client") { new HelpOption("--help", []), server, client, caseId, quick, peers };
command.SetAction(parsed => Run(parsed.GetValue(peers)!.FullName,
    new Selection(parsed.GetValue(server), parsed.GetValue(client), parsed.GetValue(caseId), parsed.GetValue(quick))));

ParseResult parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
int status = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? Misuse : status;

static int Run(string registry, Selection selection)
{
    PosixSignals.RestoreDefaults();
    KnownFailures known;
    Plan full;
    try
    {
        PeerRegistry peers = PeerRegistry.Load(registry);
        known = KnownFailures.Parse(File.ReadLines(KnownFailures.DefaultFile));
        full = Plan.Make(peers, new Selection());
        Plan.Current = Plan.Make(peers, selection);
    }
    catch (Exception error) when (error is InvalidDataException or IOException)
    {
        Console.Error.WriteLine($"interop: {error.Message}");
        return Red;
    }

    catch (ArgumentException error)
    {
        Console.Error.WriteLine($"interop: {error.Message}");
        return Misuse;
    }

    AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, NarrowestMatrix);
    Plan plan = Plan.Current;
    if (plan.Cells.Count == 0)
    {
        Console.Error.WriteLine("interop: the selection matches no cell, so nothing was tested; see protocol/README.md and interop/peers.json for names");
        return Red;
    }

    PlanFile.Of(plan).Write(PlanFile.DefaultFile);
    var results = new List<CellResult>();
    RunReport Report(params string[] complaints)
    {
        lock (results)
        {
            return new RunReport(plan, [.. results], complaints);
        }
    }

    using var display = new RunDisplay(plan, () => Report());
    var run = new SuiteRun(plan, heard =>
    {
        CellResult result = known.Apply(heard);
        lock (results)
        {
            results.Add(result);
        }

        RunDisplay.Heard(result);
    });

    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
    void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        PeerProcess.KillAll();
        display.Dispose();
        Report().Print(AnsiConsole.Console);
        Console.Error.WriteLine($"interop: interrupted by {signal.Signal}; what had not ended by then is not run");
        Environment.Exit(Interrupted);
    }

    string? complaint = run.Run();
    display.Dispose();
    var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
    RunReport report = Report([.. known.Complaints(full.Cells, results, today), .. complaint == null ? Array.Empty<string>() : [complaint]]);
    report.Print(AnsiConsole.Console);
    return report.IsGreen ? Green : Red;
}
