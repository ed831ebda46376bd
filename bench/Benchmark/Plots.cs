// The figures as plots, in SVG.
using System.Globalization;
using ScottPlot;

namespace EasyTcp.Benchmark;

/// <summary>Writes the plots of a run.</summary>
internal static class Plots
{
    private const int Width = 900;
    private const int Height = 560;
    private const int Fiftieths = 50;

    /// <summary>Writes all plots into a folder.</summary>
    public static void Write(IReadOnlyList<Row> rows, string folder)
    {
        Row[] loops = [.. rows.Where(row => row.Load == Load.Loop)];
        BySize(loops, row => row.Throughput?.Median, "Replies a second, one request a client at a time", "replies a second").SaveSvg(Path.Combine(folder, "throughput.svg"), Width, Height);
        BySize(loops, row => row.P99?.Median * 1e3, "99 of 100 replies take no longer", "ms", isLog: true).SaveSvg(Path.Combine(folder, "p99.svg"), Width, Height);
        BySize(loops, row => row.CpuPerRequest?.Median * 1e6, "The server's processor time per request", "us", isLog: true).SaveSvg(Path.Combine(folder, "cpu.svg"), Width, Height);
        Memory([.. rows.Where(row => row.Load == Load.Memory && row.MemoryPerClient != null)]).SaveSvg(Path.Combine(folder, "memory.svg"), Width, Height);
        Burst([.. rows.Where(row => row.Load == Load.Burst && row.Done.Count > 0)]).SaveSvg(Path.Combine(folder, "burst.svg"), Width, Height);
    }

    // N on a logarithmic axis: ScottPlot draws the logarithms, and the ticks say the numbers.
    private static Plot BySize(Row[] rows, Func<Row, double?> value, string title, string unit, bool isLog = false)
    {
        var plot = new Plot();
        foreach (IGrouping<string, Row> own in rows.GroupBy(row => row.Contestant, StringComparer.Ordinal))
        {
            Row[] known = [.. own.Where(row => value(row) is > 0).OrderBy(row => row.Clients)];
            if (known.Length > 0)
            {
                var line = plot.Add.Scatter(known.Select(row => Math.Log10(row.Clients)).ToArray(), known.Select(row => isLog ? Math.Log10(value(row)!.Value) : value(row)!.Value).ToArray());
                line.LegendText = own.Key;
            }
        }

        plot.Axes.Bottom.TickGenerator = Powers();
        if (isLog)
        {
            plot.Axes.Left.TickGenerator = Powers();
        }

        plot.Title(title);
        plot.XLabel("clients");
        plot.YLabel(unit);
        plot.ShowLegend(Edge.Right);
        return plot;
    }

    private static Plot Memory(Row[] rows)
    {
        var plot = new Plot();
        for (int i = 0; i < rows.Length; i++)
        {
            double kibibytes = rows[i].MemoryPerClient!.Median / 1024;
            plot.Add.Bar(i, kibibytes).Bars.First().Label = kibibytes.ToString("0.0", CultureInfo.InvariantCulture);
        }

        plot.Axes.Bottom.SetTicks([.. rows.Select((_, i) => (double)i)], [.. rows.Select(row => row.Contestant)]);
        plot.Axes.Bottom.TickLabelStyle.Rotation = 30;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
        plot.Title("An idle client's memory in the server");
        plot.YLabel("KiB");
        return plot;
    }

    private static Plot Burst(Row[] rows)
    {
        var plot = new Plot();
        foreach (Row row in rows)
        {
            var line = plot.Add.Scatter(row.Done.ToArray(), Enumerable.Range(0, row.Done.Count).Select(i => (double)i * row.Clients / Fiftieths).ToArray());
            line.LegendText = row.Contestant;
            line.MarkerSize = 0;
        }

        plot.Title("Fresh clients that have been answered");
        plot.XLabel("seconds");
        plot.YLabel("clients");
        plot.ShowLegend(Edge.Right);
        return plot;
    }

    private static ScottPlot.TickGenerators.NumericAutomatic Powers() => new()
    {
        LabelFormatter = power => Math.Pow(10, power).ToString("#,0.##", CultureInfo.InvariantCulture),
        IntegerTicksOnly = true,
    };
}
