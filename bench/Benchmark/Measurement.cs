// One measurement, and what was measured.
namespace EasyTcp.Benchmark;

/// <summary>What is asked of a server.</summary>
internal enum Load
{
    /// <summary>Each client has one request under way.</summary>
    Loop,

    /// <summary>Each client has sixteen requests under way.</summary>
    Pipelined,

    /// <summary>Ten clients ask, and many are idle.</summary>
    Crowd,

    /// <summary>Fresh clients connect, ask once, and go.</summary>
    Burst,

    /// <summary>As <see cref="Loop"/>, beside another than the one that all are compared with.</summary>
    Duel,

    /// <summary>Clients connect, ask once when all of them are there, and go.</summary>
    Storm,

    /// <summary>Idle clients are held, and what they cost is counted.</summary>
    Memory,
}

/// <summary>One measurement of a round; of a closed loop one of its turns.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Load">What was asked.</param>
/// <param name="Clients">Of how many clients.</param>
/// <param name="Round">In which round, from 0.</param>
internal sealed record Measurement(string Contestant, Load Load, int Clients, int Round)
{
    /// <summary>Replies a second; of a burst clients a second.</summary>
    public double? Throughput { get; init; }

    /// <summary>Latencies, in seconds.</summary>
    public double? P50 { get; init; }

    public double? P99 { get; init; }

    public double? P999 { get; init; }

    public double? Max { get; init; }

    /// <summary>The server's processor time per request, in seconds; of a storm per client who was served.</summary>
    public double? CpuPerRequest { get; init; }

    /// <summary>The generator's own, in seconds: what shows whether it is the bottleneck.</summary>
    public double? GeneratorCpuPerRequest { get; init; }

    /// <summary>The part of the time measured in which the generator was at work, of both servers the greater: at 1 it, and not the server, is the limit.</summary>
    public double? GeneratorBusy { get; init; }

    /// <summary>Of a crowd: its throughput, to that of those who ask with nobody idle beside them.</summary>
    public double? ToAlone { get; init; }

    /// <summary>Who was asked in turn with it; null for nobody.</summary>
    public string? Beside { get; init; }

    /// <summary>Its throughput to the other's.</summary>
    public double? ToBeside { get; init; }

    /// <summary>The other's p99 to its own: above 1 is quicker.</summary>
    public double? P99ToBeside { get; init; }

    /// <summary>The other's processor time per request to its own: above 1 is cheaper.</summary>
    public double? CpuToBeside { get; init; }

    /// <summary>System calls of the server per reply.</summary>
    public double? CallsPerReply { get; init; }

    /// <summary>The server's own memory per idle client, in bytes.</summary>
    public double? MemoryPerClient { get; init; }

    /// <summary>The system's memory for its threads' stacks per idle client, in bytes.</summary>
    public double? KernelPerClient { get; init; }

    /// <summary>The report's greatest deviation from its schedule, in seconds.</summary>
    public double? WorstReport { get; init; }

    /// <summary>From its start to the ready line, in seconds.</summary>
    public double? StartTime { get; init; }

    /// <summary>Of a burst: how long it took, in seconds, and how many were closed without a reply.</summary>
    public double? Seconds { get; init; }

    public long Refused { get; init; }

    /// <summary>Replies that were wrong or never came.</summary>
    public long Faults { get; init; }

    /// <summary>Of a burst: when each fiftieth of the clients had been answered, in seconds.</summary>
    public IReadOnlyList<double> Done { get; init; } = [];

    /// <summary>Why there is nothing; null if there is.</summary>
    public string? Skipped { get; init; }

    /// <summary>What the generator tells of one run, without a name.</summary>
    /// <param name="result">What it tells.</param>
    /// <param name="requests">Of how many requests the processor time is.</param>
    public static Measurement Of(LoadResult result, long requests) => new("", default, 0, 0)
    {
        Throughput = result.Replies / result.Seconds, // of a burst, and not those who were refused
        P50 = result.P50 / 1e9,
        P99 = result.P99 / 1e9,
        P999 = result.P999 / 1e9,
        Max = result.Max / 1e9,
        CpuPerRequest = result.ServerCpu / Math.Max(requests, 1),
        GeneratorCpuPerRequest = result.Cpu / Math.Max(requests, 1),
        GeneratorBusy = result.Cpu / result.Seconds,
        Faults = result.Faults,
    };
}

/// <summary>What a run measures.</summary>
/// <param name="Rounds">How often.</param>
/// <param name="Warm">For how long a server is asked before its first turn, in seconds; longer for a runtime that compiles while it runs.</param>
/// <param name="Seconds">How long a turn is; longer where that is no time for some replies to each client.</param>
/// <param name="Sizes">With how many clients.</param>
/// <param name="Idle">How many are idle in a crowd, and how many are held for the memory.</param>
/// <param name="Few">How many are idle in a crowd that a server around select() can have.</param>
/// <param name="Burst">How many come and go.</param>
/// <param name="Storm">How many are there at once.</param>
/// <param name="Turns">How many turns each has in a closed loop, in each round.</param>
/// <param name="GoalTurns">The same, of a pair that a goal is set for.</param>
internal sealed record Extent(int Rounds, double Warm, double Seconds, IReadOnlyList<int> Sizes, int Idle, int Few, int Burst, int Storm, int Turns, int GoalTurns)
{
    /// <summary>The whole.</summary>
    public static Extent Whole { get; } = new(5, 0.4, 0.25, [1, 10, 100, 1000, 10_000, 19_000], 9_900, 970, 20_000, 19_000, 2, 6);

    /// <summary>As much as proves that it works.</summary>
    public static Extent Short { get; } = new(1, 0.1, 0.2, [10], 300, 100, 500, 300, 1, 2);
}
