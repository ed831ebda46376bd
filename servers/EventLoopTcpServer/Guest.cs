// A client as the queue knows it.
using System.Net.Sockets;
using EasyTcp.Servers;

namespace EventLoopTcpServer;

/// <summary>A client and its place in the queue.</summary>
/// <param name="socket">The connection.</param>
/// <param name="service">The service that it came to.</param>
internal sealed class Guest(Socket socket, Service service) : ClientSession(socket, service)
{
    /// <summary>True once its connection is over; the queue may still hand it out once.</summary>
    public bool HasLeft { get; set; }

    /// <summary>What the queue waits for now: room to send, or bytes of the client's.</summary>
    public bool AwaitsRoom { get; set; }

    /// <summary>The queue's own number for it.</summary>
    public int Slot { get; set; }
}
