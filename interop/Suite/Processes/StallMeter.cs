// How long the machine itself stands still: a thread that does nothing but wake up, and notes how late it is. Of programs
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
    private static readonly List<Stall> Stalls = [];
    private static readonly Dictionary<int, RunDelay> Watched = [];
    private static TaskCompletionSource _beaten = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static bool _isStarted;

    /// <summary>Begins to measure, once.</summary>
    public static void Start()
    {
        lock (Guard)
        {
            if (!_isStarted)
            {
                _isStarted = true;
                new Thread(Measure) { IsBackground = true, Name = "stall meter" }.Start();
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
            Task beaten;
            lock (Guard)
            {
                if (!_isStarted)
                {
                    return;
                }

                beaten = _beaten.Task;
            }

            await beaten;
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
            return ofPrograms.Append(Stall.Sum(Stalls, from, until)).Max();
        }
    }

    private static void Sample()
    {
        foreach (RunDelay delay in Watched.Values)
        {
            delay.Sample();
        }
    }

    private static void Measure()
    {
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
                    Stalls.Add(new Stall(Moment.Now - late, Moment.Now));
                }

                if (beat % BeatsPerSample == 0)
                {
                    Sample();
                }

                _beaten.SetResult();
                _beaten = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
