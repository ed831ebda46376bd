// A frame of a capture as tshark shows it, with all that the dissector found in it.
using System.Globalization;
using EasyTcp.Interop.Evidence;

namespace EasyTcp.Interop.ToolTests;

/// <summary>A frame. It may hold several messages, or the end of one that began in frames before it.</summary>
/// <param name="Number">The frame's number, from 1.</param>
/// <param name="Time">Seconds since 1970, as tshark writes them.</param>
/// <param name="Stream">The connection's number, from 0.</param>
/// <param name="AreReplies">Of each message, whose it is.</param>
/// <param name="Words">Of each message, the command or status.</param>
/// <param name="Lengths">Of each message, the payload's length in bytes.</param>
/// <param name="RequestsIn">Of each reply with a request, the number of the frame of that request.</param>
/// <param name="Times">Of each of these, the seconds since.</param>
/// <param name="Violations">What the requests in it break, as a server that is right says it in its ERR.</param>
/// <param name="Malformed">How many of these are no message for that (clause 4.3), and have no word.</param>
/// <param name="Unasked">How many replies have no request.</param>
/// <param name="Complaint">What tshark itself finds wrong with the frame; empty if nothing.</param>
internal sealed record ShownFrame(string Number, string Time, string Stream, bool[] AreReplies, string[] Words, string[] Lengths,
    string[] RequestsIn, double[] Times, string[] Violations, int Malformed, int Unasked, string Complaint)
{
    private const string MalformedHeader = "malformed header";
    private const int FirstViolation = 8;

    // A reset is what a case wants now and then, and a port may come again.
    private const string Complaints = "(tcp.analysis.flags && !tcp.analysis.reused_ports) || tcp.checksum.status == 0 || ip.checksum.status == 0 || _ws.lua.error || _ws.malformed";

    private static readonly (string Field, string Sentence)[] Breakable =
    [
        ("easytcp.malformed_header", MalformedHeader), ("easytcp.unknown_command", "unknown command"),
        ("easytcp.unexpected_payload", "unexpected payload"), ("easytcp.payload_too_large", "payload too large"),
    ];

    private static readonly string[] Fields =
    [
        "frame.number", "frame.time_epoch", "tcp.stream", "easytcp.is_reply", "easytcp.word", "easytcp.length", "easytcp.request_in", "easytcp.time",
        .. Breakable.Select(each => each.Field),
        "easytcp.reply_without_request", "tcp.analysis.flags", "tcp.analysis.reused_ports", "tcp.checksum.status", "ip.checksum.status", "_ws.lua.error", "_ws.malformed", "_ws.expert.message",
    ];

    /// <summary>All that a request can break, as <see cref="Violations"/> has it.</summary>
    public static IEnumerable<string> Sentences => Breakable.Select(each => each.Sentence);

    /// <summary>How many requests end in this frame.</summary>
    public int Requests => AreReplies.Count(isReply => !isReply) + Malformed;

    /// <summary>The frames of an attempt's capture that hold messages, and those that are wrong. tshark takes its time to start, so
    /// it is asked once for all.</summary>
    /// <param name="folder">The attempt's evidence.</param>
    /// <param name="evidence">The same, read.</param>
    public static async Task<ShownFrame[]> ReadAll(string folder, EvidenceFile evidence) =>
        [.. (await Tshark.Read(folder, evidence, $"easytcp || {Complaints}", Fields)).Select(Of)];

    private static ShownFrame Of(string[] fields)
    {
        string[] Values(int field) => fields.Length <= field || fields[field].Length == 0 ? [] : fields[field].Split(',');
        bool Has(int field) => Values(field).Length > 0;
        string[] violations = [.. Breakable.SelectMany((each, i) => Enumerable.Repeat(each.Sentence, Values(FirstViolation + i).Length))];
        int unasked = FirstViolation + Breakable.Length;
        bool isWrong = (Has(unasked + 1) && !Has(unasked + 2)) || Values(unasked + 3).Contains("0", StringComparer.Ordinal) ||
            Values(unasked + 4).Contains("0", StringComparer.Ordinal) || Has(unasked + 5) || Has(unasked + 6);
        return new ShownFrame(fields[0], fields[1], fields[2], [.. Values(3).Select(each => each is "1" or "True")], Values(4), Values(5), Values(6),
            [.. Values(7).Select(time => double.Parse(time, CultureInfo.InvariantCulture))], violations,
            violations.Count(each => string.Equals(each, MalformedHeader, StringComparison.Ordinal)), Values(unasked).Length,
            isWrong ? $"frame {fields[0]}: {string.Join(' ', Values(unasked + 7))}" : "");
    }
}
