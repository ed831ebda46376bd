// artifacts/interop/results.json: what became of every planned cell, attempt by attempt, for programs to read.
using System.Text.Json;
using System.Text.Json.Serialization;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Running;

/// <summary>The results of a run as a file.</summary>
/// <param name="Version">Of the file's form.</param>
/// <param name="Run">The run as a whole.</param>
/// <param name="Plan">The hash of its plan, as in plan.json.</param>
/// <param name="Cells">Every planned cell exactly once, by name.</param>
/// <param name="Complaints">What is wrong beside the cells.</param>
internal sealed record ResultsFile(int Version, RunFacts Run, string Plan, IReadOnlyList<CellRecord> Cells, IReadOnlyList<string> Complaints)
{
    private const int CurrentVersion = 1;

    // The worst first: a cell that was repeated is told by its worst attempt.
    private static readonly Verdict[] ByWeight = [Verdict.Failed, Verdict.Inconclusive, Verdict.NotRun, Verdict.KnownFailure, Verdict.Unsupported, Verdict.Passed];

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The file of a run.</summary>
    /// <param name="run">The run as a whole.</param>
    /// <param name="plans">The plan of each repetition; all have the same cells.</param>
    /// <param name="results">What came of it, so far.</param>
    /// <param name="complaints">What is wrong beside the cells.</param>
    public static ResultsFile Of(RunFacts run, IReadOnlyList<Plan> plans, IEnumerable<CellResult> results, IReadOnlyList<string> complaints)
    {
        ILookup<string, CellResult> found = results.ToLookup(result => result.Cell.Name, StringComparer.Ordinal);
        return new ResultsFile(CurrentVersion, run, PlanFile.Of(plans[0]).Hash,
            [.. plans[0].Cells.OrderBy(cell => cell.Name, StringComparer.Ordinal).Select(cell => RecordOf(run, cell, [.. found[cell.Name]]))], complaints);
    }

    /// <summary>Reads one back.</summary>
    public static ResultsFile Read(string file) =>
        JsonSerializer.Deserialize<ResultsFile>(File.ReadAllText(file), Format) ?? throw new InvalidDataException($"{file} is empty");

    /// <summary>Writes it.</summary>
    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(this, Format) + "\n");
    }

    private static CellRecord RecordOf(RunFacts run, Cell cell, CellResult[] results)
    {
        CellResult[] ran = [.. results.Where(result => result.Verdict != Verdict.NotRun).OrderBy(result => result.Cell.RunSeed)];
        AttemptRecord[] attempts = [.. ran.SelectMany(result => result.Outcome.Attempts.Select(attempt =>
            new AttemptRecord(attempt.Verdict, result.Cell.RunSeed, Math.Round(attempt.Duration.TotalSeconds, 3), attempt.Story, attempt.Measurements)))];
        bool isMissing = ran.Length < run.Options.Repeat;
        string? reason = !isMissing ? null
            : results.FirstOrDefault(result => result.Verdict == Verdict.NotRun)?.Outcome.Story
            ?? (run.Interrupted is string signal ? $"the run was ended by {signal} before the cell was" : "the test runner never came to it");
        IEnumerable<Verdict> verdicts = ran.Select(result => result.Verdict).Concat(isMissing ? [Verdict.NotRun] : []);
        return new CellRecord(cell.Name, cell.Server?.Name, cell.Client?.Name, cell.Case.About.Id, cell.Case.About.Clause,
            verdicts.MinBy(verdict => Array.IndexOf(ByWeight, verdict)), reason, attempts);
    }
}

/// <summary>A run as a whole.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Start">When it began, on the wall clock; for people.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Interrupted">The signal that ended it early; null if none did.</param>
internal sealed record RunFacts(RunOptions Options, DateTimeOffset Start, double Seconds, string? Interrupted);

/// <summary>What a run was asked for.</summary>
internal sealed record RunOptions(string? Server, string? Client, string? Case, bool Quick, string? Variants, bool Saboteurs, long Seed, int Repeat, bool Nightly = false);

/// <summary>What became of a cell.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">The server; null for a case without one.</param>
/// <param name="Client">The client; null for a case without one.</param>
/// <param name="Case">The case's ID.</param>
/// <param name="Clause">The clause that it proves.</param>
/// <param name="Verdict">The worst verdict of its repetitions.</param>
/// <param name="Reason">Why it was not run, or not as often as planned.</param>
/// <param name="Attempts">Each time that it ran, those included that say nothing of the peer.</param>
internal sealed record CellRecord(string Name, string? Server, string? Client, string Case, string Clause, Verdict Verdict, string? Reason, IReadOnlyList<AttemptRecord> Attempts);

/// <summary>One attempt at a cell.</summary>
/// <param name="Verdict">Its verdict.</param>
/// <param name="Seed">The run's seed in that repetition.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Story">Why it did not pass.</param>
/// <param name="Measurements">What was measured.</param>
internal sealed record AttemptRecord(Verdict Verdict, long Seed, double Seconds, string? Story, IReadOnlyList<Measurement> Measurements);
