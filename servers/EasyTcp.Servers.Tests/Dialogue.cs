// A conversation with a client that a test plays: what the client says goes in, what it hears is kept.
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace EasyTcp.Servers.Tests;

/// <summary>Feeds a conversation as a client's session does, but from strings (Latin-1) instead of a socket.</summary>
internal sealed class Dialogue
{
    public const string Address = "192.0.2.1:4711";

    private readonly StringBuilder _heard = new();

    public Dialogue(RequestDesk? desk = null) =>
        Conversation = new Conversation(desk ?? new RequestDesk(new FakeTimeProvider()), Encoding.ASCII.GetBytes(Address));

    public Conversation Conversation { get; }

    /// <summary>How many bytes the client takes at a time.</summary>
    public Func<int> TakesAtMost { get; init; } = () => int.MaxValue;

    /// <summary>All that the client has heard.</summary>
    public string Heard => _heard.ToString();

    /// <summary>The client says something, in one piece as far as there is room for it, and reads what it is told.</summary>
    public Dialogue Says(string text)
    {
        for (int said = 0; said < text.Length;)
        {
            said += SaysWhatFits(text[said..]);
            Reads();
        }

        return this;
    }

    /// <summary>The client says as much as there is room for, and reads nothing.</summary>
    public int SaysWhatFits(string text)
    {
        Span<byte> room = Conversation.Room;
        int count = Math.Min(room.Length, text.Length);
        Encoding.Latin1.GetBytes(text.AsSpan(0, count), room);
        Conversation.Received(count);
        return count;
    }

    /// <summary>The client reads until there is nothing to read.</summary>
    public Dialogue Reads()
    {
        while (Conversation.Wants == Want.Output)
        {
            int count = Math.Min(TakesAtMost(), Conversation.Replies.Length);
            _heard.Append(Encoding.Latin1.GetString(Conversation.Replies[..count]));
            Conversation.Sent(count);
        }

        Conversation.Rest();
        return this;
    }

    /// <summary>The client shuts down its sending side, and reads on.</summary>
    public Dialogue EndsSending()
    {
        Conversation.Received(0);
        return Reads();
    }
}
