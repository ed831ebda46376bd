// Where things are, and which tools this machine has.
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EasyTcp.Benchmark;

/// <summary>The checkout that this program was built in.</summary>
internal static class Repository
{
    /// <summary>Its root.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder != null && !File.Exists(Path.Combine(folder.FullName, "EasyTcp.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Directory.GetCurrentDirectory();
    }
}

/// <summary>Programs of this machine.</summary>
internal static partial class Tools
{
    private static readonly Lazy<string> Python = new(() =>
    {
        using Process asked = Process.Start(new ProcessStartInfo("python3", ["-c", "import sys; print(sys.executable)"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string path = asked.StandardOutput.ReadToEnd().Trim();
        asked.WaitForExit();
        return path.Length > 0 ? path : "python3";
    });

    // Two of those that this process may run on, as numbers of the system; empty if there are no two to be chosen.
    private static readonly int[] Processors = [.. Allowed().Take(2)];

    // Where this program itself runs.
    private static ulong _own = Allowed().Aggregate(0UL, (mask, processor) => mask | (1UL << processor));

    /// <summary>True if the generator and the server get a processor each.</summary>
    public static bool CanPin => Processors.Length == 2;

    /// <summary>Keeps this process, which reads what servers print, off the server's processor; to be called before it has threads of its own.</summary>
    public static void StayBesideTheGenerator()
    {
        if (CanPin)
        {
            _own = 1UL << Processors[0];
            Pin(_own);
        }
    }

    /// <summary>True if a program is on the path.</summary>
    public static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>The program itself: with its whole path if it is the checkout's, and not the script that some systems put before Python.</summary>
    public static string Resolve(string program) =>
        program.Contains('/', StringComparison.Ordinal) ? Path.Combine(Repository.Root, program)
        : string.Equals(program, "python3", StringComparison.Ordinal) ? Python.Value
        : program;

    /// <summary>How long a program that does nothing takes from its start to the end of its output: the median of some, in seconds.</summary>
    public static double EmptyStart()
    {
        const int Times = 9;
        TimeProvider clock = TimeProvider.System;
        return Enumerable.Range(0, Times).Select(_ =>
        {
            long start = clock.GetTimestamp();
            using Process nothing = Start(1, new ProcessStartInfo("true") { UseShellExecute = false, RedirectStandardOutput = true });
            nothing.StandardOutput.ReadToEnd();
            return clock.GetElapsedTime(start).TotalSeconds;
        }).Order().ElementAt(Times / 2);
    }

    /// <summary>Starts a program on a processor, where the system allows it and has two.</summary>
    /// <param name="which">0: the generator's; 1: the server's.</param>
    /// <param name="program">The program and its arguments.</param>
    public static Process Start(int which, ProcessStartInfo program)
    {
        if (!CanPin)
        {
            return Process.Start(program)!;
        }

        // A child begins where the thread is that starts it. So no other program, which pins it, is part of its start.
        Pin(1UL << Processors[which]);
        try
        {
            return Process.Start(program)!;
        }
        finally
        {
            Pin(_own);
        }
    }

    private static IEnumerable<int> Allowed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        using var self = Process.GetCurrentProcess();
        ulong allowed = (ulong)self.ProcessorAffinity;
        return Enumerable.Range(0, 64).Where(processor => ((allowed >> processor) & 1) == 1);
    }

    // This thread, and what it starts.
    private static void Pin(ulong processors)
    {
        if (SetAffinity(0, sizeof(ulong), ref processors) != 0)
        {
            throw new IOException("cannot choose a processor");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, ref ulong mask);
}
