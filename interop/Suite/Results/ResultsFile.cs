// artifacts/interop/results.json (interop/results.schema.json): all that a run has to say, for programs to read. The report, the
// summary, the badge and a merge of shards are made from it alone.
using System.Text.Json;
using System.Text.Json.Serialization;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Results;

/// <summary>The results of a run as a file.</summary>
/// <param name="Version">Of the file's form.</param>
/// <param name="Run">The run as a whole.</param>
/// <param name="Plan">What it was to do.</param>
/// <param name="Peers">The programs that were judged.</param>
/// <param name="Cases">The cases that judged them.</param>
/// <param name="Clauses">The contract's clauses, all of them.</param>
/// <param name="Cells">Every planned cell exactly once, by name.</param>
/// <param name="Complaints">What is wrong beside the cells.</param>
internal sealed record ResultsFile(int Version, RunFacts Run, PlanFacts Plan, IReadOnlyList<PeerRecord> Peers, IReadOnlyList<CaseRecord> Cases,
    IReadOnlyList<Clause> Clauses, IReadOnlyList<CellRecord> Cells, IReadOnlyList<string> Complaints)
{
    public const int CurrentVersion = 3;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads one back.</summary>
    /// <exception cref="InvalidDataException">It is no file of results, or one of another version.</exception>
    public static ResultsFile Read(string file)
    {
        try
        {
            string text = File.ReadAllText(file);
            using JsonDocument document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number))
            {
                throw new InvalidDataException($"{file} is no file of results: it has no version");
            }

            if (number != CurrentVersion)
            {
                throw new InvalidDataException($"{file} has results of version {number}, and this suite reads version {CurrentVersion}");
            }

            ResultsFile results = JsonSerializer.Deserialize<ResultsFile>(text, Format)!;
            return !results.HasNoHoles ? throw new InvalidDataException($"{file} is no file of results: a list in it holds null")
                : results.Cases.GroupBy(each => each.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { Key: string twice } ? throw new InvalidDataException($"{file} is no file of results: it has the case {twice} twice")
                : results;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is no file of results: {error.Message}", error);
        }
    }

    // A list in JSON may hold null where none is allowed.
    private bool HasNoHoles => new IEnumerable<object?>[] { Peers, Cases, Clauses, Cells, Complaints }.All(list => list.All(item => item != null)) && Cases.All(each => each.Also.All(clause => clause != null)) &&
        Cells.All(cell => cell.Attempts.All(attempt => attempt?.Measurements.All(each => each != null) == true && attempt.Log.All(each => each != null)));

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string half = $"{file}.new";
        File.WriteAllText(half, JsonSerializer.Serialize(this, Format) + "\n");
        File.Move(half, file, overwrite: true);
    }
}

/// <summary>A run as a whole.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Start">When it began, on the wall clock; for people.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Interrupted">The signal that ended it early; null if none did.</param>
/// <param name="Commit">The commit that was judged; null where that cannot be told.</param>
/// <param name="IsChanged">True if the work tree differed from that commit.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Versions">The compilers and runtimes there, by name.</param>
internal sealed record RunFacts(RunOptions Options, DateTimeOffset Start, double Seconds, string? Interrupted, string? Commit, bool IsChanged, Machine Machine, IReadOnlyDictionary<string, string> Versions);

/// <summary>What a run was asked for.</summary>
/// <remarks><c>Evidence</c> is true if it was to be kept of every cell. <c>History</c> and <c>Peers</c> are files: what was played
/// instead of random histories, and the registry; null for none, and for the default one.</remarks>
internal sealed record RunOptions(string? Server, string? Client, string? Case, bool Quick, string? Variants, bool Saboteurs, long Seed, int Repeat, bool Nightly = false, bool Evidence = false, string? History = null, string? Peers = null);

/// <summary>A machine.</summary>
/// <param name="System">Its system, as in <c>Debian GNU/Linux 12</c>.</param>
/// <param name="Architecture">Its processors' kind, as in <c>x64</c>.</param>
/// <param name="Processors">How many the suite may use.</param>
/// <param name="Place">Where the peers ran: <c>processes</c>, <c>docker</c> or <c>compose</c>.</param>
internal sealed record Machine(string System, string Architecture, int Processors, string Place)
{
    /// <summary>False if peers could not reach each other over IPv6, so that nothing was judged over it.</summary>
    public bool Ipv6 { get; init; } = true;

    /// <summary>The kind of system that it is.</summary>
    [JsonIgnore]
    public string Family => System.Contains("Windows", StringComparison.Ordinal) ? "Windows" : System.Contains("macOS", StringComparison.Ordinal) || System.Contains("Darwin", StringComparison.Ordinal) ? "macOS" : "Linux";
}

/// <summary>What a run was to do.</summary>
/// <param name="Hash">Of the cells' names, as in plan.json: two runs of the same plan have the same.</param>
/// <param name="Cells">How many cells it has.</param>
/// <param name="Whole">The hash of the plan that this is a shard of; its own if it is none.</param>
/// <param name="Shard">Which part of that plan it is; null for all of it.</param>
internal sealed record PlanFacts(string Hash, int Cells, string Whole, Shard? Shard);

/// <summary>A program that was judged.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role"><c>server</c> or <c>client</c>.</param>
/// <param name="Language">What it is written in.</param>
/// <param name="Method">How a server waits; null for a client.</param>
/// <param name="Command">Its command, as the registry or the caller gave it.</param>
internal sealed record PeerRecord(string Name, string Role, string Language, string? Method, string Command);

/// <summary>A case.</summary>
/// <param name="Id">Its ID.</param>
/// <param name="Role">Who it judges: <c>pair</c>, <c>server</c> or <c>client</c>.</param>
/// <param name="Clause">The clause that it proves.</param>
/// <param name="Also">Other clauses that it proves on its way.</param>
/// <param name="Sentence">What it shows.</param>
internal sealed record CaseRecord(string Id, string Role, string Clause, IReadOnlyList<string> Also, string Sentence);

/// <summary>What became of a cell.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Server">The server; null for a case without one.</param>
/// <param name="Client">The client; null for a case without one.</param>
/// <param name="Case">The case's ID.</param>
/// <param name="Clause">The clause that it proves.</param>
/// <param name="Verdict">The worst verdict of its repetitions.</param>
/// <param name="Seconds">How long its attempts took together.</param>
/// <param name="Reason">Why it was not run, or not as often as planned.</param>
/// <param name="Replay">The line that runs it alone.</param>
/// <param name="Attempts">Each time that it ran, those included that say nothing of the peer.</param>
internal sealed record CellRecord(string Name, string? Server, string? Client, string Case, string Clause, Verdict Verdict, double Seconds, string? Reason, string Replay, IReadOnlyList<AttemptRecord> Attempts);

/// <summary>One attempt at a cell.</summary>
/// <param name="Verdict">Its verdict.</param>
/// <param name="Seed">The run's seed in that repetition.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Failure">The check that did not hold; null if there was none, or if the suite itself failed.</param>
/// <param name="Story">Why it did not pass, for a person.</param>
/// <param name="Measurements">What was measured.</param>
/// <param name="Log">Lines that the server printed while it had a crowd, some of them; none without a crowd.</param>
/// <param name="Evidence">The folder of what was kept of it, from this file's; null if nothing was.</param>
internal sealed record AttemptRecord(Verdict Verdict, long Seed, double Seconds, FailureRecord? Failure, string? Story, IReadOnlyList<Measurement> Measurements, IReadOnlyList<LogLine> Log, string? Evidence);

/// <summary>A check that did not hold.</summary>
/// <param name="Clause">The clause that was broken.</param>
/// <param name="Sentence">All of it, in one sentence.</param>
/// <param name="Expected">What that clause promises here.</param>
/// <param name="Actual">What was seen.</param>
internal sealed record FailureRecord(string Clause, string Sentence, string Expected, string Actual);
