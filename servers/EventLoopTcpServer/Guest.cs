// A client as the queue knows it.
using EasyTcp.Servers;

namespace EventLoopTcpServer;

/// <summary>A client and its place in the queue.</summary>
/// <param name="session">The client.</param>
internal sealed class Guest(ClientSession session)
{
    public ClientSession Session => session;

    /// <summary>True once its connection is over; the queue may still hand it out once.</summary>
    public bool HasLeft { get; set; }

    /// <summary>What the queue waits for now: room to send, or bytes of the client's.</summary>
    public bool AwaitsRoom { get; set; }

    /// <summary>The queue's own number for it.</summary>
    public int Slot { get; set; }
}
