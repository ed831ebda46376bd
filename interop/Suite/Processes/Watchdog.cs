// Kills the programs under test once the suite is gone, also where it had no time for that itself: SIGKILL, or want of memory.
using System.Diagnostics;
using EasyTcp.Interop.Places;

namespace EasyTcp.Interop.Processes;

/// <summary>A process beside the suite that outlives it for a moment. Linux only: it finds programs by their environment.</summary>
internal static class Watchdog
{
    private const string Mark = "EASYTCP_RUN";
    private const string Shell = "/bin/sh";

    // Its stdin ends with the suite, however that ends. Who is killed may just have started another: it looks until there is none.
    private const string Script = """
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        while read -r line; do :; done
        for round in 1 2 3 4 5; do
            found=$(grep -lF "$1" /proc/[0-9]*/environ)
            [ -n "$found" ] || exit 0
            for file in $found; do
                file=${file#/proc/}
                kill -KILL "${file%/environ}"
            done
        done
        """;

    // Never disposed of: that it is closed is the news.
    private static readonly Lazy<Process?> Dog = new(Start);

    /// <summary>Has it watch over every program that is started from now on.</summary>
    public static void Watch() => _ = Dog.Value;

    private static Process? Start()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        // A session of its own, where there is setsid: what a terminal sends to the suite's group is not meant for it.
        string mark = $"{Mark}={Lifeline.Own}.";
        string[] command = [.. File.Exists(LocalProcess.NewSession) ? [LocalProcess.NewSession, Shell] : new[] { Shell }, "-c", Script, "watchdog", mark];
        Process? dog = Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardInput = true });
        Environment.SetEnvironmentVariable(Mark, $"{Lifeline.Own}."); // and only now: it must not find itself
        return dog;
    }
}
