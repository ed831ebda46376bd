// What a client costs: a bounded amount while it does not read, nothing while it is idle, no garbage while it is busy.
using System.Text;

namespace EasyTcp.Servers.Tests;

// Measures memory, so nothing else may run beside it.
[TestFixture]
[NonParallelizable]
internal sealed class ConversationMemoryTests
{
    // Replies are made until there are 64 KiB of them; the last may be the largest.
    private const int MostReplies = (64 * 1024) + 65535 + 23;

    // Four bytes that 23 are answered to: the most that a client can make a server write.
    [TestCase("A 0\n")]
    [TestCase("UPPER 0\n")]
    [TestCase("COUNT 0\n")]
    public void A_client_that_never_reads_costs_a_bounded_amount(string request)
    {
        // The largest request first: the room that is made for it is the largest that there is.
        var client = new Dialogue();
        client.SaysWhatFits("UPPER 65535\n");
        string flood = new string('x', 65535) + string.Concat(Enumerable.Repeat(request, 100_000));
        int said = 0;
        while (client.Conversation.Wants == Want.Input)
        {
            said += client.SaysWhatFits(flood[said..]);
            Assert.That(client.Conversation.Replies.Length, Is.AtMost(MostReplies));
        }

        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Output), "it takes no more before its replies are taken");
        Assert.That(said, Is.AtMost(256 * 1024));
        client.Conversation.Sent(client.Conversation.Replies.Length - 1);
        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Output), "one byte still waits");
    }

    [Test]
    public void Replies_held_back_are_made_once_the_others_are_sent()
    {
        const int Count = 10_000;
        var client = new Dialogue();
        client.SaysWhatFits("UPPER 65535\n");
        string session = new string('x', 65535) + string.Concat(Enumerable.Repeat("A 0\n", Count));

        client.Says(session);

        Assert.That(client.Heard, Is.EqualTo("OK 65535\n" + new string('X', 65535) + string.Concat(Enumerable.Repeat("ERR 15\nunknown command", Count))));
    }

    // The client's end may be known while replies are still held back: all that is owed goes out first (clause 1.4).
    [Test]
    public void Replies_held_back_are_owed_after_the_clients_end_too()
    {
        var client = new Dialogue();
        client.SaysWhatFits("UPPER 65535\n");
        string flood = new string('x', 65535) + string.Concat(Enumerable.Repeat("A 0\n", 10_000));
        int said = client.SaysWhatFits(flood);
        int owed = (said - 65535) / 4;
        Assert.That(owed, Is.GreaterThan(100), "there is something to hold back");

        client.EndsSending();

        Assert.That(client.Heard, Is.EqualTo("OK 65535\n" + new string('X', 65535) + string.Concat(Enumerable.Repeat("ERR 15\nunknown command", owed))));
        Assert.That(client.Conversation.Wants, Is.EqualTo(Want.Nothing));
    }

    // What has come of a payload is not asked for a second time.
    [Test]
    public void There_is_room_for_the_rest_of_a_payload_and_not_for_all_of_it_again()
    {
        Dialogue client = new Dialogue().Says("UPPER 65535\n" + new string('x', 60_000));

        Assert.That(client.Conversation.Room.Length, Is.AtLeast(5535).And.AtMost((128 * 1024) - 60_012));
    }

    [Test]
    public void A_payload_that_is_dropped_is_not_kept()
    {
        Dialogue client = new Dialogue().Says("NOSUCH 65535\n");
        for (int i = 0; i < 65; i++)
        {
            client.Says(new string('x', 1000));
            Assert.That(client.Conversation.Room.Length, Is.AtMost(8192));
        }
    }

    [Test]
    public void An_idle_conversation_gives_its_memory_back()
    {
        const int Clients = 500;
        string request = "UPPER 65535\n" + new string('x', 65535);
        var warm = new Dialogue();
        Speak(warm.Conversation, Encoding.Latin1.GetBytes(request));
        var idle = new List<Conversation>(Clients);
        var desk = new RequestDesk(TimeProvider.System);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (int i = 0; i < Clients; i++)
        {
            var conversation = new Conversation(desk, []);
            Speak(conversation, Encoding.Latin1.GetBytes(request));
            idle.Add(conversation);
        }

        // Two buffers of 128 KiB each would make 125 MiB of them.
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.That(grown, Is.LessThan(Clients * 4096), $"{idle.Count} idle conversations");
        GC.KeepAlive(idle);
    }

    [TestCase("UPPER 12\nhello, worldADDR 0\nCOUNT 0\nUPTIME 0\n")]
    [TestCase("NOSUCH 3\nabcCOUNT 2\nno")]
    [TestCase("UPPER 0\n")]
    public void A_request_in_the_steady_state_allocates_nothing(string requests)
    {
        var conversation = new Conversation(new RequestDesk(TimeProvider.System), "192.0.2.1:4711"u8.ToArray());
        byte[] bytes = Encoding.Latin1.GetBytes(requests);

        long allocated = Steady.AllocatedBytes(() =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                Speak(conversation, bytes);
            }
        });

        Assert.That(allocated, Is.Zero);
    }

    // What a session does between two waits, without a string for any of it.
    private static void Speak(Conversation conversation, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = conversation.Room;
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            bytes = bytes[count..];
            conversation.Received(count);
            while (conversation.Wants == Want.Output)
            {
                conversation.Sent(conversation.Replies.Length);
            }

            conversation.Rest();
        }
    }
}
