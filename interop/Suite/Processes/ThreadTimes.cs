// What the system tells of one thread's time (Linux: stat and schedstat of /proc).
using System.Globalization;

namespace EasyTcp.Interop.Processes;

/// <summary>A thread at some moment.</summary>
/// <param name="Thread">Its number.</param>
/// <param name="State">Its state, as a letter of stat: R could run, D waits for the disk, T is stopped.</param>
/// <param name="Given">How long it has run in all.</param>
/// <param name="Waited">How long it could have run and did not.</param>
internal sealed record ThreadTimes(string Thread, char State, TimeSpan Given, TimeSpan Waited)
{
    /// <summary>One thread's times.</summary>
    /// <param name="thread">Its number.</param>
    /// <param name="state">Its state.</param>
    /// <param name="nanoseconds">As in schedstat: those that it ran, those that it waited.</param>
    public static ThreadTimes Of(string thread, char state, ReadOnlySpan<string> nanoseconds) => new(thread, state, Time(nanoseconds[0]), Time(nanoseconds[1]));

    private static TimeSpan Time(string nanoseconds) => TimeSpan.FromTicks(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
}
