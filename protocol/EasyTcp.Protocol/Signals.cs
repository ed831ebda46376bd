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
        UndoInherited();

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

    // A shell starts its background jobs with SIGINT ignored, other parents have signals blocked, and .NET leaves both as they
    // are. To be called on the main thread: the system gives a signal to any thread that does not block it.
    private static void UndoInherited()
    {
        const int Interrupt = 2;
        const int Terminate = 15;
        const int Unblock = 1; // Linux's number
        if (!OperatingSystem.IsWindows())
        {
            _ = SetHandler(Interrupt, 0);
            _ = SetHandler(Terminate, 0);
        }

        if (OperatingSystem.IsLinux())
        {
            Span<ulong> signals = stackalloc ulong[16]; // as large as the C library's
            signals.Clear();
            signals[0] = (1UL << (Interrupt - 1)) | (1UL << (Terminate - 1));
            _ = SetMask(Unblock, signals, 0);
        }
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

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetMask(int how, Span<ulong> signals, nint former);
}
