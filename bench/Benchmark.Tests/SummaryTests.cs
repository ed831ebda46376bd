// Medians, ranges and ratios.
namespace EasyTcp.Benchmark.Tests;

[TestFixture]
internal sealed class SummaryTests
{
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
    public void A_ratio_is_taken_in_each_turn_before_the_median()
    {
        // The machine is twice as fast in the second turn, and four times in the third.
        Measurement[] turns = [.. new[] { (50, 100), (110, 200), (240, 400) }.Select(pair => Pairs.Of(Told(pair.Item1), Told(pair.Item2)) with { Contestant = "own", Clients = 10 })];

        Assert.That(Summary.Of(turns).Single().ThroughputRatio, Is.EqualTo(new Figure(0.55, 0.5, 0.6)));
    }

    [Test]
    public void A_turn_is_compared_in_replies_latency_and_processor_time_and_above_one_is_better_in_each()
    {
        LoadResult own = Told(100) with { P99 = 2e6, ServerCpu = 0.5, Cpu = 0.4 };
        LoadResult other = Told(50) with { P99 = 3e6, ServerCpu = 1, Cpu = 0.9 };

        Measurement measured = Pairs.Of(own, other);

        Assert.Multiple(() =>
        {
            Assert.That((measured.Throughput, measured.P99, measured.CpuPerRequest), Is.EqualTo((100, 0.002, 0.005)));
            Assert.That((measured.ToBeside, measured.P99ToBeside, measured.CpuToBeside, measured.GeneratorBusy), Is.EqualTo((2, 1.5, 4, 0.9)));
            Assert.That(Pairs.Of(own, null), Is.EqualTo(Measurement.Of(own, 100)));
        });
    }

    [Test]
    public void A_goal_is_for_one_pair_and_some_sizes()
    {
        Measurement Made(string beside, double ratio, Load load = Load.Duel, int clients = 10) => new("a", load, clients, 0) { Beside = beside, ToBeside = ratio, P99ToBeside = 2, CpuToBeside = 3 };
        Measurement[] all = [Made("b", 0.7), Made("b", 0.8, Load.Loop), Made("b", 0.75), Made("d", 1, Load.Loop), Made("b", 1, Load.Crowd), Made("b", 1, Load.Loop, 101)];

        Row row = Summary.Of(all, new Goal("a", "b", 0.9, 10, 100)).Single();

        Assert.Multiple(() =>
        {
            Assert.That((row.Clients, row.ThroughputRatio, row.P99Ratio!.Median, row.CpuRatio!.Median), Is.EqualTo((10, new Figure(0.75, 0.7, 0.8), 2, 3)));
            Assert.That(Summary.Of(all).Select(each => each.Load), Has.None.EqualTo(Load.Duel));
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
        string Judged(Bound bound) => string.Join("; ", bound.Judge(Summary.Of(all)).Select(row => $"{row[0]} {row[2]} {row[^1]}"));

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
    public void Who_was_asked_beside_nobody_or_answers_nobody_has_no_ratio()
    {
        Measurement mute = Pairs.Of(Told(0) with { P99 = 0 }, Told(5)) with { Contestant = "mute", Seconds = 1 };

        Assert.Multiple(() =>
        {
            Assert.That((mute.ToBeside, mute.P99ToBeside, mute.CpuToBeside), Is.EqualTo(((double?)null, (double?)null, (double?)null)));
            Assert.That(Summary.Of([mute, new Measurement("alone", Load.Loop, 10, 0) { Throughput = 1 }]).Select(row => row.ThroughputRatio), Is.All.Null);
        });
    }

    [Test]
    public void What_was_wrong_or_refused_is_of_all_turns()
    {
        Row row = Summary.Of([new Measurement("own", Load.Loop, 10, 0) { Throughput = 1 }, new Measurement("own", Load.Loop, 10, 1) { Throughput = 3, Faults = 2, Refused = 5 }]).Single();

        Assert.Multiple(() =>
        {
            Assert.That(row.Throughput, Is.EqualTo(new Figure(2, 1, 3)));
            Assert.That(row.Faults, Is.EqualTo(2));
            Assert.That(row.Refused, Is.EqualTo(5));
        });
    }

    [Test]
    public void One_or_the_other_goes_first()
    {
        List<string> order = [];
        int Note(string name)
        {
            order.Add(name);
            return order.Count;
        }

        Assert.Multiple(() =>
        {
            Assert.That(Pairs.InOrder(isOwnFirst: true, () => Note("own"), () => Note("other")), Is.EqualTo((1, 2)));
            Assert.That(Pairs.InOrder(isOwnFirst: false, () => Note("own"), () => Note("other")), Is.EqualTo((4, 3)));
        });
    }

    private static LoadResult Told(long replies) => new(replies, 1, 1e6, 1e6, 1e6, 1e6, 0, 0, 0, 0.1, 0.1, replies);
}
