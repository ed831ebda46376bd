// The little that .NET does not offer.
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EasyTcp.Saboteurs;

internal static partial class Native
{
    public const int StandardOutput = 1;
    public const int StandardError = 2;

    public const int BothDirections = 2;

    private const int SetDescriptorFlags = 2;
    private const int Interrupt = 2;

    /// <summary>A shell starts its background jobs with SIGINT ignored, and .NET leaves an ignored signal alone.</summary>
    public static void TakeInterrupts() => _ = SetHandler(Interrupt, 0);

    /// <summary>Lets processes that this one starts keep a descriptor.</summary>
    public static void LetChildrenInherit(nint descriptor) => _ = Control((int)descriptor, SetDescriptorFlags, 0);

    /// <summary>Raises the soft limit of descriptors to the hard one (clause 9.2), which .NET does for managed programs alone.</summary>
    public static void RaiseDescriptorLimit()
    {
        const int OpenFiles = 7;
        ulong[] limits = new ulong[2];
        _ = GetLimit(OpenFiles, limits);
        limits[0] = limits[1];
        _ = SetLimit(OpenFiles, limits);
    }

    /// <summary>A standard stream. Unlike the console's own, it says so when nobody reads any more.</summary>
    public static FileStream Open(int descriptor) => new(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, [Out] ulong[] limits);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ulong[] limits);

    /// <summary>Shuts a connection down; not 0 if the system refuses.</summary>
    [LibraryImport("libc", EntryPoint = "shutdown")]
    public static partial int ShutDown(int descriptor, int directions);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
