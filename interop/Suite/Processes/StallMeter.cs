// How long the machine itself stands still: a thread on each processor that does nothing but wake up, and notes how late it is
// (a host may take one of them away, and stall what runs there and nothing else). Of programs
// whose times are judged it also notes how long they waited for a processor, where the system tells (Linux: schedstat).
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>Measures stalls, for as long as the suite runs.</summary>
internal static class StallMeter
{
    private const int BeatsPerSample = 10;
    private const int CostToRest = 50; // to look at a thousand threads takes its time, which is the machine's

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    // Shorter ones are what any busy machine does between two beats.
    private static readonly TimeSpan Noteworthy = TimeSpan.FromMilliseconds(20);

    private static readonly Lock Guard = new();
    private static readonly List<Meter> Meters = [];
    private static readonly Dictionary<PeerProcess, TimeSpan> Watched = []; // and when it is looked at next

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

    /// <summary>Begins to note how long a program waits for a processor. Not for one that is kept busy by the case itself: its
    /// threads wait for each other then, and that is no stall of the machine.</summary>
    public static void Watch(PeerProcess peer)
    {
        lock (Guard)
        {
            Watched.TryAdd(peer, TimeSpan.Zero);
        }
    }

    /// <summary>Forgets a program.</summary>
    public static void Forget(PeerProcess peer)
    {
        lock (Guard)
        {
            Watched.Remove(peer);
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

        await Task.WhenAll(Sample(TimeSpan.MaxValue));
    }

    /// <summary>How long the machine stood still within a span of time: for this suite, or for one of those programs.</summary>
    public static TimeSpan Within(TimeSpan from, TimeSpan until, IEnumerable<PeerProcess> peers)
    {
        lock (Guard)
        {
            return peers.Select(peer => peer.Waits.Within(from, until))
                .Concat(Meters.Select(meter => Stall.Sum(meter.Stalls, from, until))).DefaultIfEmpty().Max();
        }
    }

    // Looks at each whose turn it is by then.
    private static List<Task> Sample(TimeSpan now)
    {
        List<Task> looks = [];
        lock (Guard)
        {
            foreach (PeerProcess peer in Watched.Keys.Where(peer => Watched[peer] <= now).ToList())
            {
                TimeSpan start = Moment.Now;
                looks.Add(peer.NoteWaits());
                Watched[peer] = start + ((Moment.Now - start) * CostToRest);
            }
        }

        return looks;
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
                    Sample(Moment.Now);
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
