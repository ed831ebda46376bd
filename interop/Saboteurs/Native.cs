// The little that .NET does not offer.
using System.Runtime.InteropServices;

namespace EasyTcp.Saboteurs;

internal static partial class Native
{
    private const int SetDescriptorFlags = 2;
    private const int Interrupt = 2;

    /// <summary>A shell starts its background jobs with SIGINT ignored, and .NET leaves an ignored signal alone.</summary>
    public static void TakeInterrupts() => _ = SetHandler(Interrupt, 0);

    /// <summary>Lets processes that this one starts keep a descriptor.</summary>
    public static void LetChildrenInherit(nint descriptor) => _ = Control((int)descriptor, SetDescriptorFlags, 0);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetHandler(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);
}
