// The tap's judge: it passes a true conversation in any pieces, and names clause and direction of each kind of false one.
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ExchangeJudgeTests
{
    private const string Address = "127.0.0.1:4000";

    [Test]
    public async Task A_true_conversation_passes_in_any_pieces()
    {
        await ExchangeJudge.Judge(Of("> UPPER 2\nhi", "< OK 2\nHI", "> ADDR 0\n", $"< OK 14\n{Address}", "> COUNT 0\n", "< OK 1\n3", "> UPTIME 0\n", "< OK 8\n00:00:01", "> FIN", "< FIN"), null, null);
        await ExchangeJudge.Judge(Of("> U", "> PPER 2", "> \nh", "> i", "< O", "< K 2\n", "< HI", "> FIN", "< FIN"), null, null);
        await ExchangeJudge.Judge(Of("> UPPER 2\nhi", "< OK 2\nHI"), null, null); // still open
    }

    [TestCase("1.2", "before the request's last byte", "> UPPER 2\nh", "< OK 2\nHI", "> i")]
    [TestCase("10.7", "before that reply", "> COUNT 0\n", "> COUNT 0\n", "< OK 1\n1", "< OK 1\n2")]
    [TestCase("10.7", "never came", "> COUNT 0\n", "> COUNT 0\n")]
    [TestCase("1.2", "OK '2'", "> COUNT 0\n", "< OK 1\n1", "< OK 1\n2")]
    [TestCase("1.2", "0", "> COUNT 0\n", "> FIN", "< FIN")]
    [TestCase("1.2", "the server's end", "> COUNT 0\n", "< OK 1\n1", "< FIN")]
    [TestCase("1.4", "a reset", "> COUNT 0\n", "< OK 1\n1", "> FIN", "< RST")]
    [TestCase("1.7", "a reset", "> COUNT 0\n", "< OK 1\n1", "> RST")]
    [TestCase("2", "'count 0", "> count 0\n")]
    [TestCase("2", "'HELP 0", "> HELP 0\n")]
    [TestCase("2", "'OK 01", "> COUNT 0\n", "< OK 01\n1")]
    [TestCase("2.2", "'OK 65536", "> COUNT 0\n", "< OK 65536\n1")]
    [TestCase("2", "then the end of the stream", "> COUNT 0\n", "< OK 2\n1", "> FIN", "< FIN")]
    [TestCase("2", "then the end of the stream", "> COUNT", "> FIN", "< FIN")]
    [TestCase("3", "1 bytes of it", "> COUNT 1\nx", "< OK 1\n1")]
    [TestCase("3.1", "OK 'Hi'", "> UPPER 2\nhi", "< OK 2\nHi")]
    [TestCase("3.1", "ERR", "> UPPER 2\nhi", "< ERR 15\nunknown command")]
    [TestCase("3.2", "127.0.0.1:4001", "> ADDR 0\n", "< OK 14\n127.0.0.1:4001")]
    [TestCase("3.3", "'0'", "> COUNT 0\n", "< OK 1\n0")]
    [TestCase("3.4", "'0:00:01'", "> UPTIME 0\n", "< OK 7\n0:00:01")]
    public void Each_kind_of_false_one_is_named(string clause, string actual, params string[] pieces)
    {
        CaseFailedException fault = Assert.ThrowsAsync<CaseFailedException>(() => ExchangeJudge.Judge(Of(pieces), null, null))!;

        Assert.That(fault.Clause, Is.EqualTo(clause));
        Assert.That(fault.Expected, Does.StartWith("on the wire, "));
        Assert.That(fault.Actual, Does.Contain(actual));
    }

    [Test]
    public async Task A_peer_that_the_case_ended_may_leave_in_the_middle()
    {
        await ExchangeJudge.Judge(Of("> COUNT 0\n", "< OK 1", "< RST", "> RST"), serverToldToEnd: TimeSpan.Zero, clientKilled: null);
        await ExchangeJudge.Judge(Of("> COU", "> RST", "< FIN"), serverToldToEnd: null, clientKilled: TimeSpan.Zero);
    }

    [Test]
    public void Nothing_that_stands_before_the_end_is_excused_by_it()
    {
        Assert.ThrowsAsync<CaseFailedException>(() => ExchangeJudge.Judge(Of("> COUNT 0\n", "< OK 1\nx", "< RST"), serverToldToEnd: TimeSpan.Zero, clientKilled: TimeSpan.Zero));
    }

    [Test]
    public void An_end_before_it_was_told_to_end_is_judged_as_any_other()
    {
        TimeSpan later = TimeSpan.MaxValue;
        Assert.ThrowsAsync<CaseFailedException>(() => ExchangeJudge.Judge(Of("> COUNT 0\n", "< OK 1\n1", "> RST"), serverToldToEnd: later, clientKilled: later));
        Assert.ThrowsAsync<CaseFailedException>(() => ExchangeJudge.Judge(Of("> COUNT 0\n", "< OK 1\n1", "> FIN", "< RST"), serverToldToEnd: later, clientKilled: later));
    }

    // "> TEXT" is a piece of the client's, "< TEXT" one of the server's; FIN and RST end a direction.
    private static Exchange Of(params string[] pieces)
    {
        var exchange = new Exchange(Address, "127.0.0.1:12000", Part.Relay);
        foreach (string piece in pieces)
        {
            Direction direction = piece[0] == '>' ? Direction.ToServer : Direction.ToClient;
            switch (piece[2..])
            {
                case "FIN":
                    exchange.RecordEnd(direction, isReset: false);
                    break;
                case "RST":
                    exchange.RecordEnd(direction, isReset: true);
                    break;
                default:
                    exchange.Record(direction, Encoding.Latin1.GetBytes(piece[2..]));
                    break;
            }
        }

        return exchange;
    }
}
