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

    /// <summary>Processor time that the process wanted so far: what it was given, and what it waited for beside others. So a
    /// busy machine does not make a busy process look idle.</summary>
    public static TimeSpan WantedTime(int processId)
    {
        string[] fields = Fields($"/proc/{processId}/stat");
        var given = TimeSpan.FromSeconds((double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
        long waited = 0; // in ns, by each thread that is left
        foreach (string task in Directory.EnumerateDirectories($"/proc/{processId}/task"))
        {
            string file = Path.Combine(task, "schedstat");
            try
            {
                waited += File.Exists(file) ? long.Parse(File.ReadAllText(file).Split(' ')[1], CultureInfo.InvariantCulture) : 0;
            }
            catch (IOException)
            {
                // the thread has ended meanwhile
            }
        }

        return given + TimeSpan.FromTicks(waited / (1_000_000_000 / TimeSpan.TicksPerSecond));
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
