// How bytes and acknowledgements go out when that matters: one by one, or late.
using System.Net.Sockets;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>Ways to send that a socket does not offer by itself.</summary>
internal static class Pieces
{
    private const int TcpLevel = 6;
    private const int LargestSegment = 2; // TCP_MAXSEG
    private const int QuickAcknowledgement = 12; // TCP_QUICKACK

    // Long enough for a peer that is awake to take a byte. On a busy machine some bytes come together all the same, but not
    // all of hundreds.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(1);

    /// <summary>Sends a text a byte at a time, with a moment between.</summary>
    public static async Task SendByteByByte(string latin1, Func<string, Task> send)
    {
        foreach (char each in latin1)
        {
            await send(each.ToString());
            await Wait.LetPass(Apart);
        }
    }

    /// <summary>Has a socket, before it connects or listens, hold little of what it is sent: the other side must wait for it to read.</summary>
    /// <remarks>The other side's system sizes its own buffer by the segments that this one takes: all but the least would hold a whole message.</remarks>
    public static void MakeNarrow(Socket socket)
    {
        socket.SetRawSocketOption(TcpLevel, LargestSegment, BitConverter.GetBytes(88));
        socket.ReceiveBufferSize = 1; // the least that the system gives
    }

    /// <summary>Puts acknowledgements off for as long as the system does, some 40 ms, as it does by itself in a lively dialogue.
    /// It does not last.</summary>
    public static void DelayAcknowledgements(Socket socket) => socket.SetRawSocketOption(TcpLevel, QuickAcknowledgement, BitConverter.GetBytes(0));
}
