// Signals to programs under test.
using System.Globalization;
using System.Runtime.InteropServices;

namespace EasyTcp.Interop.Processes;

/// <summary>Signals, by number as on Linux.</summary>
internal static partial class PosixSignals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Gives SIGINT and SIGTERM their default meaning back if this process was started with them ignored (as
    /// in a shell's background): peers inherit that, and may stay deaf to them.</summary>
    public static void RestoreDefaults()
    {
        const string Field = "SigIgn:";
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Field, StringComparison.Ordinal));
        ulong ignored = ulong.Parse(line[Field.Length..], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        foreach (int signal in new[] { Interrupt, Terminate })
        {
            if ((ignored >> (signal - 1) & 1) != 0)
            {
                _ = SetHandler(signal, 0);
            }
        }
    }

    /// <summary>Sends a signal; 0 if it was delivered.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Send(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
