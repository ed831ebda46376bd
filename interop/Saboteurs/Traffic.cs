// What goes on, for reports that wrongly depend on it.
namespace EasyTcp.Saboteurs;

internal static class Traffic
{
    private static readonly Clock Clock = new();
    private static long _events;
    private static long _lastTicks = -TimeSpan.TicksPerMinute; // long ago
    private static long _lastArrival = -TimeSpan.TicksPerMinute;

    /// <summary>Comings, goings and requests so far.</summary>
    public static long Events => Interlocked.Read(ref _events);

    /// <summary>How long nothing has happened.</summary>
    public static TimeSpan Silence => Clock.Elapsed - TimeSpan.FromTicks(Interlocked.Read(ref _lastTicks));

    /// <summary>How long nobody has come.</summary>
    public static TimeSpan SinceArrival => Clock.Elapsed - TimeSpan.FromTicks(Interlocked.Read(ref _lastArrival));

    public static void NoteArrival()
    {
        Note();
        Interlocked.Exchange(ref _lastArrival, Clock.Elapsed.Ticks);
    }

    public static void Note()
    {
        Interlocked.Increment(ref _events);
        Interlocked.Exchange(ref _lastTicks, Clock.Elapsed.Ticks);
    }
}
