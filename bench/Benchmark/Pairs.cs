// Two servers that run at once and are asked in turn: the machine's speed drifts over seconds, and a ratio is of neighbours.
namespace EasyTcp.Benchmark;

/// <summary>Asks a server in a closed loop, in turn with another.</summary>
/// <param name="extent">How much is measured.</param>
internal sealed class Pairs(Extent extent)
{
    private const int RepliesEach = 5; // fewer, and it is chance who of a crowd was served in the time
    private const double LongestTurn = 8; // seconds
    private const double LeastRamp = 0.05; // of each turn, before it counts
    private const double LongestRamp = 2;

    /// <summary>Asks them.</summary>
    /// <param name="own">Who is measured.</param>
    /// <param name="other">To whom; null for nobody.</param>
    /// <param name="isOwnFirst">True if it has the first turn, and never follows itself.</param>
    /// <param name="clients">How many clients of each ask.</param>
    /// <param name="outstanding">How many requests each of these has under way.</param>
    /// <param name="idle">How many more clients each server has.</param>
    /// <param name="turns">How often each is asked.</param>
    /// <returns>A measurement for each turn, without a name.</returns>
    /// <exception cref="InvalidOperationException">One of them did not stand that.</exception>
    public IReadOnlyList<Measurement> Ask(RunningServer own, RunningServer? other, bool isOwnFirst, int clients, int outstanding, int idle, int turns)
    {
        using var itsClients = StandingClients.Connect(own, clients, outstanding, idle);
        using StandingClients? othersClients = other == null ? null : StandingClients.Connect(other, clients, outstanding, idle);
        (Func<LoadResult> its, Func<LoadResult?> others) = InOrder(isOwnFirst, () => Turn(itsClients, own.Contestant, (long)clients * outstanding),
            () => othersClients == null ? (Func<LoadResult?>)(() => null) : Turn(othersClients, other!.Contestant, (long)clients * outstanding));
        Measurement[] measured = [.. Enumerable.Range(0, turns).Select(_ =>
        {
            (LoadResult result, LoadResult? beside) = InOrder(isOwnFirst, its, others);
            return Of(result, beside);
        })];
        itsClients.End();
        othersClients?.End();
        return measured;
    }

    /// <summary>Does two things, the one or the other first.</summary>
    public static (TOwn Own, TOther Other) InOrder<TOwn, TOther>(bool isOwnFirst, Func<TOwn> own, Func<TOther> other)
    {
        if (isOwnFirst)
        {
            return (own(), other());
        }

        TOther before = other();
        return (own(), before);
    }

    /// <summary>What one turn comes to.</summary>
    /// <param name="own">Its own.</param>
    /// <param name="other">The other's, if there is one.</param>
    public static Measurement Of(LoadResult own, LoadResult? other) => Measurement.Of(own, own.Replies) with
    {
        ToBeside = Ratio(own.Replies / own.Seconds, other?.Replies / other?.Seconds),
        P99ToBeside = Ratio(other?.P99, own.P99),
        CpuToBeside = Ratio(other?.ServerCpu / other?.Replies, own.ServerCpu / own.Replies),
        GeneratorBusy = Math.Max(own.Cpu / own.Seconds, (other?.Cpu / other?.Seconds) ?? 0),
    };

    // Of a server that answers nobody there is none.
    private static double? Ratio(double? value, double? to) => value is > 0 and < double.PositiveInfinity && to is > 0 and < double.PositiveInfinity ? value / to : null;

    // Warms a server; what it does meanwhile tells how long a turn must be, and how soon all of its clients are under way.
    private Func<LoadResult> Turn(StandingClients clients, Contestant contestant, long underWay)
    {
        double half = extent.Warm * contestant.WarmTimes / 2;
        LoadResult warm = clients.Ask(half, half);
        double seconds = Math.Clamp(warm.Replies > 0 ? RepliesEach * underWay * warm.Seconds / warm.Replies : LongestTurn, extent.Seconds, LongestTurn);
        double ramp = Math.Clamp(warm.Replies > 0 ? LeastRamp + (warm.P50 / 1e9) : LongestRamp, LeastRamp, LongestRamp);
        return () =>
        {
            LoadResult told = clients.Ask(ramp, seconds);
            // On a busy machine a short turn may pass before anybody has had a processor: it counts, but goes on.
            told = told.Replies > 0 ? told : told.And(clients.Ask(ramp, LongestTurn));
            return told.Replies > 0 ? told : throw new InvalidOperationException($"{contestant.Name} gave no reply in the {LongestTurn} s that were measured");
        };
    }
}
