// How long the machine itself stands still: a thread on each processor that does nothing but wake up, and notes how late it is
// (a host may take one of them away, and stall what runs there and nothing else). Of programs
// whose times are judged it also notes how long they waited for a processor, where the system tells (Linux: schedstat).
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>Measures stalls, for as long as the suite runs.</summary>
internal static class StallMeter
{
    private const int BeatsPerSample = 10;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    // Shorter ones are what any busy machine does between two beats.
    private static readonly TimeSpan Noteworthy = TimeSpan.FromMilliseconds(20);

    private static readonly Lock Guard = new();
    private static readonly List<Meter> Meters = [];
    private static readonly Dictionary<int, RunDelay> Watched = [];

    /// <summary>Begins to measure, once.</summary>
    public static void Start()
    {
        lock (Guard)
        {
            for (int processor = Meters.Count; processor < Environment.ProcessorCount; processor++)
            {
                var meter = new Meter(processor);
                Meters.Add(meter);
                new Thread(() => Measure(meter)) { IsBackground = true, Name = "stall meter" }.Start();
            }
        }
    }

    /// <summary>Begins to note how long a program waits for a processor.</summary>
    public static void Watch(int processId)
    {
        lock (Guard)
        {
            Watched[processId] = new RunDelay(processId);
        }
    }

    /// <summary>Forgets a program.</summary>
    public static void Forget(int processId)
    {
        lock (Guard)
        {
            Watched.Remove(processId);
        }
    }

    /// <summary>Awaits that stalls up to now are noted: whoever judges just after one may be quicker than the meter.</summary>
    public static async Task CatchUp()
    {
        const int Whole = 2; // the beat that is on may have begun before
        for (int beat = 0; beat < Whole; beat++)
        {
            Task[] beaten;
            lock (Guard)
            {
                beaten = [.. Meters.Select(meter => meter.Beaten.Task)];
            }

            await Task.WhenAll(beaten);
        }
    }

    /// <summary>How long the machine stood still within a span of time: for this suite, or for one of those programs.</summary>
    public static TimeSpan Within(TimeSpan from, TimeSpan until, IEnumerable<int> processIds)
    {
        lock (Guard)
        {
            Sample();
            IEnumerable<TimeSpan> ofPrograms = processIds.Select(id => Watched.GetValueOrDefault(id)).OfType<RunDelay>()
                .Select(delay => delay.Within(from, until));
            return ofPrograms.Concat(Meters.Select(meter => Stall.Sum(meter.Stalls, from, until))).DefaultIfEmpty().Max();
        }
    }

    private static void Sample()
    {
        foreach (RunDelay delay in Watched.Values)
        {
            delay.Sample();
        }
    }

    private static void Measure(Meter meter)
    {
        _ = Processors.Pin(meter.Processor); // where that is not allowed it goes wherever it may
        using var never = new ManualResetEventSlim();
        for (int beat = 0; ; beat++)
        {
            TimeSpan start = Moment.Now;
            never.Wait(Beat);
            TimeSpan late = Moment.Now - start - Beat;
            lock (Guard)
            {
                if (late >= Noteworthy)
                {
                    meter.Stalls.Add(new Stall(Moment.Now - late, Moment.Now));
                }

                if (meter.Processor == 0 && beat % BeatsPerSample == 0)
                {
                    Sample();
                }

                meter.Beaten.SetResult();
                meter.Beaten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    private sealed class Meter(int processor)
    {
        public int Processor => processor;

        public List<Stall> Stalls { get; } = [];

        /// <summary>Completes with the beat that is on.</summary>
        public TaskCompletionSource Beaten { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
