// bench.json: everything that was measured, and what it comes to; its form is bench/bench.schema.json.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EasyTcp.Benchmark;

/// <summary>A run.</summary>
/// <param name="Version">Of the form.</param>
/// <param name="Start">When it began, for people.</param>
/// <param name="Machine">Processors, and the system's name and version.</param>
/// <param name="Yardstick">Whom all are compared with.</param>
/// <param name="Extent">How much was measured.</param>
/// <param name="Goals">What was meant to come of it, of pairs.</param>
/// <param name="Bounds">The same, of one server.</param>
/// <param name="Rows">The figures.</param>
/// <param name="Measurements">Each measurement.</param>
internal sealed record BenchResults(int Version, DateTimeOffset Start, Machine Machine, string Yardstick, Extent Extent, IReadOnlyList<Goal> Goals, IReadOnlyList<Bound> Bounds, IReadOnlyList<Row> Rows, IReadOnlyList<Measurement> Measurements)
{
    public const int CurrentVersion = 5;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The file's text.</summary>
    public string Text() => JsonSerializer.Serialize(this, Format);
}

/// <summary>Where a run was.</summary>
/// <param name="Processors">How many.</param>
/// <param name="System">The system's name and version.</param>
/// <param name="Pinned">True if the generator and the server had a processor each.</param>
/// <param name="EmptyStart">How long a program that does nothing takes from its start to its end, in seconds: what is in every start.</param>
internal sealed record Machine(int Processors, string System, bool Pinned, double EmptyStart)
{
    /// <summary>This one.</summary>
    public static Machine This { get; } = new(Environment.ProcessorCount, Environment.OSVersion.ToString(), Tools.CanPin, Tools.EmptyStart());
}
