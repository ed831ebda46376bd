// Who is connected, and the exact lines that tell of it (clauses 6.2 to 6.5, 7.1 and 8.1).
using Microsoft.Extensions.Time.Testing;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class ClientRegistryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private RecordingStream _output = null!;
    private FakeTimeProvider _clock = null!;
    private ReportSchedule _reports = null!;
    private ClientRegistry _registry = null!;

    [SetUp]
    public void Open()
    {
        _output = new RecordingStream();
        _clock = new FakeTimeProvider();
        _reports = new ReportSchedule(_clock, Minute);
        _registry = new ClientRegistry(new ServerConsole(_output), _reports);
    }

    [TearDown]
    public void Close() => _output.Dispose();

    [Test]
    public void The_ready_line_is_out_at_once()
    {
        _registry.Ready(12000);

        Assert.That(_output.Text, Is.EqualTo("The server is ready to receive on port 12000\n"));
    }

    // The contract's own example, with what leads up to it.
    [Test]
    public void The_lines_are_those_of_the_contract()
    {
        LinkedListNode<long> first = _registry.Join();
        LinkedListNode<long> second = _registry.Join();
        LinkedListNode<long> third = _registry.Join();
        _registry.Leave(second);
        LinkedListNode<long> fourth = _registry.Join();
        _registry.Leave(third);
        _registry.Report();
        _registry.Leave(first);
        _registry.Leave(fourth);
        _registry.Report();
        _registry.Farewell();

        Assert.That(_output.Text, Is.EqualTo("""
            Client 1 connected. Number of connected clients = 1
            Connected clients = {client 1}
            Client 2 connected. Number of connected clients = 2
            Connected clients = {client 1, client 2}
            Client 3 connected. Number of connected clients = 3
            Connected clients = {client 1, client 2, client 3}
            Client 2 disconnected. Number of connected clients = 2
            Connected clients = {client 1, client 3}
            Client 4 connected. Number of connected clients = 3
            Connected clients = {client 1, client 3, client 4}
            Client 3 disconnected. Number of connected clients = 2
            Connected clients = {client 1, client 4}
            Number of connected clients = 2
            Client 1 disconnected. Number of connected clients = 1
            Connected clients = {client 4}
            Client 4 disconnected. Number of connected clients = 0
            Connected clients = {}
            Number of connected clients = 0
            Bye bye~

            """));
    }

    [TestCase(9, "{client 1, client 2, client 3, client 4, client 5, client 6, client 7, client 8, client 9}")]
    [TestCase(10, "{client 1, client 2, client 3, client 4, client 5, client 6, client 7, client 8, client 9, client 10}")]
    [TestCase(11, "{client 1, client 2, client 3, client 4, client 5, client 6, client 7, client 8, client 9, client 10, 1 more}")]
    [TestCase(12, "{client 1, client 2, client 3, client 4, client 5, client 6, client 7, client 8, client 9, client 10, 2 more}")]
    [TestCase(1012, "{client 1, client 2, client 3, client 4, client 5, client 6, client 7, client 8, client 9, client 10, 1002 more}")]
    public void The_roster_names_ten_of_a_larger_crowd(int clients, string roster)
    {
        Join(clients);
        _registry.Flush();

        Assert.That(_output.Text, Does.EndWith($"Client {clients} connected. Number of connected clients = {clients}\nConnected clients = {roster}\n"));
    }

    [Test]
    public void The_next_lowest_moves_up_when_one_of_the_ten_leaves()
    {
        LinkedListNode<long>[] clients = Join(12);
        _registry.Leave(clients[0]);
        _registry.Leave(clients[11]);
        _registry.Flush();

        Assert.That(_output.Text, Does.EndWith("""
            Client 1 disconnected. Number of connected clients = 11
            Connected clients = {client 2, client 3, client 4, client 5, client 6, client 7, client 8, client 9, client 10, client 11, 1 more}
            Client 12 disconnected. Number of connected clients = 10
            Connected clients = {client 2, client 3, client 4, client 5, client 6, client 7, client 8, client 9, client 10, client 11}

            """));
    }

    [Test]
    public void An_ID_is_never_used_again()
    {
        var seen = new List<long>();
        for (int i = 0; i < 100; i++)
        {
            LinkedListNode<long> place = _registry.Join();
            seen.Add(place.Value);
            _registry.Leave(place);
        }

        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 100)));
    }

    [Test]
    public void Nothing_follows_the_farewell()
    {
        LinkedListNode<long>[] clients = Join(2);
        _registry.Farewell();

        _registry.Leave(clients[0]);
        _registry.Join();
        _registry.Report();
        _registry.Flush();
        _registry.Farewell();

        Assert.That(_output.Text, Does.EndWith("Connected clients = {client 1, client 2}\nBye bye~\n"));
    }

    // Among thousands who come or leave, one who waits for the lock to print a report may get it seconds late (clause 7.3).
    [Test]
    public void Whoever_has_the_lines_in_hand_prints_the_reports_that_are_due()
    {
        _reports.Start();
        LinkedListNode<long> place = _registry.Join();

        _clock.Advance(Minute);
        _registry.Leave(place);
        Assert.That(_output.Writes, Has.Count.EqualTo(1).And.All.EndsWith("\nNumber of connected clients = 1\n"), "it is out at once");

        _clock.Advance(Minute * 2);
        _registry.Join();
        Assert.That(_output.Text, Does.EndWith("Connected clients = {}\nNumber of connected clients = 0\nNumber of connected clients = 0\n"));

        _clock.Advance(Minute);
        _registry.Flush();
        Assert.That(_output.Text, Does.EndWith("Connected clients = {client 2}\nNumber of connected clients = 1\n"));
    }

    [Test]
    public void Only_one_who_waits_for_the_lines_prints_a_report_while_another_has_them_in_hand()
    {
        using var stuck = new StuckStream();
        var registry = new ClientRegistry(new ServerConsole(stuck), _reports);
        _reports.Start();
        registry.Join();
        var writer = new Thread(registry.Flush);
        writer.Start();
        stuck.Reached.WaitOne();
        var early = new Thread(() => registry.PrintDueReports(waits: true));
        early.Start();
        bool isCheap = early.Join(TimeSpan.FromSeconds(10));

        _clock.Advance(Minute);
        registry.PrintDueReports(waits: false);
        Assert.That(_reports.IsDue, Is.True);

        var waiting = new Thread(() => registry.PrintDueReports(waits: true));
        waiting.Start();
        Assert.That(() => waiting.ThreadState, Is.EqualTo(ThreadState.WaitSleepJoin).After(10_000, 1), "it waits");
        stuck.GoOn.Set();
        writer.Join();
        waiting.Join();
        Assert.That(_reports.IsDue, Is.False);
        Assert.That(isCheap, Is.True, "where none is due nobody waits");
        var other = new Thread(() => registry.Join()); // and the lock is free again
        other.Start();
        Assert.That(other.Join(Minute), Is.True);
    }

    [Test]
    public void The_lines_of_the_steady_state_allocate_nothing_but_the_clients_place()
    {
        const int Many = 1_000;
        var quiet = new ClientRegistry(new ServerConsole(Stream.Null), _reports);

        long allocated = Steady.AllocatedBytes(() => ComeReportAndGo(quiet, Many));

        // A node of the list is 48 bytes.
        Assert.That(allocated, Is.AtMost(Many * 48));
    }

    private static void ComeReportAndGo(ClientRegistry registry, int times)
    {
        for (int i = 0; i < times; i++)
        {
            LinkedListNode<long> place = registry.Join();
            registry.Report();
            registry.Leave(place);
            registry.Flush();
        }
    }

    // A stdout that takes its first write only when it is told to go on.
    private sealed class StuckStream : MemoryStream
    {
        public ManualResetEvent Reached { get; } = new(false);

        public ManualResetEvent GoOn { get; } = new(false);

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Reached.Set();
            GoOn.WaitOne();
        }

        protected override void Dispose(bool disposing)
        {
            Reached.Dispose();
            GoOn.Dispose();
            base.Dispose(disposing);
        }
    }

    private LinkedListNode<long>[] Join(int clients) => [.. Enumerable.Range(0, clients).Select(_ => _registry.Join())];
}
