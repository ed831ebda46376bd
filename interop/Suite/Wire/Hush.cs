// A socket that goes deaf and dumb, while its process lives on (Linux: SO_ATTACH_FILTER, which needs no privilege).
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EasyTcp.Interop.Wire;

/// <summary>
/// To the other side such a socket looks like a host without power or network: segments for it vanish before TCP sees them,
/// so nothing is acknowledged, no probe is answered, and no reset comes. Only what it is told to send still leaves.
/// </summary>
internal static partial class Hush
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int AttachFilter = 26;
    private const ushort Return = 0x06; // BPF_RET | BPF_K: keep so many bytes of a segment, of which 0 is none

    /// <summary>Drops whatever comes for a socket from here on.</summary>
    public static void Apply(Socket socket)
    {
        var instruction = new Instruction { Code = Return, Count = 0 };
        nint memory = Marshal.AllocHGlobal(Marshal.SizeOf<Instruction>());
        try
        {
            Marshal.StructureToPtr(instruction, memory, fDeleteOld: false);
            var program = new Program { Length = 1, Instructions = memory };
            if (SetOption(socket.SafeHandle, SocketLevel, AttachFilter, in program, Marshal.SizeOf<Program>()) != 0)
            {
                throw new Win32Exception(Marshal.GetLastPInvokeError());
            }
        }
        finally
        {
            Marshal.FreeHGlobal(memory);
        }
    }

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(SafeSocketHandle socket, int level, int option, in Program value, int size);

    // struct sock_filter and struct sock_fprog of linux/filter.h
    [StructLayout(LayoutKind.Sequential)]
    private struct Instruction
    {
        public ushort Code;
        public byte IfTrue;
        public byte IfFalse;
        public uint Count;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public nint Instructions;
    }
}
