// Ctrl-C and SIGTERM, which end client and servers alike (clauses 8.1 and 10.9).
using System.Runtime.InteropServices;

namespace EasyTcp.Protocol;

/// <summary>The signals that ask a program to end.</summary>
public static partial class Signals
{
    private static readonly PosixSignal[] Ending = [PosixSignal.SIGINT, PosixSignal.SIGTERM];

    // Kept, for a registration that is collected is none.
    private static PosixSignalRegistration[] _registrations = [];

    /// <summary>From now on either signal says farewell and exits 0.</summary>
    /// <param name="farewell">Prints the last words; nothing may be printed after them.</param>
    public static void EndWith(Action farewell)
    {
        if (!OperatingSystem.IsWindows())
        {
            // A shell starts its background jobs with SIGINT ignored, and .NET leaves an ignored signal alone.
            const int Interrupt = 2;
            _ = SetHandler(Interrupt, 0);
        }

        _registrations = [.. Ending.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            farewell();
            Environment.Exit(CommandLine.Success); // the system ends every connection
        }))];
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
