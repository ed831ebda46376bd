// The parts of a server put together: what begins with the ready line, and the reports that are due.
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class ServiceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private FakeTimeProvider _clock = null!;
    private RecordingStream _output = null!;
    private Socket _listener = null!;
    private Service _service = null!;

    [SetUp]
    public void Open()
    {
        _clock = new FakeTimeProvider();
        _output = new RecordingStream();
        _listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var reports = new ReportSchedule(_clock, Minute);
        _service = new Service(_listener, new ClientRegistry(new ServerConsole(_output), reports), reports, _ => { }, _clock);
    }

    [TearDown]
    public void Close()
    {
        _listener.Dispose();
        _output.Dispose();
    }

    [Test]
    public void Running_time_and_schedule_begin_with_the_ready_line()
    {
        _clock.Advance(TimeSpan.FromSeconds(50));

        _service.Begin();
        _clock.Advance(TimeSpan.FromSeconds(15));

        Assert.That(_service.Reports.UntilDue, Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(new Dialogue(_service.Desk).Says("UPTIME 0\n").Heard, Is.EqualTo("OK 8\n00:00:15"));
    }

    [Test]
    public void Each_report_that_is_due_is_printed_with_the_number_of_now()
    {
        _service.Begin();
        LinkedListNode<long> place = _service.Clients.Join();

        _clock.Advance(Minute * 2);
        _service.PrintDueReports();
        _service.Clients.Leave(place);
        _clock.Advance(Minute);
        _service.PrintDueReports();
        _service.PrintDueReports();
        _service.Clients.Flush();

        Assert.That(_output.Text, Is.EqualTo("""
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
        _service.Begin();

        _clock.Advance(Minute);
        _service.PrintDueReports();
        Assert.That(_output.Text, Is.EqualTo("Number of connected clients = 0\n"));

        _clock.Advance(Minute);
        var other = new Thread(() => _service.PrintDueReports());
        other.Start();
        other.Join();
        Assert.That(_output.Writes, Has.Count.EqualTo(2));
    }
}
