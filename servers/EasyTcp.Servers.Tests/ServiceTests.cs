// The parts of a server put together: what begins with the ready line, and the reports that are due.
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class ServiceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public void Running_time_and_schedule_begin_with_the_ready_line()
    {
        var clock = new FakeTimeProvider();
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var service = new Service(listener, new ClientRegistry(new ServerConsole(Stream.Null)), Minute, _ => { }, clock);
        clock.Advance(TimeSpan.FromSeconds(50));

        service.Begin();
        clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That(service.Reports.UntilDue, Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(new Dialogue(service.Desk).Says("UPTIME 0\n").Heard, Is.EqualTo("OK 8\n00:00:15"));
    }

    [Test]
    public void Each_report_that_is_due_is_printed_with_the_number_of_now()
    {
        var clock = new FakeTimeProvider();
        using var output = new RecordingStream();
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var service = new Service(listener, new ClientRegistry(new ServerConsole(output)), Minute, _ => { }, clock);
        service.Begin();
        LinkedListNode<long> place = service.Clients.Join();

        clock.Advance(Minute * 2);
        service.PrintDueReports();
        service.Clients.Leave(place);
        clock.Advance(Minute);
        service.PrintDueReports();
        service.PrintDueReports();
        service.Clients.Flush();

        Assert.That(output.Text, Is.EqualTo("""
            Client 1 connected. Number of connected clients = 1
            Connected clients = {client 1}
            Number of connected clients = 1
            Number of connected clients = 1
            Client 1 disconnected. Number of connected clients = 0
            Connected clients = {}
            Number of connected clients = 0

            """));
    }

    [Test]
    public void A_report_is_out_at_once_and_the_next_may_be_printed_by_another_thread()
    {
        var clock = new FakeTimeProvider();
        using var output = new RecordingStream();
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var service = new Service(listener, new ClientRegistry(new ServerConsole(output)), Minute, _ => { }, clock);
        service.Begin();

        clock.Advance(Minute);
        service.PrintDueReports();
        Assert.That(output.Text, Is.EqualTo("Number of connected clients = 0\n"));

        clock.Advance(Minute);
        var other = new Thread(service.PrintDueReports);
        other.Start();
        other.Join();
        Assert.That(output.Writes, Has.Count.EqualTo(2));
    }
}
