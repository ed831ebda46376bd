// Threads that stay on one processor (Linux: sched_setaffinity).
using System.Runtime.InteropServices;

namespace EasyTcp.Interop.Processes;

/// <summary>The processors of this machine.</summary>
internal static partial class Processors
{
    private const int BitsPerByte = 8;

    /// <summary>Keeps the calling thread on a processor. False where the system does not allow it.</summary>
    public static bool Pin(int processor)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        byte[] mask = new byte[128]; // a cpu_set_t
        mask[processor / BitsPerByte] = (byte)(1 << (processor % BitsPerByte));
        return SetAffinity(0, mask.Length, mask) == 0;
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nint size, byte[] mask);
}
