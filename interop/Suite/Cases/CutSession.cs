// The short session with a server that is cut at every byte.
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

/// <summary>A request of every kind, the replies to them, and what is owed wherever the session is cut.</summary>
internal static class CutSession
{
    private static readonly string[] GoesOn = ["UPPER 5\nhello", "NOSUCH 3\nabc", "ADDR 0\n", "COUNT 2\nxx", "UPPER 0\n", "UPPER 3\nx\nz"];

    private static readonly string[] Ends = ["bad\n", "UPPER 1\nd"];

    /// <summary>Requests that leave the connection open.</summary>
    public static MessageSequence Open { get; } = new("request", GoesOn);

    /// <summary>The same, then one that ends the connection, and one more that is dropped (clause 5.2).</summary>
    public static MessageSequence Whole { get; } = new("request", [.. GoesOn, .. Ends]);

    /// <summary>The replies to the whole session of a client with this address.</summary>
    public static MessageSequence Replies(string address) => new("reply",
        ["OK 5\nHELLO", "ERR 15\nunknown command", $"OK {address.Length}\n{address}", "ERR 18\nunexpected payload", "OK 0\n", "OK 3\nX\nZ", "ERR 16\nmalformed header"]);

    /// <summary>The bytes of replies owed to a client that has sent so many bytes of the session.</summary>
    public static string Owed(int sent, string address)
    {
        MessageSequence replies = Replies(address);
        return replies.Bytes[..replies.StartOf(Math.Min(Whole.WholeWithin(sent), GoesOn.Length + 1))];
    }

    /// <summary>How many of them are OK, which is what counts (clause 3.3).</summary>
    public static int OwedOk(int sent) => OkWithin(Owed(sent, ""));

    /// <summary>How many OK replies have at least begun in the first bytes of the replies.</summary>
    public static int OkBegun(int received, string address)
    {
        MessageSequence replies = Replies(address);
        int begun = replies.WholeWithin(received) + (replies.StartOf(replies.WholeWithin(received)) < received ? 1 : 0);
        return OkWithin(replies.Bytes[..replies.StartOf(begun)]);
    }

    private static int OkWithin(string replies) => replies.Split("OK ").Length - 1;
}
