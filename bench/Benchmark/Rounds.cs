// The measurements in their order: in each round, for each load and size, one contestant after another, so that neighbours of
// the list, which are compared, ran back to back; every other round goes backwards.
using System.Globalization;

namespace EasyTcp.Benchmark;

/// <summary>Carries a benchmark out.</summary>
/// <param name="contestants">Who takes part.</param>
/// <param name="goals">The pairs that are compared most exactly.</param>
/// <param name="extent">How much is measured.</param>
/// <param name="tell">Takes one line of progress.</param>
internal sealed class Rounds(IReadOnlyList<Contestant> contestants, IReadOnlyList<Goal> goals, Extent extent, Action<string> tell)
{
    private const int Active = 10;
    private const int OpenAtMost = 900; // what a server around select() can have
    private const int Pipelined = 16;
    private const int ManyClients = 100;
    private const int KernelStack = 16 * 1024; // bytes of each thread, on Linux
    private const int RepliesEach = 5; // fewer, and it is chance who of a crowd was served in the time
    private const double LongestWindow = 8; // seconds

    /// <summary>That of the reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>All measurements, round by round.</summary>
    public IEnumerable<IReadOnlyList<Measurement>> Run() => Enumerable.Range(0, extent.Rounds).Select(round => (IReadOnlyList<Measurement>)[.. Round(round)]);

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
            .Concat(Each(round, Load.Crowd, Active + extent.Few, server => AskInCrowd(server, extent.Few)))
            .Concat(Each(round, Load.Crowd, Active + extent.Idle, server => AskInCrowd(server, extent.Idle)))
            .Concat(Each(round, Load.Burst, extent.Burst, Burst))
            .Concat(Each(round, Load.Storm, extent.Storm, Storm))
            .Concat(Each(round, Load.Memory, extent.Idle, Held))
            .Concat(new Duels(contestants, goals, extent, tell).Of(round)))
        {
            yield return measured;
        }
    }

    private IEnumerable<Measurement> Each(int round, Load load, int clients, Func<RunningServer, Measurement> measure)
    {
        tell(string.Create(CultureInfo.InvariantCulture, $"round {round + 1} of {extent.Rounds}: {load}, {clients} clients"));
        foreach (Contestant contestant in round % 2 == 0 ? contestants : contestants.Reverse())
        {
            var named = new Measurement(contestant.Name, load, clients, round);
            string? obstacle = contestant.Obstacle ?? (load == Load.Burst || (load == Load.Storm && contestant.Refuses) ? null : contestant.Skips(clients, areBusy: load is not (Load.Crowd or Load.Memory)));
            if ((obstacle ?? contestant.Missing) is string reason)
            {
                yield return named with { Skipped = reason, Faults = obstacle == null ? 1 : 0 };
                continue;
            }

            Measurement measured;
            try
            {
                using RunningServer server = RunningServer.Start(contestant, Interval);
                measured = measure(server) with { Contestant = contestant.Name, Load = load, Clients = clients, Round = round, StartTime = server.StartTime.TotalSeconds, WorstReport = server.WorstReport() };
                if (server.End() is string fault)
                {
                    throw new InvalidOperationException(fault);
                }
            }
            catch (Exception fault) when (fault is InvalidOperationException or IOException)
            {
                measured = named with { Faults = 1, Skipped = fault.Message };
            }

            yield return measured;
        }
    }

    private LoadResult Loop(RunningServer server, int clients, int outstanding, int idle = 0)
    {
        double warm = extent.Warm * server.Contestant.WarmTimes;
        LoadResult result = server.Loop(clients, outstanding, warm, extent.Seconds, idle);
        long wanted = (long)clients * outstanding * RepliesEach;
        if (result.Replies < wanted)
        {
            double seconds = Math.Clamp(extent.Seconds * wanted / Math.Max(result.Replies, 1), extent.Seconds, LongestWindow);
            result = server.Loop(clients, outstanding, warm, seconds, idle);
        }

        return result.Replies > 0 ? result : throw new InvalidOperationException($"no reply came in the {LongestWindow} s that were measured");
    }

    private Measurement Ask(RunningServer server, int clients, int outstanding)
    {
        LoadResult result = Loop(server, clients, outstanding);
        (double? calls, long faults) = clients == ManyClients ? Calls(server, clients, outstanding) : (null, 0);
        return Of(result, result.Replies) with { CallsPerReply = calls, Faults = result.Faults + faults };
    }

    // The same ten, on the same server, without the idle ones before and after, and with them.
    private Measurement AskInCrowd(RunningServer server, int idle)
    {
        LoadResult before = Loop(server, Active, 1);
        LoadResult crowd = Loop(server, Active, 1, idle);
        LoadResult after = Loop(server, Active, 1);
        double alone = (before.Replies + after.Replies) / (before.Seconds + after.Seconds);
        return Of(crowd, crowd.Replies) with { ToAlone = crowd.Replies / crowd.Seconds / alone, Faults = before.Faults + crowd.Faults + after.Faults };
    }

    // By runs of their own, for to count calls slows every one of them: what a longer run has more of, so that to connect and to
    // leave does not count.
    private (double? Calls, long Faults) Calls(RunningServer server, int clients, int outstanding)
    {
        long faults = 0;
        (long? Calls, long Replies) Count(double seconds)
        {
            long replies = 0;
            return (server.CountCalls(() =>
            {
                LoadResult result = server.Loop(clients, outstanding, 0, seconds);
                (replies, faults) = (result.All, faults + result.Faults);
            }), replies);
        }

        (long? shortCalls, long shortReplies) = Count(extent.Seconds / 3);
        (long? longCalls, long longReplies) = Count(extent.Seconds);
        return ((double?)(longCalls - shortCalls) / Math.Max(longReplies - shortReplies, 1), faults);
    }

    private Measurement Burst(RunningServer server)
    {
        LoadResult warm = server.Burst(extent.Burst / 5 * server.Contestant.WarmTimes, OpenAtMost);
        LoadResult result = server.Burst(extent.Burst, OpenAtMost);
        return Of(result, extent.Burst) with
        {
            Seconds = result.Seconds,
            Refused = result.Refused,
            Faults = warm.Faults + warm.Refused + result.Faults + result.Refused, // nobody need be refused with so few open at once
            Done = result.Done,
        };
    }

    private Measurement Storm(RunningServer server)
    {
        LoadResult result = server.Storm(extent.Storm);
        long served = extent.Storm - result.Refused;
        // Who can have fewer refuses the others, and serves as many as it can.
        bool isFull = server.Contestant.Most is int most && most < extent.Storm && served >= most;
        return Of(result, served) with { Seconds = result.Seconds, Refused = result.Refused, Faults = result.Faults + (isFull ? 0 : result.Refused) };
    }

    // What the second half costs: the first has the server's own stores grow. All of them have been answered once.
    private Measurement Held(RunningServer server)
    {
        int half = extent.Idle / 2;
        double? own = null;
        double kernel = 0;
        LoadResult.Hold(server.Port, half, () =>
        {
            (long memory, int threads) = (server.Memory(), server.Threads());
            LoadResult.Hold(server.Port, half, () =>
            {
                long grown = server.Memory() - memory;
                own = grown > 0 ? grown / (double)half : null; // a runtime that has just given some back tells nothing
                kernel = (server.Threads() - threads) * (double)KernelStack / half;
            });
        });
        return new Measurement("", default, 0, 0) { MemoryPerClient = own, KernelPerClient = kernel };
    }

    private static Measurement Of(LoadResult result, long requests) => new("", default, 0, 0)
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
