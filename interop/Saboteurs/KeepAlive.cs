// Clients that vanish without a word (clauses 9.5 and 9.6).
using System.Net.Sockets;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>What has the system look for them.</summary>
internal static class KeepAlive
{
    private const int UserTimeoutOption = 18; // Linux's number
    private const int UserTimeout = 90_000; // ms

    /// <summary>Turns it on.</summary>
    public static void TurnOn(Socket client)
    {
        if (!Fault.Is(KeepAliveOfSystem))
        {
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 60);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Fault.Is(KeepAliveProbeTooMany) ? 4 : 3);
        }

        if (!Fault.Is(UserTimeoutMissing))
        {
            client.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeoutOption, BitConverter.GetBytes(UserTimeout));
        }

        client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, !Fault.Is(KeepAliveMissing));
    }
}
