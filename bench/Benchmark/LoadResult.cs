// What the load generator (bench/load.c) says.
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EasyTcp.Benchmark;

/// <summary>One line of the load generator's.</summary>
/// <param name="Replies">Right replies in the time measured.</param>
/// <param name="Seconds">That time.</param>
/// <param name="P50">Half of all replies took no longer, in nanoseconds.</param>
/// <param name="P99">99 of 100.</param>
/// <param name="P999">999 of 1,000.</param>
/// <param name="Max">The longest.</param>
/// <param name="Wrong">Replies that were not what was asked for.</param>
/// <param name="Lost">Requests without a reply.</param>
/// <param name="Refused">Clients of a burst that were closed without a reply.</param>
/// <param name="Cpu">What the generator itself took in that time, in seconds of a processor.</param>
/// <param name="ServerCpu">What the server took in it.</param>
/// <param name="All">Right replies since the generator's start.</param>
internal sealed record LoadResult(long Replies, double Seconds, double P50, double P99, double P999, double Max, long Wrong, long Lost, long Refused, double Cpu, double ServerCpu, long All)
{
    private const string Generator = "artifacts/c/bench/load";
    private const int Processor = 0;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    /// <summary>Of a burst: when each fiftieth of the clients had been answered, in seconds; of those who were.</summary>
    public IReadOnlyList<double> Done { get; init; } = [];

    /// <summary>Replies that were wrong or never came.</summary>
    [JsonIgnore]
    public long Faults => Wrong + Lost;

    /// <summary>Runs the generator.</summary>
    /// <param name="server">The name of the server that it asks.</param>
    /// <param name="arguments">The generator's.</param>
    /// <exception cref="InvalidOperationException">It could not do its work.</exception>
    public static LoadResult Run(string server, params string[] arguments)
    {
        using Process load = Start(arguments);
        string line = load.StandardOutput.ReadToEnd();
        string errors = load.StandardError.ReadToEnd();
        load.WaitForExit();
        return load.ExitCode is 0 or 1 ? Of(line) : throw new InvalidOperationException($"{server}: {errors.Trim()}");
    }

    /// <summary>The same with more time, of which the latencies are.</summary>
    public LoadResult And(LoadResult more) => more with { Seconds = Seconds + more.Seconds, Replies = Replies + more.Replies, Max = Math.Max(Max, more.Max), Cpu = Cpu + more.Cpu, ServerCpu = ServerCpu + more.ServerCpu };

    /// <summary>Reads a line of the generator's.</summary>
    public static LoadResult Of(string line) => JsonSerializer.Deserialize<LoadResult>(line, Format)!;

    /// <summary>Starts the generator.</summary>
    public static Process Start(params string[] arguments)
    {
        var program = new ProcessStartInfo(Path.Combine(Repository.Root, Generator), arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        return Tools.Start(Processor, program);
    }
}
