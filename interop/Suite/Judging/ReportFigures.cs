// How well a server keeps its report's schedule, in figures.
namespace EasyTcp.Interop.Judging;

/// <summary>The figures of a row of reports.</summary>
/// <param name="Reports">How many there were.</param>
/// <param name="Worst">The largest deviation from the schedule, in seconds; negative if that report was early.</param>
/// <param name="Jitter">The deviations' standard deviation, in seconds.</param>
/// <param name="Drift">By how much they grow in an hour: the slope of a linear regression, in seconds per hour.</param>
/// <param name="DriftError">The slope's standard error; null for fewer than three reports, which lie on a line always.</param>
internal sealed record ReportFigures(int Reports, double Worst, double Jitter, double Drift, double? DriftError)
{
    private const string DeviationName = "report deviation";
    private const string WorstName = "report worst";
    private const string JitterName = "report jitter";
    private const string DriftName = "report drift";
    private const string DriftErrorName = "report drift error";
    private const double SecondsPerHour = 3600;

    /// <summary>The figures of two reports or more.</summary>
    /// <param name="interval">The reports' interval.</param>
    /// <param name="deviations">How much later than its time each came.</param>
    public static ReportFigures Of(TimeSpan interval, IReadOnlyList<TimeSpan> deviations)
    {
        double[] late = [.. deviations.Select(each => each.TotalSeconds)];
        double[] due = [.. Enumerable.Range(1, late.Length).Select(n => n * interval.TotalSeconds)];
        double meanLate = late.Average();
        double meanDue = due.Average();
        double spread = due.Sum(each => (each - meanDue) * (each - meanDue));
        double slope = due.Zip(late, (x, y) => (x - meanDue) * (y - meanLate)).Sum() / spread;
        double rest = due.Zip(late, (x, y) => y - meanLate - (slope * (x - meanDue))).Sum(each => each * each);
        return new ReportFigures(late.Length, late.MaxBy(Math.Abs),
            Math.Sqrt(late.Sum(each => (each - meanLate) * (each - meanLate)) / (late.Length - 1)),
            slope * SecondsPerHour,
            late.Length < 3 ? null : Math.Sqrt(rest / (late.Length - 2) / spread) * SecondsPerHour);
    }

    /// <summary>The figures that a case measured; null if it measured none.</summary>
    public static ReportFigures? From(IReadOnlyList<Measurement> measurements)
    {
        double? One(string name) => measurements.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.Ordinal))?.Values[0];
        return measurements.FirstOrDefault(each => each.Name is DeviationName) is Measurement deviations && One(DriftName) is double drift
            ? new ReportFigures(deviations.Values.Count, One(WorstName)!.Value, One(JitterName)!.Value, drift, One(DriftErrorName))
            : null;
    }

    /// <summary>What there is to measure of a row of reports; no figures of fewer than two.</summary>
    /// <param name="interval">The reports' interval.</param>
    /// <param name="deviations">How much later than its time each came.</param>
    public static IEnumerable<Measurement> Measure(TimeSpan interval, IReadOnlyList<TimeSpan> deviations)
    {
        yield return new Measurement(DeviationName, "s", [.. deviations.Select(each => Math.Round(each.TotalSeconds, 6))]);
        if (deviations.Count < 2)
        {
            yield break;
        }

        ReportFigures figures = Of(interval, deviations);
        yield return new Measurement(WorstName, "s", [Math.Round(figures.Worst, 6)]);
        yield return new Measurement(JitterName, "s", [Math.Round(figures.Jitter, 6)]);
        yield return new Measurement(DriftName, "s/h", [Math.Round(figures.Drift, 3)]);
        if (figures.DriftError is double error)
        {
            yield return new Measurement(DriftErrorName, "s/h", [Math.Round(error, 3)]);
        }
    }
}
