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

    /// <summary>Processor time that each thread wanted so far: what it was given, and what it waited for beside others. So a busy
    /// machine does not make a busy thread look idle. None where the system does not tell.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> WantedTimes(int processId)
    {
        var wanted = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (string task in Directory.EnumerateDirectories($"/proc/{processId}/task"))
        {
            try
            {
                // Both in nanoseconds.
                long[] times = [.. File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ').Take(2).Select(time => long.Parse(time, CultureInfo.InvariantCulture))];
                wanted[task] = TimeSpan.FromTicks(times.Sum() / (1_000_000_000 / TimeSpan.TicksPerSecond));
            }
            catch (IOException)
            {
                // the thread has ended meanwhile
            }
        }

        return wanted;
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
