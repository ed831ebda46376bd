// What the system says of a peer's socket (Linux: pidfd_getfd).
using System.Buffers.Binary;
using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EasyTcp.Interop.Processes;

/// <summary>Sockets of other processes on this machine, found by their two ports.</summary>
internal static partial class SocketFacts
{
    public const int SocketLevel = 1; // SOL_SOCKET
    public const int TcpLevel = 6; // IPPROTO_TCP
    private const int OpenProcess = 434; // pidfd_open, the same on every architecture
    private const int GetDescriptor = 438; // pidfd_getfd

    /// <summary>True if a process has set TCP_NODELAY on a connection of its own, false if it has not; null if that cannot be known.</summary>
    /// <inheritdoc cref="Option"/>
    public static bool? NoDelay(int processId, int port, int otherPort)
    {
        const int NoDelayOption = 1;
        return Option(processId, port, otherPort, TcpLevel, NoDelayOption) is int value ? value != 0 : null;
    }

    /// <summary>An option of a process's connection; null if it cannot be known, because the connection is another process's, in a
    /// container say, or because the system forbids to look.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="port">Its own port.</param>
    /// <param name="otherPort">The port of the other side.</param>
    /// <param name="level">The option's level.</param>
    /// <param name="option">The option's number.</param>
    public static int? Option(int processId, int port, int otherPort, int level, int option)
    {
        int process = (int)Call(OpenProcess, processId, 0, 0);
        if (process < 0)
        {
            return null;
        }

        try
        {
            foreach (string file in Directory.EnumerateFileSystemEntries($"/proc/{processId}/fd"))
            {
                int copy = (int)Call(GetDescriptor, process, int.Parse(Path.GetFileName(file), CultureInfo.InvariantCulture), 0);
                if (copy < 0)
                {
                    continue; // closed meanwhile, or forbidden
                }

                try
                {
                    if (PortOf(copy, GetName) == port && PortOf(copy, GetPeerName) == otherPort)
                    {
                        int size = sizeof(int);
                        return GetOption(copy, level, option, out int value, ref size) == 0 ? value : null;
                    }
                }
                finally
                {
                    _ = Close(copy);
                }
            }

            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return null;
        }
        finally
        {
            _ = Close(process);
        }
    }

    private delegate int NameOf(int socket, byte[] address, ref int size);

    // The port stands behind the family in every address; 0 for what is no socket.
    private static int PortOf(int descriptor, NameOf name)
    {
        byte[] address = new byte[128];
        int size = address.Length;
        return name(descriptor, address, ref size) == 0 ? BinaryPrimitives.ReadUInt16BigEndian(address.AsSpan(2)) : 0;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static partial int GetName(int socket, [Out] byte[] address, ref int size);

    [LibraryImport("libc", EntryPoint = "getpeername")]
    private static partial int GetPeerName(int socket, [Out] byte[] address, ref int size);

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static partial int GetOption(int socket, int level, int option, out int value, ref int size);
}
