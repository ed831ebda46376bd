// What the system is told about clients that vanish (clauses 9.5 and 9.6).
using System.Net;
using System.Net.Sockets;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class KeepAliveTests
{
    [Test]
    public void An_accepted_client_that_vanishes_is_looked_for()
    {
        using Socket listener = Listener.Open(0);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port);
        listener.Poll(-1, SelectMode.SelectRead);

        Assert.That(new Acceptor(listener, TimeProvider.System, _ => { }).TryAccept(out Socket? accepted), Is.True);
        using (accepted)
        {
            Assert.That(accepted!.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive), Is.Not.Zero);
            Assert.That(accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Is.EqualTo(60));
            Assert.That(accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval), Is.EqualTo(10));
            Assert.That(accepted.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount), Is.EqualTo(3));
            byte[] timeout = new byte[sizeof(int)];
            accepted.GetRawSocketOption((int)SocketOptionLevel.Tcp, 18, timeout); // TCP_USER_TIMEOUT of Linux, in milliseconds
            Assert.That(BitConverter.ToInt32(timeout), Is.EqualTo(90_000));
        }
    }

    [Test]
    public void What_cannot_be_set_is_no_fault()
    {
        using var notTcp = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

        Assert.That(() => KeepAlive.TurnOn(notTcp), Throws.Nothing);
    }
}
