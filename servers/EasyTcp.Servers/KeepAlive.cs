// Clients that vanish without a word: the system looks for them, and ends their connections (clauses 9.5 and 9.6).
using System.Net.Sockets;

namespace EasyTcp.Servers;

/// <summary>What a connection needs for that.</summary>
public static class KeepAlive
{
    private const int Idle = 60; // seconds
    private const int Interval = 10;
    private const int Probes = 3;

    // .NET has no name for it: Linux's number, and its value in milliseconds.
    private const int UserTimeoutOption = 18;
    private const int UserTimeout = (Idle + (Probes * Interval)) * 1000;

    /// <summary>Turns it on. An option that the system does not know is no fault.</summary>
    public static void TurnOn(Socket client)
    {
        ArgumentNullException.ThrowIfNull(client);
        Try(() => client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Idle));
        Try(() => client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Interval));
        Try(() => client.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes));
        if (OperatingSystem.IsLinux())
        {
            Try(() => client.SetRawSocketOption((int)SocketOptionLevel.Tcp, UserTimeoutOption, BitConverter.GetBytes(UserTimeout)));
        }

        Try(() => client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true));
    }

    private static void Try(Action set)
    {
        try
        {
            set();
        }
        catch (SocketException)
        {
            // the system does not know it, or the client has gone already, which its session will notice
        }
    }
}
