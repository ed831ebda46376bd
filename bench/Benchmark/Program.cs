// The benchmark's program: measures, prints the tables, and writes bench.json, bench.md and the plots.
using System.CommandLine;
using System.Runtime.InteropServices;
using EasyTcp.Benchmark;
using Spectre.Console;

const string Yardstick = "c-eventloop";
const int Red = 1;
const int Misuse = 2;

var quick = new Option<bool>("--quick") { Description = "A short form, which proves that it works" };
var only = new Option<string?>("--only") { Description = "Contestants, by name, with commas" };
var rounds = new Option<int?>("--rounds") { Description = "How often everything is measured" };
var output = new Option<string>("--output") { Description = "Where the results go", DefaultValueFactory = _ => "artifacts/bench" };
var command = new RootCommand("Asks our servers and their rivals the same, side by side") { quick, only, rounds, output };
command.SetAction(parsed =>
{
    try
    {
        ContestantFile file = ContestantFile.Load(Path.Combine(Repository.Root, "bench", "contestants.json"));
        IReadOnlyList<Contestant> all = file.Contestants;
        string[]? names = parsed.GetValue(only)?.Split(',');
        if (names?.FirstOrDefault(name => all.All(each => !string.Equals(each.Name, name, StringComparison.Ordinal))) is string unknown)
        {
            Console.Error.WriteLine($"bench: there is no contestant '{unknown}'");
            return Misuse;
        }

        Extent extent = parsed.GetValue(quick) ? Extent.Short : Extent.Whole;
        extent = extent with { Rounds = parsed.GetValue(rounds) ?? extent.Rounds };
        DateTimeOffset start = TimeProvider.System.GetUtcNow();
        Tools.StayBesideTheGenerator();
        List<Measurement> measurements = [];
        BenchResults SoFar() => new(BenchResults.CurrentVersion, start, Machine.This, Yardstick, extent, file.Goals, file.Bounds, Summary.Of(measurements), measurements);
        foreach (IReadOnlyList<Measurement> round in new Rounds([.. all.Where(each => names == null || names.Contains(each.Name, StringComparer.Ordinal))], Yardstick, file.Goals, extent, Console.WriteLine).Run())
        {
            measurements.AddRange(round);
            Write(parsed.GetValue(output)!, SoFar()); // a run that is ended early has its whole rounds
        }

        Print(SoFar());
        return Verdict(measurements);
    }
    catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"bench: {error.Message}");
        return Red;
    }
});

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
ParseResult parsed = command.Parse(args);
int status = parsed.Invoke();
return parsed.Errors.Count > 0 ? Misuse : status;

// What whole rounds have measured is written already.
static void End(PosixSignalContext context)
{
    context.Cancel = true;
    RunningServer.KillAll();
    Environment.Exit(context.Signal == PosixSignal.SIGINT ? 130 : 143);
}

static void Write(string folder, BenchResults results)
{
    Directory.CreateDirectory(folder);
    File.WriteAllText(Path.Combine(folder, "bench.json"), results.Text());
    Plots.Write(results.Rows, folder);
    File.WriteAllText(Path.Combine(folder, "bench.md"),
        string.Concat(Tables.Of(results).Select(table => table.Markdown())) + string.Concat(Tables.Skipped(results.Rows).Select(line => $"- not asked: {line}\n")));
}

static void Print(BenchResults results)
{
    foreach (TextTable table in Tables.Of(results))
    {
        table.Print(AnsiConsole.Console);
    }

    foreach (string line in Tables.Skipped(results.Rows))
    {
        Console.WriteLine($"not asked: {line}");
    }
}

// Green if something was measured, no server failed, and no reply was wrong or lost. Speed is no verdict.
static int Verdict(IReadOnlyList<Measurement> measurements)
{
    long faults = measurements.Sum(each => each.Faults);
    int measured = measurements.Count(each => each.Skipped == null);
    Console.WriteLine($"{measured} measurements, {faults} wrong or lost replies or servers that failed");
    foreach (Measurement each in measurements.Where(each => each.Faults > 0))
    {
        Console.Error.WriteLine($"bench: {each.Contestant}, {each.Load} of {each.Clients} clients: {each.Skipped ?? $"{each.Faults} replies wrong or lost"}");
    }

    return measured > 0 && faults == 0 ? 0 : Red;
}
