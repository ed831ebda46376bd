// How long the machine itself stands still: a thread that does nothing but wake up, and notes how late it is.
namespace EasyTcp.Interop.Processes;

/// <summary>Measures stalls, for as long as the suite runs.</summary>
internal static class StallMeter
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    // Shorter ones are what any busy machine does between two beats.
    private static readonly TimeSpan Noteworthy = TimeSpan.FromMilliseconds(50);

    private static readonly List<(TimeSpan At, TimeSpan Late)> Stalls = [];

    /// <summary>Begins to measure.</summary>
    public static void Start() => new Thread(Measure) { IsBackground = true, Name = "stall meter" }.Start();

    /// <summary>The longest stall that ended in a span of time.</summary>
    public static TimeSpan Worst(TimeSpan from, TimeSpan until)
    {
        lock (Stalls)
        {
            return Stalls.Where(stall => stall.At >= from && stall.At <= until).Select(stall => stall.Late).DefaultIfEmpty().Max();
        }
    }

    private static void Measure()
    {
        using var never = new ManualResetEventSlim();
        while (true)
        {
            TimeSpan start = Moment.Now;
            never.Wait(Beat);
            TimeSpan late = Moment.Now - start - Beat;
            if (late >= Noteworthy)
            {
                lock (Stalls)
                {
                    Stalls.Add((Moment.Now, late));
                }
            }
        }
    }
}
