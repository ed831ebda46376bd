// The number of descriptors that a server may have (clause 9.2).
using System.Runtime.InteropServices;

namespace EasyTcp.Servers;

/// <summary>The limit of open descriptors.</summary>
internal static partial class DescriptorLimit
{
    /// <summary>Raises the soft limit to the hard one, which the runtime does for managed programs and not for native ones.</summary>
    public static void Raise()
    {
        // The number of the limit, by system; systems without it have no such limit.
        int descriptors = OperatingSystem.IsLinux() ? 7 : OperatingSystem.IsMacOS() ? 8 : -1;
        if (descriptors >= 0 && Get(descriptors, out Limit limit) == 0)
        {
            limit.Soft = limit.Hard;
            _ = Set(descriptors, in limit); // refused: it stays as it was
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int Get(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int Set(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
