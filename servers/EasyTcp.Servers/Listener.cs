// The listening socket (clauses 1.1 and 6.2).
using System.Net;
using System.Net.Sockets;

namespace EasyTcp.Servers;

/// <summary>Opens the socket that clients connect to.</summary>
public static class Listener
{
    /// <summary>Listens on all addresses, IPv6 and IPv4 by one socket; on IPv4 alone where IPv6 is off.</summary>
    /// <param name="port">0 lets the system choose.</param>
    /// <exception cref="SocketException">The port is in use or may not be bound (clause 6.7).</exception>
    public static Socket Open(int port)
    {
        if (Socket.OSSupportsIPv6)
        {
            try
            {
                return Open(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true },
                    new IPEndPoint(IPAddress.IPv6Any, port));
            }
            catch (SocketException error) when (error.SocketErrorCode is
                SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable or SocketError.ProtocolNotSupported)
            {
            }
        }

        return Open(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Any, port));
    }

    // ReuseAddress stays off: on Linux .NET makes it SO_REUSEPORT, which lets a second server in. The default already
    // restarts through TIME_WAIT (clause 8.2).
    private static Socket Open(Socket socket, IPEndPoint address)
    {
        try
        {
            socket.Bind(address);
            socket.Listen(int.MaxValue); // the system cuts this to the longest queue that it allows
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
