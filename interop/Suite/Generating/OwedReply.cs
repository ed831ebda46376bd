// What a server owes for any bytes at all: parts 2 to 5 of the contract as a model, read by the suite alone.
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Generating;

/// <summary>A reply that is owed.</summary>
/// <param name="Status"><c>OK</c> or <c>ERR</c>.</param>
/// <param name="Command">The command that it answers; empty if the header was none.</param>
/// <param name="Text">The payload as Latin-1; null where it is not in the request: the values of ADDR, COUNT and UPTIME.</param>
/// <param name="Clause">Where it is promised.</param>
/// <param name="End">How many bytes of the stream must have come before it can be given.</param>
internal sealed record OwedReply(string Status, string Command, string? Text, string Clause, int End)
{
    /// <summary>True if nothing follows it, and the connection ends (part 5).</summary>
    public bool EndsConnection => Clause is "4.3" or "4.4";

    /// <summary>True if it adds to COUNT (clause 3.3).</summary>
    public bool IsCounted => Status is "OK";
}

/// <summary>The model.</summary>
internal static class Owed
{
    /// <summary>All replies owed for a client's bytes, in order. What is cut short at the end is owed none (clause 1.4).</summary>
    /// <param name="stream">Everything that the client sends, as Latin-1; in what pieces means nothing (clause 1.3).</param>
    public static IReadOnlyList<OwedReply> For(string stream)
    {
        var replies = new List<OwedReply>();
        for (int at = 0; at < stream.Length && Next(stream, at) is OwedReply reply; at = reply.End)
        {
            replies.Add(reply);
            if (reply.EndsConnection)
            {
                break;
            }
        }

        return replies;
    }

    // The reply to the request that begins at a byte; null if it is not all there.
    private static OwedReply? Next(string stream, int at)
    {
        int judged = Math.Min(WireText.LongestRequestHeader, stream.Length - at);
        int lineFeed = stream.IndexOf('\n', at, judged);
        if (lineFeed < 0)
        {
            return judged == WireText.LongestRequestHeader ? new OwedReply("ERR", "", "malformed header", "4.3", at + judged) : null;
        }

        int payload = lineFeed + 1;
        if (WireText.ReadHeader(stream[at..payload]) is not (string command, int length))
        {
            return new OwedReply("ERR", "", "malformed header", "4.3", payload);
        }

        if (length > WireText.MaxPayload)
        {
            return new OwedReply("ERR", command, "payload too large", "4.4", payload);
        }

        int end = payload + length;
        return end > stream.Length ? null : command switch
        {
            "UPPER" => new OwedReply("OK", command, System.Text.Encoding.Latin1.GetString(WireText.Upper(System.Text.Encoding.Latin1.GetBytes(stream[payload..end]))), "3.1", end),
            "ADDR" or "COUNT" or "UPTIME" when length > 0 => new OwedReply("ERR", command, "unexpected payload", "4.2", end),
            "ADDR" => new OwedReply("OK", command, null, "3.2", end),
            "COUNT" => new OwedReply("OK", command, null, "3.3", end),
            "UPTIME" => new OwedReply("OK", command, null, "3.4", end),
            _ => new OwedReply("ERR", command, "unknown command", "4.1", end),
        };
    }
}
