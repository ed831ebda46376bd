// Where things are, and which tools this machine has.
using System.Diagnostics;

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
internal static class Tools
{
    private const string ToBeTwo = "taskset";

    private static readonly Lazy<string> Python = new(() =>
    {
        using Process asked = Process.Start(new ProcessStartInfo("python3", ["-c", "import sys; print(sys.executable)"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string path = asked.StandardOutput.ReadToEnd().Trim();
        asked.WaitForExit();
        return path.Length > 0 ? path : "python3";
    });

    /// <summary>Keeps this process, which reads what servers print, off the server's processor; to be called before it has threads of its own.</summary>
    public static void StayBesideTheGenerator()
    {
        if (Environment.ProcessorCount > 1 && Has(ToBeTwo) && (OperatingSystem.IsLinux() || OperatingSystem.IsWindows()))
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity = 1; // on Linux this thread's and those it starts
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
            string[] command = On(1, ["true"]);
            long start = clock.GetTimestamp();
            using Process nothing = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            nothing.StandardOutput.ReadToEnd();
            return clock.GetElapsedTime(start).TotalSeconds;
        }).Order().ElementAt(Times / 2);
    }

    /// <summary>Puts a command on one processor, where the system allows it and has two.</summary>
    public static string[] On(int processor, IEnumerable<string> command) =>
        Environment.ProcessorCount > 1 && Has(ToBeTwo) ? [ToBeTwo, "-c", $"{processor}", .. command] : [.. command];
}
