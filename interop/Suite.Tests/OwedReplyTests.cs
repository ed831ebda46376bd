// The model of the clauses, against a table that was made by reading them.
using EasyTcp.Interop.Generating;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class OwedReplyTests
{
    private static readonly string Large = new('z', 65535);

    [TestCase("", "")]
    [TestCase("UPPER 0\n", "OK ''")]
    [TestCase("UPPER 5\nhello", "OK 'HELLO'")]
    [TestCase("UPPER 3\n\xE9z{", "OK '\xE9Z{'")]
    [TestCase("COUNT 0\nADDR 0\nUPTIME 0\n", "OK COUNT, OK ADDR, OK UPTIME")]
    [TestCase("COUNT 1\nxADDR 2\nxyUPTIME 1\n\n", "ERR 'unexpected payload', ERR 'unexpected payload', ERR 'unexpected payload'")]
    [TestCase("NOSUCH 3\nabcUPPER 1\na", "ERR 'unknown command', OK 'A'")]
    [TestCase("A 0\n", "ERR 'unknown command'")]
    [TestCase("ABCDEFGHIJKLMNOP 1\nx", "ERR 'unknown command'")]
    [TestCase("UPPER 65536\nUPPER 0\n", "ERR 'payload too large' end")]
    [TestCase("NOSUCH 99999\n", "ERR 'payload too large' end")]
    [TestCase("ABCDEFGHIJKLMNOP 99999\n", "ERR 'payload too large' end")]
    [TestCase("UPPER 100000\n", "ERR 'malformed header' end")]
    [TestCase("UPPER 1\naupper 1\naUPPER 1\na", "OK 'A', ERR 'malformed header' end")]
    [TestCase("\n", "ERR 'malformed header' end")]
    [TestCase("UPPER 01\n", "ERR 'malformed header' end")]
    [TestCase("UPPER 5\r\n", "ERR 'malformed header' end")]
    [TestCase("ABCDEFGHIJKLMNOPQRSTUV", "", Description = "22 bytes are no header yet")]
    [TestCase("ABCDEFGHIJKLMNOPQRSTUVW", "ERR 'malformed header' end", Description = "23 bytes without LF")]
    [TestCase("ABCDEFGHIJKLMNOP 12345X\n", "ERR 'malformed header' end", Description = "LF as byte 24")]
    [TestCase("UPPER 5\nhell", "", Description = "cut short")]
    [TestCase("UPPER 5", "")]
    [TestCase("UPPER 1\na UPPER 1\na", "OK 'A', ERR 'malformed header' end", Description = "a payload of one byte too many")]
    public void A_stream_is_owed_what_the_clauses_say(string stream, string owed) =>
        Assert.That(string.Join(", ", Owed.For(stream).Select(Text)), Is.EqualTo(owed));

    [Test]
    public void The_largest_payload_is_owed_its_reply()
    {
        IReadOnlyList<OwedReply> replies = Owed.For($"UPPER 65535\n{Large}NOSUCH 65535\n{Large}");

        Assert.That(replies.Select(reply => (reply.Status, reply.Text)), Is.EqualTo(new[] { ("OK", Large.ToUpperInvariant()), ("ERR", "unknown command") }));
    }

    [Test]
    public void Every_byte_but_the_last_of_a_request_is_owed_nothing([Values("UPPER 5\nhello", "COUNT 0\n", "NOSUCH 2\nab", "UPPER 65536\n", "bad\n")] string request)
    {
        for (int cut = 0; cut < request.Length; cut++)
        {
            Assert.That(Owed.For(request[..cut]), Is.Empty, request[..cut]);
        }

        Assert.That(Owed.For(request).Single().End, Is.EqualTo(request.Length));
    }

    private static string Text(OwedReply reply) =>
        $"{reply.Status} {(reply.Text == null ? reply.Command : $"'{reply.Text}'")}{(reply.EndsConnection ? " end" : "")}";
}
