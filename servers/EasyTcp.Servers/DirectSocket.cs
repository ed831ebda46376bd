// A socket, asked without the runtime's bookkeeping: beside small requests that costs as much as the copying.
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EasyTcp.Servers;

/// <summary>Receives and sends. On Linux the socket's descriptor is used itself; elsewhere, and for whatever did not go well,
/// the runtime's own call, which knows what each error means.</summary>
/// <param name="socket">The connection. Nobody else may close it meanwhile.</param>
internal readonly partial struct DirectSocket(Socket socket)
{
    private const int None = -1;
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL of Linux

    private readonly int _descriptor = OperatingSystem.IsLinux() ? (int)socket.Handle : None;

    /// <summary>Receives what is there; on a blocking socket, waits until there is something.</summary>
    /// <param name="room">Where it goes; not empty.</param>
    /// <param name="error">What went wrong.</param>
    /// <returns>The number of bytes; 0 is the client's end.</returns>
    public int Receive(Span<byte> room, out SocketError error)
    {
        nint count = _descriptor == None ? -1 : Receive(_descriptor, ref MemoryMarshal.GetReference(room), (nuint)room.Length, 0);
        error = SocketError.Success;
        return count >= 0 ? (int)count : socket.Receive(room, SocketFlags.None, out error);
    }

    /// <summary>Sends what there is room for; on a blocking socket, all.</summary>
    /// <param name="bytes">What to send.</param>
    /// <param name="error">What went wrong.</param>
    /// <returns>The number of bytes that were taken.</returns>
    public int Send(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        nint count = _descriptor == None ? -1 : Send(_descriptor, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, NoSignal);
        error = SocketError.Success;
        return count >= 0 ? (int)count : socket.Send(bytes, SocketFlags.None, out error);
    }

    [LibraryImport("libc", EntryPoint = "recv")]
    private static partial nint Receive(int descriptor, ref byte room, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    private static partial nint Send(int descriptor, in byte bytes, nuint size, int flags);
}
