// Whether a run is over: what the containers and networks of a run are labelled with says which process it was.
using System.Diagnostics;
using System.Globalization;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Places;

/// <summary>A run, by its process: the number alone would be given again one day.</summary>
internal static class Lifeline
{
    /// <summary>The label that everything of a run's carries.</summary>
    public const string Label = "easytcp.interop.run";

    /// <summary>This run.</summary>
    public static string Own { get; } = Of(Environment.ProcessId);

    /// <summary>True if the process of a run has ended.</summary>
    public static bool IsOver(string run) =>
        !int.TryParse(run.Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int id) || !string.Equals(Of(id), run, StringComparison.Ordinal);

    // On Linux what the kernel itself says, which is the same for whoever reads it: the boot, and the tick at which the process
    // began. Elsewhere the second, as the runtime works it out.
    private static string Of(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return string.Create(CultureInfo.InvariantCulture, $"{processId}-{ProcessFacts.StartTick(processId)}-{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}");
            }

            using var process = Process.GetProcessById(processId);
            return string.Create(CultureInfo.InvariantCulture, $"{processId}-{process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond}");
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IOException)
        {
            return "";
        }
    }
}
