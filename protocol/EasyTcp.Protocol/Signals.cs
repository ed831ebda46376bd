// Ctrl-C and SIGTERM, which end client and servers alike (clauses 8.1 and 10.9).
using System.Runtime.InteropServices;

namespace EasyTcp.Protocol;

/// <summary>The signals that ask a program to end.</summary>
public static partial class Signals
{
    private static readonly PosixSignal[] Ending = [PosixSignal.SIGINT, PosixSignal.SIGTERM];

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(0.8);

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

        // The runtime calls back on a thread of its pool: it is made now, and stays (NativeProgram.props), for there may be
        // none to be had when the signal comes.
        using var made = new ManualResetEventSlim();
        ThreadPool.UnsafeQueueUserWorkItem(made => made.Set(), made, preferLocal: false);
        made.Wait();

        _registrations = [.. Ending.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            SayFarewell(farewell);
            Environment.Exit(CommandLine.Success); // the system ends every connection
        }))];
    }

    // On a thread that can be left behind: a stdout that nobody reads must not keep the program.
    private static void SayFarewell(Action farewell)
    {
        try
        {
            var speaker = new Thread(() => farewell()) { IsBackground = true };
            speaker.Start();
            speaker.Join(LongestFarewell);
        }
        catch (OutOfMemoryException)
        {
            farewell(); // no thread can be had
        }
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);
}
