// The measurements in their order: in each round, for each load and size, one contestant after another, so that what is
// compared ran back to back; each round begins with another one.
using System.Globalization;

namespace EasyTcp.Benchmark;

/// <summary>Carries a benchmark out.</summary>
/// <param name="contestants">Who takes part.</param>
/// <param name="extent">How much is measured.</param>
/// <param name="tell">Takes one line of progress.</param>
internal sealed class Rounds(IReadOnlyList<Contestant> contestants, Extent extent, Action<string> tell)
{
    private const int Active = 10;
    private const int OpenAtMost = 900; // what a server around select() can have
    private const int Pipelined = 16;
    private const int ManyClients = 100;
    private const int KernelStack = 16 * 1024; // bytes of each thread, on Linux
    private const int Page = 4096;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>All measurements.</summary>
    public IReadOnlyList<Measurement> Run() => [.. Enumerable.Range(0, extent.Rounds).SelectMany(Round)];

    private IEnumerable<Measurement> Round(int round)
    {
        foreach (int size in extent.Sizes)
        {
            foreach (Measurement measured in Each(round, Load.Loop, size, server => Ask(server, size, 1)))
            {
                yield return measured;
            }
        }

        foreach (Measurement measured in Each(round, Load.Pipelined, ManyClients, server => Ask(server, ManyClients, Pipelined))
            .Concat(Each(round, Load.Crowd, Active + extent.Idle, server => Ask(server, Active, 1, extent.Idle)))
            .Concat(Each(round, Load.Burst, extent.Burst, Burst))
            .Concat(Each(round, Load.Memory, extent.Idle, Held)))
        {
            yield return measured;
        }
    }

    private IEnumerable<Measurement> Each(int round, Load load, int clients, Func<RunningServer, Measurement> measure)
    {
        tell(string.Create(CultureInfo.InvariantCulture, $"round {round + 1} of {extent.Rounds}: {load}, {clients} clients"));
        for (int i = 0; i < contestants.Count; i++)
        {
            Contestant contestant = contestants[(i + round) % contestants.Count];
            var named = new Measurement(contestant.Name, load, clients, round);
            string? obstacle = contestant.Obstacle ?? (load == Load.Burst ? null : contestant.Skips(clients));
            if (obstacle != null)
            {
                yield return named with { Skipped = obstacle };
                continue;
            }

            Measurement measured;
            try
            {
                using RunningServer server = RunningServer.Start(contestant, Interval);
                measured = measure(server) with { Contestant = contestant.Name, Load = load, Clients = clients, Round = round, StartTime = server.StartTime.TotalSeconds, WorstReport = server.WorstReport() };
            }
            catch (InvalidOperationException fault)
            {
                measured = named with { Faults = 1, Skipped = fault.Message };
            }

            yield return measured;
        }
    }

    private Measurement Ask(RunningServer server, int clients, int outstanding, int idle = 0)
    {
        LoadResult Load(double seconds) => LoadResult.Run(
            "loop", $"{server.Port}", $"{clients}", $"{outstanding}", seconds.ToString(CultureInfo.InvariantCulture), $"{idle}");

        _ = Load(extent.Seconds / 5); // warm
        double before = server.Cpu();
        LoadResult result = Load(extent.Seconds);
        double cpu = server.Cpu() - before;
        // By a second, shorter run: to count calls slows every one of them.
        LoadResult? counted = null;
        long? calls = clients == ManyClients ? server.CountCalls(() => counted = Load(extent.Seconds / 3)) : null;
        return new Measurement("", default, 0, 0)
        {
            Throughput = result.Replies / result.Seconds,
            P50 = result.P50 / 1e9,
            P99 = result.P99 / 1e9,
            P999 = result.P999 / 1e9,
            Max = result.Max / 1e9,
            CpuPerRequest = cpu / Math.Max(result.Replies, 1),
            GeneratorCpuPerRequest = result.Cpu / Math.Max(result.Replies, 1),
            CallsPerReply = counted == null || calls == null ? null : (double)calls / Math.Max(counted.Replies, 1),
            Faults = result.Wrong + result.Lost,
        };
    }

    private Measurement Burst(RunningServer server)
    {
        double before = server.Cpu();
        LoadResult result = LoadResult.Run("burst", $"{server.Port}", $"{extent.Burst}", $"{OpenAtMost}");
        return new Measurement("", default, 0, 0)
        {
            Throughput = result.Replies / result.Seconds, // and not those who were refused
            Seconds = result.Seconds,
            P50 = result.P50 / 1e9,
            P99 = result.P99 / 1e9,
            P999 = result.P999 / 1e9,
            Max = result.Max / 1e9,
            CpuPerRequest = (server.Cpu() - before) / extent.Burst,
            GeneratorCpuPerRequest = result.Cpu / extent.Burst,
            Refused = result.Refused,
            Faults = result.Wrong + result.Lost,
            Done = result.Done,
        };
    }

    private Measurement Held(RunningServer server)
    {
        long before = server.Memory();
        int threads = server.Threads();
        double own = 0;
        double kernel = 0;
        LoadResult.Hold(server.Port, extent.Idle, () =>
        {
            AwaitServed(server);
            own = Math.Max(server.Memory() - before, 0) / (double)extent.Idle;
            kernel = (server.Threads() - threads) * (double)KernelStack / extent.Idle;
        });
        return new Measurement("", default, 0, 0) { MemoryPerClient = own, KernelPerClient = kernel };
    }

    // The system has connected them; the server has taken them all once its memory grows no more.
    private static void AwaitServed(RunningServer server)
    {
        long last;
        do
        {
            last = server.Memory() + server.Threads();
            LoadResult.Run("loop", $"{server.Port}", "1", "1", "0.1");
        }
        while (server.Memory() + server.Threads() > last + Page);
    }
}
