// The suite's command line: `make interop` and `make saboteurs`.
using System.CommandLine;
using System.CommandLine.Help;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Running;
using Spectre.Console;

const int Green = 0;
const int Red = 1;
const int Misuse = 2;

var server = new Option<string?>("--server") { Description = "Servers: names or patterns, separated by commas, or a command with {port} and {report} in it" };
var client = new Option<string?>("--client") { Description = "Clients: likewise, a command with {host} and {port} in it" };
var caseId = new Option<string?>("--case") { Description = "Cases: IDs, whole cell names or patterns, separated by commas" };
var quick = new Option<bool>("--quick") { Description = "Leave out the true minute" };
var seed = new Option<long>("--seed") { Description = "What everything random is drawn from; the same seed gives the same run", DefaultValueFactory = _ => Selection.DefaultSeed };
var history = new Option<string?>("--history") { Description = "A file with a history to play instead of random ones, for CASE=random-histories" };
var variants = new Option<string?>("--variants") { Description = "Run the registry's peers of this variant instead of the default ones" };
var saboteurs = new Option<bool>("--saboteurs") { Description = "Judge the suite itself: run its cases on programs that are wrong in one way each" };
var peers = new Option<FileInfo>("--peers") { Description = "The registry of peers", DefaultValueFactory = _ => new FileInfo(PeerRegistry.DefaultFile) };
var command = new Command("interop", "Judges every server with every client") { new HelpOption("--help", []), server, client, caseId, quick, seed, history, variants, saboteurs, peers };
command.SetAction(parsed =>
{
    PosixSignals.RestoreDefaults();
    try
    {
        PeerRegistry everyone = PeerRegistry.Load(parsed.GetValue(peers)!.FullName);
        PeerRegistry registry = everyone.Of(parsed.GetValue(variants));
        var selection = new Selection(parsed.GetValue(server), parsed.GetValue(client), parsed.GetValue(caseId), parsed.GetValue(quick), parsed.GetValue(seed)) { History = parsed.GetValue(history) };
        return parsed.GetValue(saboteurs) ? JudgeTheSuite(registry, selection) : JudgeThePeers(registry, everyone, selection);
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
});

ParseResult parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
int status = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? Misuse : status;

static int JudgeThePeers(PeerRegistry registry, PeerRegistry everyone, Selection selection)
{
    KnownFailures known = KnownFailures.Parse(File.ReadLines(KnownFailures.DefaultFile));
    var plan = Plan.Make(registry, selection);
    if (IsEmpty(plan))
    {
        return Red;
    }

    (IReadOnlyCollection<CellResult> results, string? complaint) = PlannedRun.Execute(plan, known.Apply);
    var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
    string[] complaints = [.. known.Complaints(Plan.Make(everyone, new Selection()).Cells, results, today), .. complaint == null ? Array.Empty<string>() : [complaint]];
    var report = new RunReport(plan, results, complaints);
    report.Print(AnsiConsole.Console);
    return report.IsGreen ? Green : Red;
}

static int JudgeTheSuite(PeerRegistry registry, Selection selection)
{
    IReadOnlyList<Saboteur> all = Saboteur.Load(Saboteur.DefaultFile);
    Plan plan = Saboteur.PlanFor(all, registry, selection);
    if (IsEmpty(plan))
    {
        return Red;
    }

    (IReadOnlyCollection<CellResult> results, string? complaint) = PlannedRun.Execute(plan, result => result);
    var matrix = KillMatrix.Of(all, plan, results);
    matrix.Print(Console.Out);
    matrix.Write(Repository.At("artifacts", "saboteurs.md"), Repository.At("artifacts", "saboteurs.json"));
    if (complaint != null)
    {
        Console.Error.WriteLine($"interop: {complaint}");
    }

    return matrix.IsGreen && complaint == null ? Green : Red;
}

static bool IsEmpty(Plan plan)
{
    if (plan.Cells.Count == 0)
    {
        Console.Error.WriteLine("interop: the selection matches no cell, so nothing was tested; see protocol/README.md and interop/peers.json for names");
    }

    return plan.Cells.Count == 0;
}
