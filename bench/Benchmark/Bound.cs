// What one server is meant to keep to, beside the ratios of pairs.
using System.Globalization;

namespace EasyTcp.Benchmark;

/// <summary>A bound on a figure, or on its ratio to another contestant's.</summary>
/// <param name="Contestant">Whose figure; <c>*</c> for everybody's.</param>
/// <param name="Of">Which: the name of a property of <see cref="Row"/>, as bench.json has it.</param>
/// <param name="What">The same in words, with its unit.</param>
internal sealed record Bound(string Contestant, string Of, string What)
{
    /// <summary>Under which load; null for all together, the worst of them.</summary>
    public Load? Load { get; init; }

    /// <summary>With how many clients; null for any number.</summary>
    public int? Clients { get; init; }

    /// <summary>To whose figure; null for the figure itself.</summary>
    public string? Beside { get; init; }

    /// <summary>The least; null for none.</summary>
    public double? Least { get; init; }

    /// <summary>The most; null for none.</summary>
    public double? Most { get; init; }

    /// <summary>A row of the table for each contestant that it holds for; of those that it holds for by name also where the figure could not be had.</summary>
    /// <param name="rows">All figures.</param>
    /// <exception cref="InvalidDataException">There is no such figure.</exception>
    public IEnumerable<IReadOnlyList<string>> Judge(IReadOnlyList<Row> rows)
    {
        IReadOnlyList<Row> here = Load == null ? Summary.Overall(rows) : [.. rows.Where(row => row.Load == Load && (Clients ?? row.Clients) == row.Clients)];
        bool isEverybody = string.Equals(Contestant, "*", StringComparison.Ordinal);
        foreach (Row row in here.Where(row => isEverybody || string.Equals(row.Contestant, Contestant, StringComparison.Ordinal)))
        {
            double? beside = Beside == null ? 1 : Value(here.FirstOrDefault(other => string.Equals(other.Contestant, Beside, StringComparison.Ordinal)));
            double? value = Value(row) / beside;
            if (value != null || !isEverybody)
            {
                yield return [Beside == null ? row.Contestant : $"{row.Contestant} / {Beside}", What, value == null ? "-" : Text(value.Value), Least is double least ? $"at least {Text(least)}" : $"at most {Text(Most ?? 0)}",
                    value == null ? "not measured" : value >= (Least ?? value) && value <= (Most ?? value) ? "met" : "missed"];
            }
        }
    }

    // The median.
    private double? Value(Row? row) => Of switch
    {
        "seconds" => row?.Seconds?.Median,
        "toAlone" => row?.ToAlone?.Median,
        "callsPerReply" => row?.CallsPerReply?.Median,
        "memoryPerClient" => row?.MemoryPerClient?.Median,
        "startTime" => row?.StartTime?.Median,
        "worstReport" => row?.WorstReport?.Median,
        _ => throw new InvalidDataException($"a bound is on '{Of}', and there is no such figure"),
    };

    private static string Text(double value) => value.ToString(value < 100 ? "0.00" : "#,0", CultureInfo.InvariantCulture);
}
