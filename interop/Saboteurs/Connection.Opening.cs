// How the client reaches its server (clause 10.1).
using System.Net;
using System.Net.Sockets;
using static EasyTcp.Saboteurs.ClientFault;

namespace EasyTcp.Saboteurs;

internal sealed partial class Connection
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(Fault.Is(ConnectAwaitedForEver) ? 600 : Fault.Is(ConnectAwaitedFor1Second) ? 1 : 5);

    /// <summary>Connects to the first address of a host that answers.</summary>
    public static Connection Open(string host, int port)
    {
        string reason = "it has no address";
        IPAddress[] addresses = Addresses(host);
        foreach (IPAddress address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = !Fault.Is(NoDelayMissing) };
            try
            {
                Connect(socket, new IPEndPoint(address, port));
                IsConnecting = false;
                return new Connection(socket);
            }
            catch (Exception error) when (error is SocketException or ArgumentException)
            {
                socket.Dispose();
                reason = error.Message;
                if (Fault.Is(EachAddressTold) && addresses.Length > 1)
                {
                    Console.Error.WriteLine(Texts.Invariant($"cannot connect to {address} port {port}: {reason}"));
                }

                if (Fault.Is(FirstAddressOnly))
                {
                    break;
                }
            }
        }

        throw new SessionException(Texts.Invariant($"cannot connect to {host} port {port}: {reason}"));
    }

    // By waiting itself: .NET would start four threads for it.
    private static void Connect(Socket socket, IPEndPoint server)
    {
        socket.Blocking = false;
        try
        {
            socket.Connect(server);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            var clock = new Clock();
            while (Fault.Is(SpinsWhileConnecting) && clock.Elapsed < ConnectTime && !socket.Poll(0, SelectMode.SelectWrite))
            {
            }

            if (!socket.Poll(Fault.Is(SpinsWhileConnecting) ? TimeSpan.Zero : ConnectTime, SelectMode.SelectWrite))
            {
                throw new SocketException((int)SocketError.TimedOut);
            }

            if (socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error) is int reason and not 0)
            {
                throw new SocketException(reason);
            }
        }
    }

    private static IPAddress[] Addresses(string host)
    {
        try
        {
            if (IPAddress.TryParse(host, out IPAddress? literal))
            {
                return Fault.Is(Ipv4Only) && literal.AddressFamily != AddressFamily.InterNetwork ? [] : [literal];
            }

            return Fault.Is(NamesUnresolved) ? [] : Fault.Is(NamesIpv4Only) ? Dns.GetHostAddresses(host, AddressFamily.InterNetwork) : Dns.GetHostAddresses(host);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            throw new SessionException($"unknown host '{host}': {error.Message}");
        }
    }
}
