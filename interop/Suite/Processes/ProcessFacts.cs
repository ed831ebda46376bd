// What the system says of a process (Linux: /proc).
using System.Globalization;

namespace EasyTcp.Interop.Processes;

/// <summary>A process seen from outside.</summary>
internal static class ProcessFacts
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    /// <summary>True if every thread of the process is stopped, or it has ended.</summary>
    public static bool IsStopped(int processId)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{processId}/task").All(task => Fields(Path.Combine(task, "stat"))[0] is "T" or "Z" or "X");
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Lets time pass, and tells how much processor time the thread wanted meanwhile that wanted most: what it was given,
    /// and what it waited for beside others, so that a busy machine does not make one that spins look idle. Nor does it make one
    /// look busy that wakes up now and then: who was given next to nothing, of a share that anybody gets, wanted no more than that.</summary>
    public static async Task<TimeSpan> MostWantedIn(TimeSpan time, int processId)
    {
        const int SmallestShare = 20;
        Dictionary<string, ThreadTimes> before = TimesOf(processId);
        await Wait.LetPass(time);
        return TimesOf(processId).Select(thread =>
        {
            ThreadTimes then = before.GetValueOrDefault(thread.Key) ?? new ThreadTimes(TimeSpan.Zero, TimeSpan.Zero);
            TimeSpan given = thread.Value.Given - then.Given;
            return given * SmallestShare < time ? given : given + thread.Value.Waited - then.Waited;
        }).DefaultIfEmpty().Max();
    }

    // None where the system does not tell.
    private static Dictionary<string, ThreadTimes> TimesOf(int processId)
    {
        var times = new Dictionary<string, ThreadTimes>(StringComparer.Ordinal);
        foreach (string task in Directory.EnumerateDirectories($"/proc/{processId}/task"))
        {
            try
            {
                string[] fields = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ');
                times[task] = new ThreadTimes(Nanoseconds(fields[0]), Nanoseconds(fields[1]));
            }
            catch (IOException)
            {
                // the thread has ended meanwhile
            }
        }

        return times;

        static TimeSpan Nanoseconds(string count) => TimeSpan.FromTicks(long.Parse(count, CultureInfo.InvariantCulture) / (1_000_000_000 / TimeSpan.TicksPerSecond));
    }

    // A thread's time on a processor, and its waiting for one.
    private sealed record ThreadTimes(TimeSpan Given, TimeSpan Waited);

    /// <summary>Threads.</summary>
    public static int Threads(int processId) => Directory.GetFileSystemEntries($"/proc/{processId}/task").Length;

    /// <summary>Memory in use (resident), in bytes.</summary>
    public static long Memory(int processId)
    {
        const string Field = "VmRSS:";
        string line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        return long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>Open descriptors.</summary>
    public static int Descriptors(int processId) => Directory.GetFileSystemEntries($"/proc/{processId}/fd").Length;

    // The fields of a stat file from the state on: what stands before it is a name that may hold anything.
    private static string[] Fields(string file)
    {
        string text = File.ReadAllText(file);
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }
}
