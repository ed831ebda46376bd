// The judge of server logs: it says yes to true ones, and no to each kind of false one, with the clause that it breaks.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using static EasyTcp.Interop.Tests.Logs;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class HistoryTests
{
    private const string None = "Number of connected clients = 0";
    private const string FirstIn = "Client 1 connected. Number of connected clients = 1";
    private const string FirstOut = "Client 1 disconnected. Number of connected clients = 0";
    private const string First = "Connected clients = {client 1}";
    private const string Nobody = "Connected clients = {}";
    private const string SecondIn = "Client 2 connected. Number of connected clients = 2";
    private const string Both = "Connected clients = {client 1, client 2}";

    [Test]
    public void The_contracts_own_example_is_true()
    {
        History history = History.Replay(Of(Ready, FirstIn, First, SecondIn, Both,
            "Client 3 connected. Number of connected clients = 3", "Connected clients = {client 1, client 2, client 3}",
            "Client 2 disconnected. Number of connected clients = 2", "Connected clients = {client 1, client 3}",
            "Client 4 connected. Number of connected clients = 3", "Connected clients = {client 1, client 3, client 4}",
            "Client 3 disconnected. Number of connected clients = 2", "Connected clients = {client 1, client 4}",
            "Number of connected clients = 2", Farewell));

        Assert.That(history.Connected, Is.EqualTo(new long[] { 1, 4 }));
        Assert.That(history.Peak, Is.EqualTo(3));
        Assert.That(history.Where(Told.Connected).Select(each => each.Number), Is.EqualTo(new long[] { 1, 2, 3, 4 }));
        Assert.That(history.Where(Told.Disconnected).Select(each => each.At.TotalSeconds), Is.EqualTo(new double[] { 7, 11 }));
        Assert.That(history.Events[0], Is.EqualTo(new LogEvent(TimeSpan.Zero, Told.Ready, 12000)));
        Assert.That(history.Events[^1].What, Is.EqualTo(Told.Farewell));
    }

    [TestCase(10, "")]
    [TestCase(11, ", 1 more")]
    [TestCase(12, ", 2 more")]
    [TestCase(500, ", 490 more")]
    public void The_roster_of_a_larger_crowd_is_known(int clients, string more)
    {
        IReadOnlyList<OutputLine> Crowd(string last) => Of([Ready, .. Enumerable.Range(1, clients).SelectMany(id => new[]
        {
            $"Client {id} connected. Number of connected clients = {id}",
            $"Connected clients = {{{string.Join(", ", Enumerable.Range(1, Math.Min(id, 10)).Select(each => $"client {each}"))}{(id == clients ? last : id > 10 ? $", {id - 10} more" : "")}}}",
        })]);

        Assert.That(History.Replay(Crowd(more)).Peak, Is.EqualTo(clients));
        ExpectLie(Crowd(", 3 more"), "6.5", "more");
    }

    [Test]
    public void A_log_may_end_anywhere_between_two_lines()
    {
        Assert.That(History.Replay(Of(Ready)).Connected, Is.Empty);
        Assert.That(History.Replay(Of(Ready, FirstIn)).Connected, Has.Count.EqualTo(1));
        Assert.That(History.Replay([]).Events, Is.Empty);
    }

    [Test]
    public void A_log_without_the_ready_line_first_is_false()
    {
        ExpectLie(Of(FirstIn, First), "6.2", "the ready line first");
        ExpectLie(Of("The server is ready to receive on port 0"), "6.2", "the ready line first");
        ExpectLie(Of(Ready + " "), "6.2", "the ready line first");
    }

    [Test]
    public void A_second_ready_line_is_false() => ExpectLie(Of(Ready, Ready), "6.2", Ready);

    [Test]
    public void A_skipped_ID_is_false() =>
        ExpectLie(Of(Ready, "Client 2 connected. Number of connected clients = 1"), "6.3", "client 1, the next ID");

    [Test]
    public void A_reused_ID_is_false() => ExpectLie(Of(Ready, FirstIn, First, FirstOut, Nobody, FirstIn, First), "6.3", "client 2, the next ID");

    [Test]
    public void An_ID_with_a_leading_zero_is_false() =>
        ExpectLie(Of(Ready, "Client 01 connected. Number of connected clients = 1"), "6.2", "Client 01");

    [Test]
    public void A_wrong_number_is_false()
    {
        ExpectLie(Of(Ready, "Client 1 connected. Number of connected clients = 2"), "6.6", "1 connected clients at line 2");
        ExpectLie(Of(Ready, FirstIn, First, "Client 1 disconnected. Number of connected clients = 1"), "6.6", "0 connected clients at line 4");
    }

    [Test]
    public void A_stale_roster_is_false() => ExpectLie(Of(Ready, FirstIn, First, SecondIn, First), "6.5", "client 1, client 2");

    [Test]
    public void An_unsorted_roster_is_false() =>
        ExpectLie(Of(Ready, FirstIn, First, SecondIn, "Connected clients = {client 2, client 1}"), "6.5", "client 1, client 2");

    [Test]
    public void A_missing_roster_is_false()
    {
        ExpectLie(Of(Ready, FirstIn, SecondIn), "6.3", "{client 1}");
        ExpectLie(Of(Ready, FirstIn, Farewell), "6.3", "{client 1}");
    }

    [Test]
    public void A_roster_out_of_the_blue_is_false() => ExpectLie(Of(Ready, Nobody), "6.3", "nobody came or went");

    [Test]
    public void A_doubled_line_is_false()
    {
        ExpectLie(Of(Ready, FirstIn, First, First), "6.3", "nobody came or went");
        ExpectLie(Of(Ready, FirstIn, First, FirstIn), "6.3", "client 2, the next ID");
        ExpectLie(Of(Ready, FirstIn, First, FirstOut, Nobody, FirstOut), "6.4", "that is connected");
        ExpectLie(Of(Ready, Farewell, Farewell), "8.1", "no line after");
    }

    [Test]
    public void The_end_of_a_client_that_never_came_is_false() =>
        ExpectLie(Of(Ready, FirstIn, First, "Client 2 disconnected. Number of connected clients = 0"), "6.4", "client 2");

    [Test]
    public void A_report_with_a_wrong_number_is_false()
    {
        Assert.That(History.Replay(Of(Ready, None, FirstIn, First)).Where(Told.Report).Count(), Is.EqualTo(1));
        ExpectLie(Of(Ready, FirstIn, First, None), "6.6", "1 connected clients at line 4");
    }

    [Test]
    public void A_line_after_the_farewell_is_false() =>
        ExpectLie(Of(Ready, FirstIn, First, Farewell, FirstOut, Nobody), "8.1", "no line after");

    [TestCase("hello")]
    [TestCase("")]
    [TestCase("client 1 connected. Number of connected clients = 1")]
    [TestCase("Client 1 connected. Number of connected clients = 1 ")]
    [TestCase("Client 1 connected. Number of connected clients = +1")]
    [TestCase("Bye bye")]
    [TestCase("Bye bye~\r")]
    public void A_line_of_no_known_form_is_false(string line) => ExpectLie(Of(Ready, line), "6.2", "line 2 of the log");

    [Test]
    public void An_open_last_line_is_false() =>
        ExpectLie([.. Of(Ready), new OutputLine(TimeSpan.FromSeconds(1), Farewell, IsWhole: false)], "6.2", "ended by LF");

    private static void ExpectLie(IReadOnlyList<OutputLine> log, string clause, string said)
    {
        CaseFailedException failure = FailureOf(() => History.Replay(log));
        Assert.That(failure.Clause, Is.EqualTo(clause), failure.Message);
        Assert.That(failure.Message, Does.Contain(said));
    }
}
