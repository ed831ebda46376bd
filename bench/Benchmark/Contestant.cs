// Who takes part: contestants.json.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EasyTcp.Benchmark;

/// <summary>A server that takes part.</summary>
/// <param name="Name">Its name in the tables.</param>
/// <param name="Command">The program and its arguments; <c>{port}</c> and <c>{report}</c> are filled in.</param>
internal sealed record Contestant(string Name, IReadOnlyList<string> Command)
{
    /// <summary>The greatest number of clients at once that it can have; null for as many as the system allows.</summary>
    public int? Most { get; init; }

    /// <summary>The greatest number that may all be asking; null for as many as it can have.</summary>
    public int? MostBusy { get; init; }

    /// <summary>Why it cannot have more.</summary>
    public string Why { get; init; } = "";

    /// <summary>True if it refuses those who are too many, and serves the others.</summary>
    public bool Refuses { get; init; }

    /// <summary>True for what a user would pick instead of ours.</summary>
    public bool Rival { get; init; }

    /// <summary>True if it reports its clients at the interval that it is given.</summary>
    public bool HasReports => Command.Contains("{report}", StringComparer.Ordinal);

    /// <summary>A program that it needs and that need not be there.</summary>
    public string? Needs { get; init; }

    /// <summary>How many times as long as others it is warmed: a runtime that compiles while it runs needs some seconds until what is hot is compiled well.</summary>
    public int WarmTimes { get; init; } = 1;

    /// <summary>Why it cannot take part here; null if it can.</summary>
    public string? Obstacle => Needs != null && !Tools.Has(Needs) ? $"{Needs} is not on this machine" : null;

    /// <summary>What should be there and is not, which is a fault; null if all is.</summary>
    public string? Missing => Command.FirstOrDefault(part => part.Contains('/', StringComparison.Ordinal) && !File.Exists(Path.Combine(Repository.Root, part))) is string file ? $"{file} is not there" : null;

    /// <summary>Its command, ready to be run.</summary>
    /// <param name="report">The report's interval, in seconds.</param>
    public string[] CommandFor(double report) =>
    [
        .. Command.Select(part => Tools.Resolve(part).Replace("{port}", "0", StringComparison.Ordinal).Replace("{report}", report.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
    ];

    /// <summary>Why it is not asked with so many clients; null if it is.</summary>
    /// <param name="clients">How many.</param>
    /// <param name="areBusy">True if all of them ask, and not some few.</param>
    public string? Skips(int clients, bool areBusy)
    {
        int? most = areBusy ? MostBusy ?? Most : Most;
        return most < clients ? $"{clients} clients: at most {most}, for {Why}" : null;
    }
}

/// <summary>What a pair is meant to come to: <paramref name="Ratio"/> or better, with a number of clients in the range.</summary>
/// <param name="Contestant">Whose figures.</param>
/// <param name="Beside">To whose.</param>
/// <param name="Ratio">In throughput, p99 and processor time a request.</param>
/// <param name="Least">The fewest clients.</param>
/// <param name="Most">The most.</param>
internal sealed record Goal(string Contestant, string Beside, double Ratio, int Least, int Most)
{
    /// <summary>True if it is for so many clients.</summary>
    public bool IsFor(int clients) => clients >= Least && clients <= Most;
}

/// <summary>Who takes part, and what is meant to come of it.</summary>
internal sealed record ContestantFile(IReadOnlyList<Contestant> Contestants, IReadOnlyList<Goal> Goals, IReadOnlyList<Bound> Bounds)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Reads the list.</summary>
    /// <exception cref="InvalidDataException">It is not one.</exception>
    public static ContestantFile Load(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<ContestantFile>(File.ReadAllText(file), Format) ?? throw new InvalidDataException($"{file} is empty");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is no list of contestants: {error.Message}", error);
        }
    }
}
