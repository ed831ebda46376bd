// The suite's command line: `make interop` and `make saboteurs`.
using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Reports;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

const int Green = 0;
const int Red = 1;
const int Misuse = 2;

var server = new Option<string?>("--server") { Description = "Servers: names or patterns, separated by commas, or a command with {port} and {report} in it" };
var client = new Option<string?>("--client") { Description = "Clients: likewise, a command with {host} and {port} in it" };
var caseId = new Option<string?>("--case") { Description = "Cases: IDs, whole cell names or patterns, separated by commas" };
var quick = new Option<bool>("--quick") { Description = "Leave out the true minute and what is exhaustive" };
var nightly = new Option<bool>("--nightly") { Description = "Take in what takes too long for all other runs" };
var seed = new Option<long?>("--seed") { Description = "What everything random is drawn from; the same seed gives the same run" };
var repeat = new Option<int>("--repeat") { Description = "Run all of it so many times, each time with the next seed, and tell how often each cell passed", DefaultValueFactory = _ => 1 };
var shard = new Option<string?>("--shard") { Description = "Run only a part of what is chosen: 2/6 is every sixth cell by name, beginning with the second" };
var minute = new Option<string?>("--minute") { Description = "Of what is chosen, run only the cells of the true minute, or those without; --shard then counts those" }.AcceptOnlyFromAmong("only", "without");
var merge = new Option<string?>("--merge") { Description = "Run nothing; put the results.json of all shards, separated by blanks, together in the folder of --output" };
var output = new Option<DirectoryInfo>("--output") { Description = "Where plan.json and results.json go", DefaultValueFactory = _ => new DirectoryInfo(Repository.At("artifacts", "interop")) };
var history = new Option<string?>("--history") { Description = "A file with a history to play instead of random ones, for CASE=random-histories" };
var variants = new Option<string?>("--variants") { Description = "Run the registry's peers of this variant instead of the default ones" };
var evidence = new Option<string>("--evidence") { Description = "Of which cells to keep what was seen: those that did not pass, or all", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("EVIDENCE") is "all" ? "all" : "failed" }.AcceptOnlyFromAmong("failed", "all");
var firstFailure = new Option<bool>("--stop-at-first-failure") { Description = "End the run, and the verdict, with the first cell that fails" };
var saboteurs = new Option<bool>("--saboteurs") { Description = "Judge the suite itself: run its cases on programs that are wrong in one way each" };
var seedCorpus = new Option<DirectoryInfo?>("--seed-corpus") { Description = "Run nothing; write the headers that cases use into a folder, for fuzzers to begin with" };
var containers = new Option<bool>("--containers") { Description = "Run each peer in a container of its own, by the Docker engine of this machine" };
var supervised = new Option<bool>("--supervised") { Description = "Ask supervisors to run the peers, as docker-compose.yml does; what is not given here is taken from SERVER, CLIENT, CASE, QUICK, NIGHTLY, SHARD, MINUTE and SEED" };
var compose = new Option<bool>("--compose") { Description = "Run nothing; print the docker-compose.yml that the registry makes" };
var report = new Option<FileInfo?>("--report") { Description = "Run nothing; make index.html, summary.md, junit.xml and badge.svg of a results.json, beside it" };
var beside = new Option<string?>("--beside") { Description = "With --report: the results.json of other systems, separated by blanks, whose matrices the page is to show as well" };
var baseline = new Option<FileInfo?>("--baseline") { Description = "An older results.json to compare with" };
var list = new Option<bool>("--list") { Description = "Run nothing; list the cells that were chosen, each with the clause that it proves" };
var replay = new Option<string?>("--replay") { Description = "Run one cell of the results in the folder of --output again, by its name, as it was run there; what comes of it goes to artifacts/replay and is shown" };
var attach = new Option<string?>("--attach") { Description = "Start everything of one cell but its server, or its client, and wait until somebody starts that, under a debugger for one; what comes of it goes to artifacts/attach" }.AcceptOnlyFromAmong("server", "client");
var gate = new Option<string?>("--gate") { Description = "What makes the exit status 1 instead of whatever is not green: cells that are newly broken against the baseline" }.AcceptOnlyFromAmong("broken");
var peers = new Option<FileInfo>("--peers") { Description = "The registry of peers", DefaultValueFactory = _ => new FileInfo(PeerRegistry.DefaultFile) };
var command = new Command("interop", "Judges every server with every client") { new HelpOption("--help", []), server, client, caseId, quick, nightly, seed, history, repeat, variants, shard, minute, evidence, firstFailure, baseline, gate, saboteurs, containers, supervised, list, replay, attach, report, beside, merge, seedCorpus, compose, peers, output };
command.SetAction(parsed =>
{
    PosixSignals.RestoreDefaults();
    ResultsFile? Baseline() => parsed.GetValue(baseline) is FileInfo older ? ResultsFile.Read(older.FullName)
        : parsed.GetValue(gate) == null ? null : throw new ArgumentException("GATE=broken needs a BASELINE to compare with");
    try
    {
        if (parsed.GetValue(seedCorpus) is DirectoryInfo seeds)
        {
            SeedCorpus.Write(seeds);
            return Green;
        }

        if (parsed.GetValue(merge) is string files)
        {
            return MergeShards(Files(files), parsed.GetValue(output)!.FullName, Baseline(), parsed.GetValue(gate) != null);
        }

        // Read before the run, which may write to the same place.
        ResultsFile? older = Baseline();
        bool isGated = parsed.GetValue(gate) != null;

        if (parsed.GetValue(report) is FileInfo results)
        {
            return ReportFolder.Write(results.FullName, older, isGated, Console.Out, Files(parsed.GetValue(beside))) ? Green : Red;
        }

        string folder = parsed.GetValue(output)!.FullName;
        Replay? again = parsed.GetValue(replay) is string cell && Replay.Find(cell, folder) is var (run, name) ? Replay.Of(ResultsFile.Read(run), name) : null;
        PeerRegistry everyone = PeerRegistry.Load(again?.Peers is string file ? Repository.At(file) : parsed.GetValue(peers)!.FullName);
        if (parsed.GetValue(compose))
        {
            Console.Write(ComposeFile.Of(everyone));
            return Green;
        }

        string? attached = parsed.GetValue(attach);
        if (attached != null && parsed.GetValue(containers))
        {
            throw new ArgumentException("ATTACH is for a program on this machine; in containers nobody starts one by hand");
        }

        Place.Current = attached != null ? new AttachedPlace(attached, Console.Error) : parsed.GetValue(containers) ? ContainerPlace.Make().GetAwaiter().GetResult() : parsed.GetValue(supervised) ? new SupervisedPlace(everyone.Servers) : new ThisMachine();
        PeerRegistry registry = Place.Current.PeersOf(everyone.Of(again?.Variant ?? parsed.GetValue(variants)));
        Selection asked = parsed.GetValue(supervised) ? Selection.FromEnvironment() : new Selection();
        Selection selection = again?.Selection ?? new Selection(parsed.GetValue(server) ?? asked.Server, parsed.GetValue(client) ?? asked.Client, parsed.GetValue(caseId) ?? asked.Case, parsed.GetValue(quick) || asked.Quick, parsed.GetValue(seed) ?? asked.Seed) { History = parsed.GetValue(history), Nightly = parsed.GetValue(nightly) || asked.Nightly, Shard = Shard.Parse(parsed.GetValue(shard), parsed.GetValue(minute)) ?? asked.Shard };
        if (Place.Current is not ThisMachine && (Selection.IsCommand(selection.Server) || Selection.IsCommand(selection.Client)))
        {
            throw new ArgumentException("a command of your own runs on this machine alone; in containers a program is judged whose image stands in interop/peers.json");
        }

        int repetitions = parsed.GetValue(repeat);
        if (repetitions < 1)
        {
            throw new ArgumentException($"REPEAT: a run is repeated once or more, not {repetitions} times");
        }

        if (selection.Shard != null && parsed.GetValue(saboteurs))
        {
            throw new ArgumentException("SHARD: the kill matrix is of whole runs alone");
        }

        var options = new RunOptions(selection.Server, selection.Client, selection.Case, selection.Quick, parsed.GetValue(variants), parsed.GetValue(saboteurs), selection.Seed, repetitions, selection.Nightly, parsed.GetValue(evidence) is "all", selection.History, everyone.File);
        if (parsed.GetValue(list))
        {
            return List(Plan.Make(registry, selection));
        }

        if (attached != null)
        {
            Plan one = Plan.Make(registry, selection);
            if (one.Cells.Count > 1)
            {
                throw new ArgumentException($"ATTACH takes one cell, and {one.Cells.Count} were chosen; choose one as by CASE='{one.Cells[0].Name}'");
            }

            folder = Repository.At("artifacts", "attach");
        }

        if (again != null)
        {
            folder = Repository.At("artifacts", "replay");
            int verdict = JudgeThePeers(registry, everyone, selection, options with { Evidence = true }, folder, stopAtFirstFailure: false, older, isGated);
            Replay.Show(folder);
            return verdict;
        }

        return options.Saboteurs ? JudgeTheSuite(registry, selection, options, folder) : JudgeThePeers(registry, everyone, selection, options, folder, parsed.GetValue(firstFailure), older, isGated);
    }
    catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or CaseFailedException)
    {
        Console.Error.WriteLine($"interop: {error.Message}");
        return Red;
    }
    catch (ArgumentException error)
    {
        Console.Error.WriteLine($"interop: {error.Message}");
        return Misuse;
    }
    finally
    {
        Place.Current.Leave();
        if (!Place.Current.CarriesIPv6)
        {
            Console.Error.WriteLine("interop: the network carries no IPv6 between peers, so nothing was judged over it");
        }
    }
});

ParseResult parsed = command.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
int status = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 ? Misuse : status;

static int JudgeThePeers(PeerRegistry registry, PeerRegistry everyone, Selection selection, RunOptions options, string folder, bool stopAtFirstFailure, ResultsFile? baseline, bool isGated)
{
    KnownFailures known = KnownFailures.Parse(File.ReadLines(KnownFailures.DefaultFile));
    Plan[] plans = [.. Enumerable.Range(0, options.Repeat).Select(i => Plan.Make(registry, selection with { Seed = selection.Seed + i }))];
    if (IsEmpty(plans[0]))
    {
        return Red;
    }

    EvidenceKeeper.Current = new EvidenceKeeper(folder, options.Evidence);
    EvidenceKeeper.Current.Begin();
    ReportFolder.Remove(folder);
    using var run = new PlannedRun(plans, options, folder, known.Apply) { StopsAtFirstFailure = stopAtFirstFailure };
    IReadOnlyList<string> complaints = run.Execute();
    var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
    bool isGreen = run.Report([.. known.Complaints(Plan.Everything(everyone).Cells, run.Results, today).Distinct(StringComparer.Ordinal), .. complaints]);
    bool isBorne = ReportFolder.Write(Path.Combine(folder, "results.json"), baseline, isGated, Console.Out, [], isAfterRun: true);
    return (isGated ? isBorne : isGreen) ? Green : Red;
}

static string[] Files(string? names) => names?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];

static int List(Plan plan)
{
    foreach (Cell cell in plan.Cells.OrderBy(cell => cell.Name, StringComparer.Ordinal))
    {
        Console.WriteLine($"{cell.Name}  {cell.Case.About.Clause}  {cell.Case.About.Sentence}");
    }

    return IsEmpty(plan) ? Red : Green;
}

static int JudgeTheSuite(PeerRegistry registry, Selection selection, RunOptions options, string folder)
{
    IReadOnlyList<Saboteur> all = Saboteur.Load(Saboteur.DefaultFile);
    Saboteur.ExpectEachKnown(all).GetAwaiter().GetResult();
    Plan plan = Saboteur.PlanFor(all, registry, selection);
    if (IsEmpty(plan))
    {
        return Red;
    }

    if (options.Evidence) // of failures alone it would be of nearly every cell
    {
        EvidenceKeeper.Current = new EvidenceKeeper(folder, isAll: true);
        EvidenceKeeper.Current.Begin();
    }

    ReportFolder.Remove(folder);
    using var run = new PlannedRun([plan], options with { Repeat = 1 }, folder, result => result);
    IReadOnlyList<string> complaints = run.Execute();
    run.RepeatInQuiet(results => KillMatrix.Of(all, plan, results).IsInDoubt).GetAwaiter().GetResult();
    _ = run.Report(complaints);
    var matrix = KillMatrix.Of(all, plan, run.Results);
    matrix.Print(Console.Out);
    string file = Repository.At("artifacts", Place.Current is ThisMachine ? "saboteurs" : "saboteurs-docker");
    matrix.Write($"{file}.md", $"{file}.json");
    foreach (string complaint in complaints)
    {
        Console.Error.WriteLine($"interop: {complaint}");
    }

    return matrix.IsGreen && complaints.Count == 0 ? Green : Red;
}

static int MergeShards(string[] files, string folder, ResultsFile? baseline, bool isGated)
{
    string target = Path.Combine(folder, "results.json");
    Merge.ExpectElsewhere(files, target);
    ReportFolder.Remove(folder);
    ResultsFile whole = Merge.Write(files, target);
    foreach (string line in whole.Cells.Where(cell => !Standing.IsBorne(cell.Verdict)).Select(cell => $"{RunReport.Title(cell.Verdict)} {cell.Name}").Concat(whole.Complaints))
    {
        Console.WriteLine(line);
    }

    bool isBorne = ReportFolder.Write(target, baseline, isGated, Console.Out, []);
    return (isGated ? isBorne : new Standing(whole).IsGreen) ? Green : Red;
}

static bool IsEmpty(Plan plan)
{
    if (plan.Cells.Count == 0)
    {
        Console.Error.WriteLine("interop: the selection matches no cell, so nothing was tested; see protocol/README.md and interop/peers.json for names");
    }

    return plan.Cells.Count == 0;
}
