// From measurements to figures: medians with their range, and ratios of what ran back to back.
namespace EasyTcp.Benchmark;

/// <summary>A median and the range that it comes from.</summary>
/// <param name="Median">The median of all rounds.</param>
/// <param name="Least">The least.</param>
/// <param name="Most">The greatest.</param>
internal sealed record Figure(double Median, double Least, double Most)
{
    /// <summary>The figure of some values; null if there are none.</summary>
    public static Figure? Of(IEnumerable<double?> values)
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        int middle = sorted.Length / 2;
        return sorted.Length == 0 ? null
            : new Figure(sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2, sorted[0], sorted[^1]);
    }
}

/// <summary>What a contestant did under one load.</summary>
/// <param name="Contestant">Who.</param>
/// <param name="Load">What was asked.</param>
/// <param name="Clients">Of how many clients.</param>
/// <param name="Throughput">Replies a second.</param>
/// <param name="P99">In seconds.</param>
/// <param name="CpuPerRequest">In seconds.</param>
/// <param name="ThroughputRatio">To the contestant that all are compared with, round by round.</param>
/// <param name="P99Ratio">Of its p99 to this one's: above 1 is quicker.</param>
/// <param name="CpuRatio">Of its processor time per request to this one's: above 1 is cheaper.</param>
internal sealed record Row(
    string Contestant, Load Load, int Clients, Figure? Throughput, Figure? P99, Figure? CpuPerRequest, Figure? ThroughputRatio, Figure? P99Ratio, Figure? CpuRatio)
{
    public Figure? P50 { get; init; }

    public Figure? P999 { get; init; }

    public Figure? Max { get; init; }

    public Figure? GeneratorCpuPerRequest { get; init; }

    public Figure? GeneratorBusy { get; init; }

    public Figure? ToAlone { get; init; }

    public Figure? CallsPerReply { get; init; }

    public Figure? MemoryPerClient { get; init; }

    public Figure? KernelPerClient { get; init; }

    public Figure? WorstReport { get; init; }

    public Figure? StartTime { get; init; }

    public Figure? Seconds { get; init; }

    public long Refused { get; init; }

    public long Faults { get; init; }

    public string? Skipped { get; init; }

    /// <summary>The course of a burst, of the round in the middle.</summary>
    public IReadOnlyList<double> Done { get; init; } = [];
}

/// <summary>The rows of a run.</summary>
internal static class Summary
{
    /// <summary>Sums a run up.</summary>
    /// <param name="measurements">All rounds.</param>
    /// <param name="yardstick">Whom all are compared with.</param>
    public static IReadOnlyList<Row> Of(IReadOnlyList<Measurement> measurements, string yardstick)
    {
        Dictionary<(Load, int, int), Measurement> itsRounds = measurements
            .Where(each => each.Load != Load.Duel && string.Equals(each.Contestant, yardstick, StringComparison.Ordinal))
            .ToDictionary(each => (each.Load, each.Clients, each.Round));
        return [.. measurements.Where(each => each.Load != Load.Duel).GroupBy(each => (each.Contestant, each.Load, each.Clients)).Select(group => RowOf([.. group], itsRounds))];
    }

    /// <summary>The rows of a pair that a goal is set for, with the ratios of one to the other, over all turns of all rounds.</summary>
    public static IReadOnlyList<Row> Of(IReadOnlyList<Measurement> measurements, Goal goal) =>
        [.. measurements.Where(each => each.Load == Load.Duel && string.Equals(each.Contestant, goal.Contestant, StringComparison.Ordinal) && string.Equals(each.Beside, goal.Beside, StringComparison.Ordinal))
            .GroupBy(each => each.Clients).OrderBy(turns => turns.Key)
            .Select(turns => new Row(goal.Contestant, Load.Duel, turns.Key, null, null, null,
                Figure.Of(turns.Select(each => each.ToBeside)), Figure.Of(turns.Select(each => each.P99ToBeside)), Figure.Of(turns.Select(each => each.CpuToBeside)))
            {
                GeneratorBusy = Figure.Of(turns.Select(each => each.GeneratorBusy)),
                Faults = turns.Sum(each => each.Faults),
            })];

    /// <summary>What does not depend on the load, a row for each contestant: its start, its worst report, its faults.</summary>
    public static IReadOnlyList<Row> Overall(IReadOnlyList<Row> rows) => [.. rows.GroupBy(row => row.Contestant, StringComparer.Ordinal).Select(own => own.First() with
    {
        StartTime = Figure.Of(own.Select(row => row.StartTime?.Median)),
        WorstReport = Figure.Of(own.Select(row => row.WorstReport?.Most)) is Figure worst ? worst with { Median = worst.Most } : null,
        Faults = own.Sum(row => row.Faults),
    })];

    private static Row RowOf(Measurement[] rounds, Dictionary<(Load, int, int), Measurement> yardstick)
    {
        Figure? Of(Func<Measurement, double?> value) => Figure.Of(rounds.Select(value));
        // A ratio of one round's pair, and only then the median: the machine's speed drifts between rounds.
        Figure? Ratio(Func<Measurement, double?> value, bool isLessBetter) => Figure.Of(rounds.Select(each =>
            yardstick.TryGetValue((each.Load, each.Clients, each.Round), out Measurement? other) && value(each) is double own and > 0 && value(other) is double its and > 0
                ? isLessBetter ? its / own : own / its
                : (double?)null));

        Measurement first = rounds[0];
        return new Row(first.Contestant, first.Load, first.Clients,
            Of(each => each.Throughput), Of(each => each.P99), Of(each => each.CpuPerRequest),
            Ratio(each => each.Throughput, isLessBetter: false), Ratio(each => each.P99, isLessBetter: true), Ratio(each => each.CpuPerRequest, isLessBetter: true))
        {
            P50 = Of(each => each.P50),
            P999 = Of(each => each.P999),
            Max = Of(each => each.Max),
            GeneratorCpuPerRequest = Of(each => each.GeneratorCpuPerRequest),
            GeneratorBusy = Of(each => each.GeneratorBusy),
            ToAlone = Of(each => each.ToAlone),
            CallsPerReply = Of(each => each.CallsPerReply),
            MemoryPerClient = Of(each => each.MemoryPerClient),
            KernelPerClient = Of(each => each.KernelPerClient),
            WorstReport = Of(each => each.WorstReport),
            StartTime = Of(each => each.StartTime),
            Seconds = Of(each => each.Seconds),
            Refused = rounds.Sum(each => each.Refused),
            Faults = rounds.Sum(each => each.Faults),
            Skipped = rounds.Select(each => each.Skipped).FirstOrDefault(reason => reason != null),
            Done = rounds.OrderBy(each => each.Seconds).ElementAt(rounds.Length / 2).Done,
        };
    }
}
