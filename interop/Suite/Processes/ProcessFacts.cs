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
        var before = ThreadsOf(processId).ToDictionary(thread => thread.Thread, StringComparer.Ordinal);
        await Wait.LetPass(time);
        return ThreadsOf(processId).Select(thread =>
        {
            ThreadTimes? then = before.GetValueOrDefault(thread.Thread);
            TimeSpan given = thread.Given - (then?.Given ?? TimeSpan.Zero);
            return given * SmallestShare < time ? given : given + thread.Waited - (then?.Waited ?? TimeSpan.Zero);
        }).DefaultIfEmpty().Max();
    }

    /// <summary>The times of each of its threads; none if it has ended, or where the system does not tell.</summary>
    public static IReadOnlyList<ThreadTimes> ThreadsOf(int processId)
    {
        var threads = new List<ThreadTimes>();
        try
        {
            foreach (string task in Directory.EnumerateDirectories($"/proc/{processId}/task"))
            {
                if (TimesOf(task) is ThreadTimes thread)
                {
                    threads.Add(thread);
                }
            }
        }
        catch (IOException)
        {
            // it has ended
        }

        return threads;
    }

    // Null for a thread that has ended meanwhile.
    private static ThreadTimes? TimesOf(string task)
    {
        try
        {
            return ThreadTimes.Of(Path.GetFileName(task), Fields(Path.Combine(task, "stat"))[0][0], File.ReadAllText(Path.Combine(task, "schedstat")).Split(' '));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Its parent's number; 0 if it has ended.</summary>
    public static int ParentOf(int processId)
    {
        try
        {
            return int.Parse(Fields($"/proc/{processId}/stat")[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>When it began, in ticks since the system's start.</summary>
    /// <exception cref="IOException">There is no such process.</exception>
    public static string StartTick(int processId)
    {
        const int Field = 22; // of proc(5), which counts from 1; the state is the third
        return Fields($"/proc/{processId}/stat")[Field - 3];
    }

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
