// The suite's own reader of messages: pieces of every size, and a sentence for each thing that is no message (part 2).
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Wire;
using static EasyTcp.Interop.Tests.Logs;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class MessageReaderTests
{
    private const string Replies = "OK 5\nHELLOOK 0\nERR 15\nunknown commandOK 2\n\n\n";

    [Test]
    public async Task Messages_are_read_in_pieces_of_every_size()
    {
        for (int size = 1; size <= Replies.Length; size++)
        {
            MessageReader reader = Reader(Voice.Server, Replies, size);
            var read = new List<string>();
            while (await reader.Read(CancellationToken.None) is Message message)
            {
                read.Add($"{message.Word}:{message.Text}");
            }

            Assert.That(string.Join('|', read), Is.EqualTo("OK:HELLO|OK:|ERR:unknown command|OK:\n\n"), $"pieces of {size}");
            Assert.That(reader.Offset, Is.EqualTo(Replies.Length));
        }
    }

    [TestCase(1000)]
    [TestCase(4096)]
    [TestCase(100_000)]
    public async Task The_largest_messages_are_read_one_after_another(int size)
    {
        string payload = string.Concat(Enumerable.Range(0, 65535).Select(i => (char)(i % 251)));
        MessageReader reader = Reader(Voice.Server, string.Concat(Enumerable.Repeat($"OK 65535\n{payload}", 3)), size);

        for (int i = 0; i < 3; i++)
        {
            Assert.That((await reader.Read(CancellationToken.None))?.Text, Is.EqualTo(payload));
        }

        Assert.That(await reader.Read(CancellationToken.None), Is.Null, "a clean end");
    }

    [Test]
    public async Task Requests_are_read_in_the_clients_voice()
    {
        MessageReader reader = Reader(Voice.Client, "UPPER 2\nabUPTIME 0\n", 3);

        Assert.That((await reader.Read(CancellationToken.None))?.Text, Is.EqualTo("ab"));
        Assert.That((await reader.Read(CancellationToken.None))?.Word, Is.EqualTo("UPTIME"));
    }

    [TestCase("ok 1\nx")]
    [TestCase("OK  1\nx")]
    [TestCase("OK 01\nx")]
    [TestCase("OK 1\r\nx")]
    [TestCase("OK\n")]
    [TestCase("\n")]
    [TestCase("OKAY 1\nx", Description = "no status")]
    [TestCase("UPPER 1\nx", Description = "a client's word")]
    [TestCase("OK -1\n")]
    [TestCase("OK 123456\n")]
    [TestCase("no header at all")]
    public async Task A_header_of_another_form_is_told(string bytes)
    {
        CaseFailedException failure = await FailureOf(() => ReadAll("OK 1\n!" + bytes));

        Assert.That(failure.Clause, Is.EqualTo("2"));
        Assert.That(failure.Expected, Does.StartWith("a header of the server's").And.EndsWith("at byte 6 of the stream"));
    }

    [Test]
    public async Task A_length_above_the_limit_is_told()
    {
        CaseFailedException failure = await FailureOf(() => ReadAll("OK 65536\n"));

        Assert.That((failure.Clause, failure.Actual), Is.EqualTo(("2.2", "'OK 65536\\n'")));
    }

    // Every place that a message can be cut at, but for its two ends.
    [Test]
    public async Task A_message_that_is_cut_short_is_told()
    {
        const string Message = "OK 5\nHELLO";
        for (int cut = 1; cut < Message.Length; cut++)
        {
            CaseFailedException failure = await FailureOf(() => ReadAll("OK 0\n" + Message[..cut]));
            Assert.That(failure.Clause, Is.EqualTo("2"));
            Assert.That(failure.Actual, Does.EndWith("then the end of the stream"), $"cut at {cut}");
            Assert.That(failure.Expected, Does.Contain(cut < 5 ? "a whole header" : "5 bytes of payload"), $"cut at {cut}");
        }
    }

    // A reader that waited for more than it may would never tell of a peer that says nothing more.
    [Test]
    public async Task A_header_without_a_line_feed_is_told_at_its_longest_length()
    {
        bool asked = false;
        var reader = new MessageReader(Voice.Server, (room, _) =>
        {
            Assert.That(asked, Is.False, "ten bytes are enough to judge");
            asked = true;
            return ValueTask.FromResult(Encoding.ASCII.GetBytes("ERR 123456", room.Span));
        });

        Assert.That((await FailureOf(() => reader.Read(CancellationToken.None))).Expected, Does.Contain("ends in LF within 10 bytes"));
    }

    [Test]
    public async Task Single_bytes_are_read_between_messages()
    {
        MessageReader reader = Reader(Voice.Server, "OK 1\nxyz", 100);
        await reader.Read(CancellationToken.None);

        Assert.That(await reader.ReadByte(CancellationToken.None), Is.EqualTo((byte)'y'));
        Assert.That(await reader.ReadByte(CancellationToken.None), Is.EqualTo((byte)'z'));
        Assert.That(await reader.ReadByte(CancellationToken.None), Is.Null);
        Assert.That(reader.Offset, Is.EqualTo(8));
    }

    private static async Task ReadAll(string bytes)
    {
        MessageReader reader = Reader(Voice.Server, bytes, 4);
        while (await reader.Read(CancellationToken.None) != null)
        {
        }
    }

    // A stream that gives at most so many bytes at a time, then ends.
    private static MessageReader Reader(Voice voice, string bytes, int size)
    {
        byte[] stream = Encoding.Latin1.GetBytes(bytes);
        int given = 0;
        return new MessageReader(voice, (room, _) =>
        {
            int count = Math.Min(Math.Min(size, room.Length), stream.Length - given);
            Assert.That(room.Length, Is.Positive, "no room would look like the end of the stream");
            stream.AsSpan(given, count).CopyTo(room.Span);
            given += count;
            return ValueTask.FromResult(count);
        });
    }
}
