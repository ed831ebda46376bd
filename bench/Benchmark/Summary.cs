// From measurements to figures: medians with their range.
namespace EasyTcp.Benchmark;

/// <summary>A median and the range that it comes from.</summary>
/// <param name="Median">The median of all rounds and turns.</param>
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
/// <param name="ThroughputRatio">To the contestant that all are compared with, which was asked in turn with it.</param>
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
    public static IReadOnlyList<Row> Of(IReadOnlyList<Measurement> measurements) =>
        [.. measurements.Where(each => each.Load != Load.Duel).GroupBy(each => (each.Contestant, each.Load, each.Clients)).Select(group => RowOf([.. group]))];

    /// <summary>The rows of a pair that a goal is set for, with the ratios of one to the other, over all turns of all rounds.</summary>
    public static IReadOnlyList<Row> Of(IReadOnlyList<Measurement> measurements, Goal goal) =>
        [.. measurements.Where(each => each.Load is Load.Loop or Load.Duel && string.Equals(each.Contestant, goal.Contestant, StringComparison.Ordinal) && string.Equals(each.Beside, goal.Beside, StringComparison.Ordinal) && goal.IsFor(each.Clients))
            .GroupBy(each => each.Clients).OrderBy(turns => turns.Key).Select(turns => RowOf([.. turns]))];

    /// <summary>What does not depend on the load, a row for each contestant: its start, its worst report, its faults.</summary>
    public static IReadOnlyList<Row> Overall(IReadOnlyList<Row> rows) => [.. rows.GroupBy(row => row.Contestant, StringComparer.Ordinal).Select(own => own.First() with
    {
        StartTime = Figure.Of(own.Select(row => row.StartTime?.Median)),
        WorstReport = Figure.Of(own.Select(row => row.WorstReport?.Most)) is Figure worst ? worst with { Median = worst.Most } : null,
        Faults = own.Sum(row => row.Faults),
    })];

    // A ratio is one of neighbours, and only then the median: the machine's speed drifts.
    private static Row RowOf(Measurement[] all)
    {
        Measurement first = all[0];
        Figure? Of(Func<Measurement, double?> value) => Figure.Of(all.Select(value));

        return new Row(first.Contestant, first.Load, first.Clients,
            Of(each => each.Throughput), Of(each => each.P99), Of(each => each.CpuPerRequest),
            Of(each => each.ToBeside), Of(each => each.P99ToBeside), Of(each => each.CpuToBeside))
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
            Refused = all.Sum(each => each.Refused),
            Faults = all.Sum(each => each.Faults),
            Skipped = all.Select(each => each.Skipped).FirstOrDefault(reason => reason != null),
            Done = all.OrderBy(each => each.Seconds).ElementAt(all.Length / 2).Done,
        };
    }
}
