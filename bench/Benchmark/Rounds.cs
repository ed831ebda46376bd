// The measurements in their order: in each round, for each load and size, one contestant after another, and beside each the one
// that all are compared with (beside that one another of it, which shows what two that are the same differ by); every other
// round goes backwards, and has the other begin.
using System.Globalization;

namespace EasyTcp.Benchmark;

/// <summary>Carries a benchmark out.</summary>
/// <param name="contestants">Who takes part.</param>
/// <param name="yardstick">The name of the one that all are compared with.</param>
/// <param name="goals">The pairs that are compared most exactly.</param>
/// <param name="extent">How much is measured.</param>
/// <param name="tell">Takes one line of progress.</param>
internal sealed class Rounds(IReadOnlyList<Contestant> contestants, string yardstick, IReadOnlyList<Goal> goals, Extent extent, Action<string> tell)
{
    private const int Active = 10;
    private const int OpenAtMost = 900; // what a server around select() can have
    private const int Pipelined = 16;
    private const int ManyClients = 100;
    private const int KernelStack = 16 * 1024; // bytes of each thread, on Linux
    private const int CountedTimes = 3; // as long as a turn, to count system calls

    private readonly Pairs _pairs = new(extent);

    /// <summary>That of the reports.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>All measurements, round by round.</summary>
    public IEnumerable<IReadOnlyList<Measurement>> Run() => Enumerable.Range(0, extent.Rounds).Select(round => (IReadOnlyList<Measurement>)[.. Round(round)]);

    private IEnumerable<Measurement> Round(int round) => extent.Sizes.SelectMany(size => Each(round, Load.Loop, size, (own, other) => Ask(own, other, round, size, 1)))
        .Concat(Each(round, Load.Pipelined, ManyClients, (own, other) => Ask(own, other, round, ManyClients, Pipelined)))
        .Concat(Each(round, Load.Crowd, Active + extent.Few, (own, other) => AskInCrowd(own, other, round, extent.Few)))
        .Concat(Each(round, Load.Crowd, Active + extent.Idle, (own, other) => AskInCrowd(own, other, round, extent.Idle)))
        .Concat(Each(round, Load.Burst, extent.Burst, (own, other) => Burst(own, other, round)))
        .Concat(Each(round, Load.Storm, extent.Storm, (own, _) => [Storm(own)]))
        .Concat(Each(round, Load.Memory, extent.Idle, (own, _) => [Held(own)]))
        .Concat(
            from goal in goals
            where !string.Equals(goal.Beside, yardstick, StringComparison.Ordinal)
            let own = Ready(goal.Contestant)
            let other = Ready(goal.Beside)
            where own != null && other != null
            from size in extent.Sizes
            where goal.IsFor(size) && own.Skips(size, areBusy: true) == null && other.Skips(size, areBusy: true) == null
            from measured in Measure(new Measurement(own.Name, Load.Duel, size, round), own, other, (first, second) => _pairs.Ask(first, second, IsOwnFirst(round), size, 1, 0, extent.GoalTurns))
            select measured);

    private IEnumerable<Measurement> Each(int round, Load load, int clients, Func<RunningServer, RunningServer?, IReadOnlyList<Measurement>> measure)
    {
        foreach (Contestant contestant in round % 2 == 0 ? contestants : contestants.Reverse())
        {
            var named = new Measurement(contestant.Name, load, clients, round);
            string? obstacle = contestant.Obstacle ?? (load == Load.Burst || (load == Load.Storm && contestant.Refuses) ? null : contestant.Skips(clients, areBusy: load is not (Load.Crowd or Load.Memory)));
            if ((obstacle ?? contestant.Missing) is string reason)
            {
                yield return named with { Skipped = reason, Faults = obstacle == null ? 1 : 0 };
                continue;
            }

            Contestant? other = load is Load.Storm or Load.Memory ? null : Ready(yardstick);
            foreach (Measurement measured in Measure(named, contestant, other, measure))
            {
                yield return measured;
            }
        }
    }

    private IReadOnlyList<Measurement> Measure(Measurement named, Contestant contestant, Contestant? beside, Func<RunningServer, RunningServer?, IReadOnlyList<Measurement>> measure)
    {
        tell(string.Create(CultureInfo.InvariantCulture, $"round {named.Round + 1} of {extent.Rounds}: {named.Load}, {named.Clients} clients, {contestant.Name}{(beside == null ? "" : $" beside {beside.Name}")}"));
        named = named with { Beside = beside?.Name };
        try
        {
            using RunningServer own = RunningServer.Start(contestant, Interval);
            using RunningServer? other = beside == null ? null : RunningServer.Start(beside, Interval);
            IReadOnlyList<Measurement> measured = measure(own, other);
            double? worstReport = own.WorstReport();
            return (own.End() ?? other?.End()) is string fault ? throw new InvalidOperationException(fault)
                : [.. measured.Select(each => each with { Contestant = contestant.Name, Load = named.Load, Clients = named.Clients, Round = named.Round, Beside = named.Beside, StartTime = own.StartTime.TotalSeconds, WorstReport = worstReport })];
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException)
        {
            return [named with { Faults = 1, Skipped = fault.Message }];
        }
    }

    private static bool IsOwnFirst(int round) => round % 2 == 0;

    private Contestant? Ready(string name) => contestants.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.Ordinal) && each is { Obstacle: null, Missing: null });

    private IReadOnlyList<Measurement> Ask(RunningServer server, RunningServer? beside, int round, int clients, int outstanding)
    {
        bool hasGoal = outstanding == 1 && goals.Any(goal => string.Equals(goal.Contestant, server.Contestant.Name, StringComparison.Ordinal) && string.Equals(goal.Beside, beside?.Contestant.Name, StringComparison.Ordinal) && goal.IsFor(clients));
        IReadOnlyList<Measurement> turns = _pairs.Ask(server, beside, IsOwnFirst(round), clients, outstanding, 0, hasGoal ? extent.GoalTurns : extent.Turns);
        return clients == ManyClients ? [turns[0] with { CallsPerReply = Calls(server, clients, outstanding) }, .. turns.Skip(1)] : turns;
    }

    // The same ten, on the same server, without the idle ones before and after, and with them.
    private IReadOnlyList<Measurement> AskInCrowd(RunningServer server, RunningServer? beside, int round, int idle)
    {
        Measurement Alone() => _pairs.Ask(server, null, isOwnFirst: true, Active, 1, 0, 1)[0];
        Measurement before = Alone();
        IReadOnlyList<Measurement> crowd = _pairs.Ask(server, beside, IsOwnFirst(round), Active, 1, idle, extent.Turns);
        Measurement after = Alone();
        return [.. crowd.Select(turn => turn with { ToAlone = turn.Throughput / ((before.Throughput + after.Throughput) / 2) })];
    }

    // By runs of their own, for to count calls slows every one of them: what a longer run has more of, so that to connect and to
    // leave does not count.
    private double? Calls(RunningServer server, int clients, int outstanding)
    {
        (long? Calls, long Replies) Count(double seconds)
        {
            long replies = 0;
            return (server.CountCalls(() =>
            {
                using var standing = StandingClients.Connect(server, clients, outstanding);
                replies = standing.Ask(0, seconds).All;
                standing.End();
            }), replies);
        }

        (long? shortCalls, long shortReplies) = Count(extent.Seconds);
        (long? longCalls, long longReplies) = Count(extent.Seconds * CountedTimes);
        return (double?)(longCalls - shortCalls) / Math.Max(longReplies - shortReplies, 1);
    }

    // Nobody need be refused with so few open at once.
    private IReadOnlyList<Measurement> Burst(RunningServer server, RunningServer? beside, int round)
    {
        LoadResult? Of(RunningServer? one)
        {
            LoadResult? warm = one?.Burst(extent.Burst / 5 * one.Contestant.WarmTimes, OpenAtMost);
            LoadResult? result = one?.Burst(extent.Burst, OpenAtMost);
            long refused = warm?.Refused + result?.Refused ?? 0;
            long faults = warm?.Faults + result?.Faults ?? 0;
            return refused + faults == 0 ? result : throw new InvalidOperationException($"{one?.Contestant.Name}: {refused} clients were refused, {faults} replies wrong or lost");
        }

        (LoadResult? own, LoadResult? other) = Pairs.InOrder(IsOwnFirst(round), () => Of(server), () => Of(beside));
        return [Pairs.Of(own!, other) with { Seconds = own!.Seconds, Refused = own.Refused, Done = own.Done }];
    }

    private Measurement Storm(RunningServer server)
    {
        LoadResult result = server.Storm(extent.Storm);
        long served = extent.Storm - result.Refused;
        // Who can have fewer refuses the others, and serves as many as it can.
        bool isFull = server.Contestant.Most is int most && most < extent.Storm && served >= most;
        return Measurement.Of(result, served) with { Seconds = result.Seconds, Refused = result.Refused, Faults = result.Faults + (isFull ? 0 : result.Refused) };
    }

    // What the second half costs: the first has the server's own stores grow. All of them have been answered once.
    private Measurement Held(RunningServer server)
    {
        int half = extent.Idle / 2;
        using var first = StandingClients.Connect(server, 0, 1, half);
        (long memory, int threads) = (server.Memory(), server.Threads());
        using var second = StandingClients.Connect(server, 0, 1, half);
        long grown = server.Memory() - memory;
        int more = server.Threads() - threads;
        second.End();
        first.End();
        return new Measurement("", default, 0, 0)
        {
            MemoryPerClient = grown > 0 ? grown / (double)half : null, // a runtime that has just given some back tells nothing
            KernelPerClient = more * (double)KernelStack / half,
        };
    }
}
