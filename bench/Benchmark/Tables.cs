// The figures as tables: on the terminal, and as Markdown.
using System.Globalization;
using System.Text;
using Spectre.Console;

namespace EasyTcp.Benchmark;

/// <summary>A table of rows.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Head">The columns.</param>
/// <param name="Rows">The cells.</param>
internal sealed record TextTable(string Title, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>Prints it.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table { Title = new TableTitle(Markup.Escape(Title)), Border = TableBorder.Ascii };
        foreach ((string head, int i) in Head.Select((head, i) => (head, i)))
        {
            table.AddColumn(new TableColumn(Markup.Escape(head)) { Alignment = i == 0 ? Justify.Left : Justify.Right });
        }

        foreach (IReadOnlyList<string> row in Rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        console.Write(table);
    }

    /// <summary>As Markdown.</summary>
    public string Markdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### {Title}\n\n| {string.Join(" | ", Head)} |\n|{string.Concat(Head.Select((_, i) => i == 0 ? " --- |" : " ---: |"))}\n");
        foreach (IReadOnlyList<string> row in Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
        }

        return text.Append('\n').ToString();
    }
}

/// <summary>The tables of a run.</summary>
internal static class Tables
{
    private const string None = "-";
    private const double Saturated = 0.95;

    /// <summary>All tables.</summary>
    /// <param name="results">The run.</param>
    public static IReadOnlyList<TextTable> Of(BenchResults results)
    {
        (IReadOnlyList<Row> rows, string yardstick) = (results.Rows, results.Yardstick);
        int[] sizes = [.. rows.Where(row => row.Load == Load.Loop).Select(row => row.Clients).Distinct().Order()];
        return
        [
            Goals(results),
            new TextTable("Bounds", ["server", "what", "median", "goal", ""], [.. results.Bounds.SelectMany(bound => bound.Judge(rows))]),
            BySize($"Replies a second, to those of {yardstick} (its own row is of two of it; * where for one of the two the generator was at work all the time, and what is more cannot be seen)", rows, sizes, row => Ratio(row.ThroughputRatio) + Star(row)),
            BySize("Replies a second", rows, sizes, row => Number(row.Throughput, 1, "#,0")),
            BySize($"p99 of {yardstick} to this one's", rows, sizes, row => Ratio(row.P99Ratio)),
            BySize("p50, ms", rows, sizes, row => Number(row.P50, 1e3, "0.00")),
            BySize("p99, ms (of a closed loop: with all processors busy it is about clients / replies a second)", rows, sizes, row => Number(row.P99, 1e3, "0.00")),
            BySize("p99.9 of a turn, ms", rows, sizes, row => Number(row.P999, 1e3, "0.00")),
            BySize("The longest of a turn, ms", rows, sizes, row => Number(row.Max, 1e3, "0.0")),
            BySize($"Processor time per request of {yardstick} to this one's", rows, sizes, row => Ratio(row.CpuRatio)),
            BySize("Processor time per request, us", rows, sizes, row => Number(row.CpuPerRequest, 1e6, "0.00")),
            BySize("The generator's own processor time per request, us", rows, sizes, row => Number(row.GeneratorCpuPerRequest, 1e6, "0.00")),
            Of("One request at a time, and sixteen, of 100 clients", rows, row => row.Load == Load.Pipelined || (row.Load == Load.Loop && row.Clients == 100),
                ("under way", row => row.Load == Load.Pipelined ? "16" : "1"), ("replies a second", row => Number(row.Throughput, 1, "#,0")), ("ratio", row => Ratio(row.ThroughputRatio)),
                ("system calls a reply, counted while each of them is slowed", row => Number(row.CallsPerReply, 1, "0.00"))),
            Of("Ten who ask beside many idle", rows, row => row.Load == Load.Crowd,
                ("clients", row => Plain(row.Clients)), ("replies a second", row => Number(row.Throughput, 1, "#,0")), ("ratio", row => Ratio(row.ThroughputRatio)), ("to the ten alone", row => Ratio(row.ToAlone)), ("p99, ms", row => Number(row.P99, 1e3, "0.00"))),
            Of("A burst of fresh clients, at most 900 open at once", rows, row => row.Load == Load.Burst,
                ("clients", row => Plain(row.Clients)), ("seconds", row => Number(row.Seconds, 1, "0.00")), ("ratio", row => Ratio(row.ThroughputRatio)), ("p99, ms", row => Number(row.P99, 1e3, "0")), ("refused", row => Plain(row.Refused))),
            Of("All there at once: they connect, and ask when each is connected or was refused", rows, row => row.Load == Load.Storm,
                ("clients", row => Plain(row.Clients)), ("seconds", row => Number(row.Seconds, 1, "0.00")), ("refused, of all rounds", row => Plain(row.Refused)), ("processor time a client who was served, us", row => Number(row.CpuPerRequest, 1e6, "0"))),
            Of("An idle client's cost", rows, row => row.Load == Load.Memory,
                ("clients", row => Plain(row.Clients)), ("own memory, KiB", row => Number(row.MemoryPerClient, 1.0 / 1024, "0.0")), ("stacks in the kernel, KiB", row => Number(row.KernelPerClient, 1.0 / 1024, "0.0"))),
            Of(string.Create(CultureInfo.InvariantCulture, $"Start to ready line (a program that does nothing takes {results.Machine.EmptyStart * 1e3:0.0} ms to its end), and the report's worst deviation under any load"), Summary.Overall(rows), _ => true,
                ("start, ms", row => Number(row.StartTime, 1e3, "0.0")), ("report, ms", row => Number(row.WorstReport, 1e3, "0")), ("wrong or lost replies", row => Plain(row.Faults))),
        ];
    }

    /// <summary>What was skipped, and why.</summary>
    public static IReadOnlyList<string> Skipped(IReadOnlyList<Row> rows) =>
        [.. rows.Where(row => row.Skipped != null).Select(row => $"{row.Contestant}, {row.Load}: {row.Skipped}").Distinct(StringComparer.Ordinal)];

    private static TextTable Goals(BenchResults results) => new(
        "Goals: medians of all turns (* where for one of them the generator was at work all the time: the processor time tells more there)",
        ["pair", "clients", "replies a second", "p99", "processor time", "goal", ""],
        [.. from goal in results.Goals
            from row in Summary.Of(results.Measurements, goal)
            select (IReadOnlyList<string>)[$"{goal.Contestant} / {goal.Beside}", Plain(row.Clients), Ratio(row.ThroughputRatio) + Star(row), Ratio(row.P99Ratio), Ratio(row.CpuRatio), goal.Ratio.ToString("0.00", CultureInfo.InvariantCulture), new[] { row.ThroughputRatio, row.P99Ratio, row.CpuRatio }.All(ratio => ratio?.Median >= goal.Ratio) ? "met" : "missed"]]);

    private static TextTable BySize(string title, IReadOnlyList<Row> rows, int[] sizes, Func<Row, string> cell) => new(
        title,
        ["server \\ clients", .. sizes.Select(size => Plain(size))],
        [.. rows.Where(row => row.Load == Load.Loop).GroupBy(row => row.Contestant, StringComparer.Ordinal).Select(own =>
            (IReadOnlyList<string>)[own.Key, .. sizes.Select(size => own.FirstOrDefault(row => row.Clients == size) is Row row ? cell(row) : None)])]);

    private static TextTable Of(string title, IReadOnlyList<Row> rows, Func<Row, bool> takes, params (string Head, Func<Row, string> Cell)[] columns) => new(
        title,
        ["server", .. columns.Select(column => column.Head)],
        [.. rows.Where(takes).OrderBy(row => row.Contestant, StringComparer.Ordinal).Select(row => (IReadOnlyList<string>)[row.Contestant, .. columns.Select(column => column.Cell(row))])]);

    private static string Ratio(Figure? figure) => Number(figure, 1, "0.00");

    private static string Star(Row row) => row.GeneratorBusy?.Median >= Saturated ? "*" : "";

    private static string Number(Figure? figure, double unit, string format)
    {
        string In(double value) => (value * unit).ToString(format, CultureInfo.InvariantCulture);
        return figure == null ? None : figure.Least == figure.Most ? In(figure.Median) : $"{In(figure.Median)} ({In(figure.Least)}-{In(figure.Most)})";
    }

    private static string Plain(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
