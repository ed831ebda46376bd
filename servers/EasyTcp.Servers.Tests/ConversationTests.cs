// A client's requests and their replies, clause by clause (parts 1 to 5), without a socket.
using Microsoft.Extensions.Time.Testing;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class ConversationTests
{
    private const string Unknown = "ERR 15\nunknown command";
    private const string Unexpected = "ERR 18\nunexpected payload";
    private const string Malformed = "ERR 16\nmalformed header";
    private const string TooLarge = "ERR 17\npayload too large";

    [TestCase("UPPER 5\nhello", "OK 5\nHELLO")]
    [TestCase("UPPER 0\n", "OK 0\n")]
    [TestCase("UPPER 1\n\n", "OK 1\n\n")]
    [TestCase("UPPER 9\nUPPER 0\na", "OK 9\nUPPER 0\nA", Description = "a payload that looks like a request")]
    [TestCase("ADDR 0\n", "OK 14\n192.0.2.1:4711")]
    [TestCase("COUNT 0\n", "OK 1\n1")]
    [TestCase("UPTIME 0\n", "OK 8\n00:00:00")]
    public void Each_command_is_answered(string request, string reply)
    {
        Dialogue client = new Dialogue().Says(request);

        Assert.That(client.Heard, Is.EqualTo(reply));
        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Input));
    }

    [Test]
    public void Pipelined_requests_are_answered_in_their_order() =>
        Assert.That(new Dialogue().Says("COUNT 0\nUPPER 1\naNOSUCH 1\nxCOUNT 0\nADDR 0\nCOUNT 0\n").Heard,
            Is.EqualTo($"OK 1\n1OK 1\nA{Unknown}OK 1\n3OK 14\n{Dialogue.Address}OK 1\n5"));

    [Test]
    public void A_thousand_requests_at_once_get_a_thousand_replies() =>
        Assert.That(new Dialogue().Says(string.Concat(Enumerable.Repeat("UPPER 3\nabc", 1000))).Heard,
            Is.EqualTo(string.Concat(Enumerable.Repeat("OK 3\nABC", 1000))));

    // One reply at a time would be a send for each, and as many round trips where the client waits for them together.
    [TestCase("UPPER 1\naUPPER 1\nb", "OK 1\nAOK 1\nB")]
    [TestCase("NOSUCH 1\nxADDR 1\nx", Unknown + Unexpected)]
    public void Requests_that_come_together_are_answered_together(string requests, string replies)
    {
        var client = new Dialogue();

        client.SaysWhatFits(requests);

        Assert.That(System.Text.Encoding.ASCII.GetString(client.Conversation.Replies), Is.EqualTo(replies));
    }

    [Test]
    public void The_largest_payload_comes_back() =>
        Assert.That(new Dialogue().Says("UPPER 65535\n" + new string('x', 65535)).Heard, Is.EqualTo("OK 65535\n" + new string('X', 65535)));

    [TestCase("NOSUCH", Unknown)]
    [TestCase("UPPERS", Unknown)]
    [TestCase("OK", Unknown)]
    [TestCase("ABCDEFGHIJKLMNOP", Unknown)]
    [TestCase("ADDR", Unexpected)]
    [TestCase("COUNT", Unexpected)]
    [TestCase("UPTIME", Unexpected)]
    public void A_refused_payload_is_dropped_whole_before_the_ERR(string command, string error)
    {
        foreach (int length in new[] { 1, 23, 5000, 65535 })
        {
            Dialogue client = new Dialogue().Says($"{command} {length}\n" + new string('x', length - 1));
            Assert.That(client.Heard, Is.Empty, "no reply before the whole payload has come");

            client.Says("xUPPER 2\nok");

            Assert.That(client.Heard, Is.EqualTo(error + "OK 2\nOK"), $"{length} bytes");
            Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Input), "the connection stays open");
        }
    }

    [Test]
    public void An_unknown_command_without_a_payload_is_refused_at_once() =>
        Assert.That(new Dialogue().Says("NOSUCH 0\n").Heard, Is.EqualTo(Unknown));

    [TestCase("bad\n", Malformed)]
    [TestCase("\n", Malformed)]
    [TestCase("upper 1\n", Malformed)]
    [TestCase("UPPER 01\n", Malformed)]
    [TestCase("UPPER 1\r\n", Malformed)]
    [TestCase("UPPER 100000\n", Malformed)]
    [TestCase("ABCDEFGHIJKLMNOPQRSTUVW", Malformed, Description = "23 bytes without LF")]
    [TestCase("UPPER 65536\n", TooLarge)]
    [TestCase("COUNT 65536\n", TooLarge, Description = "whatever the command")]
    [TestCase("NOSUCH 99999\n", TooLarge, Description = "whatever the command")]
    public void What_breaks_the_conversation_is_the_last_thing_answered(string header, string error)
    {
        Dialogue client = new Dialogue().Says("UPPER 1\naNOSUCH 1\nx" + header + "UPPER 1\nbCOUNT 0\n");

        Assert.That(client.Heard, Is.EqualTo("OK 1\nA" + Unknown + error));
        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Ending));
    }

    [Test]
    public void A_broken_conversation_drops_what_still_comes_in()
    {
        Dialogue client = new Dialogue().Says("bad\n");
        for (int i = 0; i < 1000; i++)
        {
            client.Says("UPPER 2000\n" + new string('x', 2000));
            Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Ending));
            Assert.That(client.Conversation.Room.Length, Is.AtMost(8192), "it is dropped, not kept");
        }

        Assert.That(client.Heard, Is.EqualTo(Malformed));
        Assert.That(client.EndsSending().Conversation.Wants, Is.EqualTo(Want.Nothing), "the client closed: nothing is left to wait for");
    }

    [Test]
    public void An_ERR_still_to_be_sent_comes_before_the_end()
    {
        var client = new Dialogue();
        client.SaysWhatFits("UPPER 1\nabad\n");

        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Output));
        client.Conversation.Sent(6);
        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Output), "the reply before it is out, the ERR is not");
        Assert.That(client.Reads().Heard, Is.EqualTo(Malformed));
        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Ending));
    }

    [TestCase("")]
    [TestCase("UPPER 1\na")]
    [TestCase("NOSUCH 2\nab")]
    public void A_client_that_ends_its_sending_has_its_replies_and_a_clean_end(string session)
    {
        var alone = new Dialogue();
        string replies = alone.Says(session).Heard;

        Dialogue client = new Dialogue().Says(session).EndsSending();

        Assert.That(client.Heard, Is.EqualTo(replies));
        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Nothing));
    }

    [Test]
    public void An_end_that_is_told_twice_is_still_the_end() =>
        Assert.That(new Dialogue().EndsSending().EndsSending().Conversation.Wants, Is.EqualTo(Want.Nothing));

    [TestCase("U")]
    [TestCase("UPPER 5")]
    [TestCase("bad", Description = "no LF, no 23 bytes: cut short, not malformed")]
    [TestCase("UPPER 5\n")]
    [TestCase("UPPER 5\nhell")]
    [TestCase("NOSUCH 5\nhell")]
    [TestCase("COUNT 5\n")]
    public void What_the_client_cuts_short_gets_no_reply(string cut)
    {
        Dialogue client = new Dialogue().Says("UPPER 1\na" + cut).EndsSending();

        Assert.That(client.Heard, Is.EqualTo("OK 1\nA"));
        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Nothing));
    }

    [Test]
    public void Only_OK_replies_count()
    {
        var desk = new RequestDesk(new FakeTimeProvider());
        new Dialogue(desk).Says("NOSUCH 1\nxCOUNT 1\nxUPPER 1\nabad\nUPPER 1\na");
        new Dialogue(desk).Says("UPPER 9\ncut").EndsSending();

        Assert.That(new Dialogue(desk).Says("COUNT 0\n").Heard, Is.EqualTo("OK 1\n2"));
    }

    [Test]
    public void A_request_counts_before_its_reply_leaves()
    {
        var desk = new RequestDesk(new FakeTimeProvider());
        new Dialogue(desk).SaysWhatFits("UPPER 1\na");

        Assert.That(new Dialogue(desk).Says("COUNT 0\n").Heard, Is.EqualTo("OK 1\n2"), "nothing of the first reply was sent");
    }
}
