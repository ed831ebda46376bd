// Two servers that run at once and are asked in turn: the machine's speed drifts over seconds, and a ratio is of neighbours.
using System.Globalization;

namespace EasyTcp.Benchmark;

/// <summary>Measures the pairs that a goal is set for.</summary>
/// <param name="contestants">Who takes part.</param>
/// <param name="goals">The goals.</param>
/// <param name="extent">How much is measured.</param>
/// <param name="tell">Takes one line of progress.</param>
internal sealed class Duels(IReadOnlyList<Contestant> contestants, IReadOnlyList<Goal> goals, Extent extent, Action<string> tell)
{
    private const double LongestWarm = 0.2;
    private const double LongestSlice = 0.5;
    private const double SecondsPerClient = 1e-4; // a slice has room for some replies to each

    /// <summary>A round: of each pair with each number of clients so many turns as <see cref="Extent.Turns"/>.</summary>
    public IEnumerable<Measurement> Of(int round) =>
        from goal in goals
        let own = contestants.FirstOrDefault(each => string.Equals(each.Name, goal.Contestant, StringComparison.Ordinal))
        let other = contestants.FirstOrDefault(each => string.Equals(each.Name, goal.Beside, StringComparison.Ordinal))
        where own is { Obstacle: null, Missing: null } && other is { Obstacle: null, Missing: null }
        from size in extent.Sizes
        where size >= goal.Least && size <= goal.Most && own.Skips(size, areBusy: true) == null && other.Skips(size, areBusy: true) == null
        from measured in Fight(own, other, size, round)
        select measured;

    private Measurement[] Fight(Contestant own, Contestant other, int clients, int round)
    {
        tell(string.Create(CultureInfo.InvariantCulture, $"round {round + 1} of {extent.Rounds}: {own.Name} beside {other.Name}, {clients} clients"));
        var named = new Measurement(own.Name, Load.Duel, clients, round) { Beside = other.Name };
        try
        {
            using RunningServer first = RunningServer.Start(own, Rounds.Interval);
            using RunningServer second = RunningServer.Start(other, Rounds.Interval);
            foreach (RunningServer slow in new[] { first, second }.Where(each => each.Contestant.WarmTimes > 1))
            {
                slow.Loop(clients, 1, 0, extent.Warm * slow.Contestant.WarmTimes);
            }

            Measurement[] turns = [.. Enumerable.Range(0, extent.Turns).Select(turn => Turn(first, second, clients, turn % 2 == 0, named))];
            return (first.End() ?? second.End()) is string fault ? throw new InvalidOperationException(fault) : turns;
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException)
        {
            return [named with { Faults = 1, Skipped = fault.Message }];
        }
    }

    private Measurement Turn(RunningServer own, RunningServer other, int clients, bool isOwnFirst, Measurement named)
    {
        LoadResult Ask(RunningServer server) => server.Loop(clients, 1, Math.Min(extent.Warm, LongestWarm), Math.Max(Math.Min(extent.Seconds, LongestSlice), clients * SecondsPerClient));
        LoadResult first = Ask(isOwnFirst ? own : other);
        LoadResult second = Ask(isOwnFirst ? other : own);
        (LoadResult its, LoadResult others) = isOwnFirst ? (first, second) : (second, first);
        if (its.Replies == 0 || others.Replies == 0)
        {
            throw new InvalidOperationException("no reply came in the time measured");
        }

        return named with
        {
            ToBeside = its.Replies / its.Seconds / (others.Replies / others.Seconds),
            P99ToBeside = others.P99 / its.P99,
            CpuToBeside = others.ServerCpu / others.Replies / (its.ServerCpu / its.Replies),
            GeneratorBusy = Math.Max(its.Cpu / its.Seconds, others.Cpu / others.Seconds),
            Faults = its.Faults + others.Faults,
        };
    }
}
