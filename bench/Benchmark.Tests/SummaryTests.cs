// Medians, ranges and ratios.
namespace EasyTcp.Benchmark.Tests;

[TestFixture]
internal sealed class SummaryTests
{
    private const string Yardstick = "c";

    [Test]
    public void A_figure_is_the_median_with_its_range()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Figure.Of([3, 1, 2]), Is.EqualTo(new Figure(2, 1, 3)));
            Assert.That(Figure.Of([4, 1, null, 2, 3]), Is.EqualTo(new Figure(2.5, 1, 4)));
            Assert.That(Figure.Of([null]), Is.Null);
        });
    }

    [Test]
    public void A_ratio_is_taken_in_each_round_before_the_median()
    {
        // The machine is twice as fast in the second round, and four times in the third.
        Row row = Of("own", (50, 100), (110, 200), (240, 400));

        Assert.That(row.ThroughputRatio, Is.EqualTo(new Figure(0.55, 0.5, 0.6)));
    }

    [Test]
    public void A_goal_is_for_one_pair_and_some_sizes()
    {
        Measurement Made(string beside, double ratio) => new("a", Load.Duel, 10, 0) { Beside = beside, ToBeside = ratio, P99ToBeside = 2, CpuToBeside = 3 };
        Measurement[] all = [Made("b", 0.7), Made("b", 0.8), Made("b", 0.75), Made("d", 1), new("a", Load.Loop, 10, 0) { Throughput = 1 }];

        Row row = Summary.Of(all, new Goal("a", "b", 0.9, 10, 100)).Single();

        Assert.Multiple(() =>
        {
            Assert.That((row.Clients, row.ThroughputRatio, row.P99Ratio!.Median, row.CpuRatio!.Median), Is.EqualTo((10, new Figure(0.75, 0.7, 0.8), 2, 3)));
            Assert.That(Summary.Of(all, Yardstick).Select(each => each.Load), Is.EqualTo(new[] { Load.Loop }));
        });
    }

    [Test]
    public void A_bound_is_on_a_figure_or_on_its_ratio_to_another_ones()
    {
        Measurement[] all =
        [
            new("a", Load.Burst, 10, 0) { Seconds = 2, StartTime = 0.03, WorstReport = 0.2 },
            new("b", Load.Burst, 10, 0) { Seconds = 1, StartTime = 0.01, WorstReport = 1.5 },
            new("a", Load.Crowd, 20, 0) { ToAlone = 0.95 }, new("a", Load.Crowd, 30, 0) { ToAlone = 0.5 },
        ];
        string Judged(Bound bound) => string.Join("; ", bound.Judge(Summary.Of(all, "b")).Select(row => $"{row[0]} {row[2]} {row[^1]}"));

        Assert.Multiple(() =>
        {
            Assert.That(Judged(new Bound("a", "seconds", "") { Load = Load.Burst, Most = 1 }), Is.EqualTo("a 2.00 missed"));
            Assert.That(Judged(new Bound("b", "seconds", "") { Load = Load.Burst, Most = 1 }), Is.EqualTo("b 1.00 met"));
            Assert.That(Judged(new Bound("a", "toAlone", "") { Load = Load.Crowd, Clients = 20, Least = 0.9 }), Is.EqualTo("a 0.95 met"));
            Assert.That(Judged(new Bound("a", "startTime", "") { Beside = "b", Most = 2 }), Is.EqualTo("a / b 3.00 missed"));
            Assert.That(Judged(new Bound("*", "worstReport", "") { Most = 1 }), Is.EqualTo("a 0.20 met; b 1.50 missed"));
            Assert.That(Judged(new Bound("b", "toAlone", "") { Load = Load.Burst, Least = 0.9 }), Is.EqualTo("b - not measured"));
            Assert.That(Judged(new Bound("*", "toAlone", "") { Load = Load.Burst, Least = 0.9 }), Is.Empty);
            Assert.That(Judged(new Bound("c", "seconds", "") { Load = Load.Burst, Most = 1 }), Is.Empty);
            Assert.That(() => Judged(new Bound("a", "sconds", "") { Most = 1 }), Throws.TypeOf<InvalidDataException>());
        });
    }

    [Test]
    public void Less_latency_and_less_processor_time_are_ratios_above_one()
    {
        Measurement[] all =
        [
            new Measurement(Yardstick, Load.Loop, 10, 0) { P99 = 0.002, CpuPerRequest = 3e-6 },
            new Measurement("own", Load.Loop, 10, 0) { P99 = 0.001, CpuPerRequest = 6e-6 },
        ];

        Row row = Summary.Of(all, Yardstick).Single(each => string.Equals(each.Contestant, "own", StringComparison.Ordinal));

        Assert.Multiple(() =>
        {
            Assert.That(row.P99Ratio!.Median, Is.EqualTo(2));
            Assert.That(row.CpuRatio!.Median, Is.EqualTo(0.5));
        });
    }

    [Test]
    public void A_round_without_the_yardstick_has_no_ratio_and_another_load_is_none()
    {
        Measurement[] all =
        [
            new Measurement(Yardstick, Load.Pipelined, 10, 0) { Throughput = 1 },
            new Measurement("own", Load.Loop, 10, 0) { Throughput = 1 },
            new Measurement("own", Load.Loop, 10, 1) { Throughput = 3, Faults = 2, Refused = 5 },
        ];

        Row row = Summary.Of(all, Yardstick).Single(each => string.Equals(each.Contestant, "own", StringComparison.Ordinal));

        Assert.Multiple(() =>
        {
            Assert.That(row.ThroughputRatio, Is.Null);
            Assert.That(row.Throughput, Is.EqualTo(new Figure(2, 1, 3)));
            Assert.That(row.Faults, Is.EqualTo(2));
            Assert.That(row.Refused, Is.EqualTo(5));
        });
    }

    private static Row Of(string name, params (double Own, double Yardstick)[] rounds) => Summary.Of(
        [.. rounds.SelectMany((pair, round) => new[]
        {
            new Measurement(name, Load.Loop, 10, round) { Throughput = pair.Own },
            new Measurement(Yardstick, Load.Loop, 10, round) { Throughput = pair.Yardstick },
        })],
        Yardstick).Single(row => string.Equals(row.Contestant, name, StringComparison.Ordinal));
}
