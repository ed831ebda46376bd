// Whether a peer has read what was sent to it, and acknowledgements that come late.
using System.Net.Sockets;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>Awaits that bytes are in a peer's hands, so that those sent next come to it apart.</summary>
internal static class Taken
{
    // A peer may well leave bytes unread; they are no less sent then.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(0.2);

    /// <summary>Returns when the peer's socket holds nothing unread, when that cannot be seen, or after a while.</summary>
    /// <param name="peerPort">The peer's port.</param>
    /// <param name="ownPort">The suite's.</param>
    public static async Task Await(int peerPort, int ownPort)
    {
        TimeSpan start = Moment.Now;
        while (Moment.Now - start < Longest && SocketFacts.Unread(peerPort, ownPort) > 0)
        {
            await Task.Yield();
        }
    }
}

/// <summary>Acknowledgements put off.</summary>
internal static class AcknowledgementDelay
{
    private const int TcpLevel = 6;
    private const int QuickAcknowledgement = 12; // TCP_QUICKACK

    /// <summary>Does what the system does by itself in a lively dialogue. It does not last.</summary>
    public static void Set(Socket socket) => socket.SetRawSocketOption(TcpLevel, QuickAcknowledgement, BitConverter.GetBytes(0));
}
