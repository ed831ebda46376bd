// What is answered to each command (part 3), on a clock that the tests turn.
using System.Globalization;
using System.Net;
using System.Text;
using EasyTcp.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class RequestDeskTests
{
    [TestCase(0, 0, 0, 0, "00:00:00")]
    [TestCase(0, 0, 0, 999, "00:00:00")]
    [TestCase(0, 0, 1, 0, "00:00:01")]
    [TestCase(0, 0, 59, 999, "00:00:59", Description = "cut off, not rounded")]
    [TestCase(0, 1, 0, 0, "00:01:00")]
    [TestCase(0, 59, 59, 999, "00:59:59")]
    [TestCase(1, 0, 0, 0, "01:00:00")]
    [TestCase(12, 34, 56, 0, "12:34:56")]
    [TestCase(23, 59, 59, 0, "23:59:59")]
    [TestCase(24, 0, 0, 0, "24:00:00", Description = "hours, not days")]
    [TestCase(99, 59, 59, 999, "99:59:59")]
    [TestCase(100, 0, 0, 0, "100:00:00", Description = "two digits or more")]
    [TestCase(123456, 7, 8, 0, "123456:07:08")]
    public void The_running_time_has_its_form(int hours, int minutes, int seconds, int milliseconds, string expected)
    {
        var clock = new FakeTimeProvider();
        var desk = new RequestDesk(clock);
        desk.Open();

        clock.Advance(new TimeSpan(0, hours, minutes, seconds, milliseconds));

        Assert.That(Ask(desk, "UPTIME"), Is.EqualTo($"OK {expected.Length}\n{expected}"));
    }

    [Test]
    public void The_running_time_begins_with_the_ready_line()
    {
        var clock = new FakeTimeProvider();
        var desk = new RequestDesk(clock);
        clock.Advance(TimeSpan.FromHours(1));

        desk.Open();
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.That(Ask(desk, "UPTIME"), Is.EqualTo("OK 8\n00:00:02"));
    }

    [Test]
    public void The_count_is_of_all_answers_this_one_included()
    {
        var desk = new RequestDesk(new FakeTimeProvider());

        Assert.That(Ask(desk, "COUNT"), Is.EqualTo("OK 1\n1"));
        Ask(desk, "UPPER", "x");
        Ask(desk, "ADDR");
        Ask(desk, "UPTIME");
        Assert.That(Ask(desk, "COUNT"), Is.EqualTo("OK 1\n5"));
    }

    [Test]
    public void The_count_grows_by_digits()
    {
        var desk = new RequestDesk(new FakeTimeProvider());
        for (int i = 1; i < 1000; i++)
        {
            Ask(desk, "UPPER");
        }

        Assert.That(Ask(desk, "COUNT"), Is.EqualTo("OK 4\n1000"));
    }

    // Threads ask at once: every number is given once, none is lost.
    [Test]
    public void The_count_is_exact_under_many_threads()
    {
        const int Each = 2_000;
        var desk = new RequestDesk(new FakeTimeProvider());

        string[] replies = Together.Run(4, _ => Enumerable.Range(0, Each).Select(_ => Ask(desk, "COUNT"))).ToArray();

        Assert.That(replies.Select(reply => int.Parse(reply.Split('\n')[1], CultureInfo.InvariantCulture)).Order(), Is.EqualTo(Enumerable.Range(1, 4 * Each)));
    }

    [Test]
    public void Upper_answers_any_payload()
    {
        var desk = new RequestDesk(new FakeTimeProvider());
        string all = string.Concat(Enumerable.Range(0, 256).Select(each => (char)each));
        string upper = string.Concat(all.Select(each => each is >= 'a' and <= 'z' ? (char)(each - 32) : each));
        string longest = new('q', 65535);

        Assert.That(Ask(desk, "UPPER"), Is.EqualTo("OK 0\n"));
        Assert.That(Ask(desk, "UPPER", all), Is.EqualTo("OK 256\n" + upper));
        Assert.That(Ask(desk, "UPPER", longest), Is.EqualTo("OK 65535\n" + new string('Q', 65535)));
    }

    [Test]
    public void The_address_told_is_the_one_given() =>
        Assert.That(Ask(new RequestDesk(new FakeTimeProvider()), "ADDR"), Is.EqualTo("OK 19\n[2001:db8::7]:50000"));

    [TestCase("::ffff:203.0.113.7", "203.0.113.7:50000", Description = "an IPv4 client of a dual-stack socket")]
    [TestCase("fe80::1%2", "[fe80::1]:50000")]
    public void An_endpoint_is_told_as_clause_3_2_says(string address, string expected) =>
        Assert.That(RequestDesk.AddressOf(new IPEndPoint(IPAddress.Parse(address), 50000)), Is.EqualTo(Encoding.ASCII.GetBytes(expected)));

    [Test]
    public void A_client_that_is_gone_already_has_no_address() => Assert.That(RequestDesk.AddressOf(null), Is.Empty);

    [TestCase("UPPER", true, false)]
    [TestCase("ADDR", true, true)]
    [TestCase("COUNT", true, true)]
    [TestCase("UPTIME", true, true)]
    [TestCase("UPPE", false, false)]
    [TestCase("UPPERS", false, false)]
    [TestCase("upper", false, false)]
    [TestCase("OK", false, false)]
    [TestCase("", false, false)]
    public void The_commands_of_part_3_are_known_and_no_others(string command, bool known, bool question)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(command);
        Assert.That((RequestDesk.Knows(bytes), RequestDesk.IsQuestion(bytes)), Is.EqualTo((known, question)));
    }

    // A reply of any length finds room, also behind others.
    [Test]
    public void Replies_queue_up()
    {
        var desk = new RequestDesk(new FakeTimeProvider());
        var replies = new ByteBuffer();
        desk.Answer("COUNT"u8, [], [], ref replies);
        desk.Answer("UPPER"u8, "ab"u8, [], ref replies);
        RequestDesk.AddReply(ref replies, Wire.Err, Wire.UnknownCommand);

        Assert.That(Encoding.Latin1.GetString(replies.Waiting), Is.EqualTo("OK 1\n1OK 2\nABERR 15\nunknown command"));
    }

    private static string Ask(RequestDesk desk, string command, string payload = "")
    {
        var replies = new ByteBuffer();
        desk.Answer(Encoding.Latin1.GetBytes(command), Encoding.Latin1.GetBytes(payload), "[2001:db8::7]:50000"u8.ToArray(), ref replies);
        return Encoding.Latin1.GetString(replies.Waiting);
    }
}
