// wire.txt: what passed over the connections of an attempt, as people read it.
using System.Globalization;
using System.Text;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Evidence;

/// <summary>Tells connections as text.</summary>
internal static class ConversationText
{
    /// <summary>A block for each connection, and in it a line for each message, in the order in which they were complete.</summary>
    public static string Of(EvidenceFile evidence)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{evidence.Cell}\nTimes are seconds since the run began, at {evidence.Origin:yyyy-MM-dd HH:mm:ss.fff zzz}. -> is to the server, <- to the client.\n");
        if (evidence.Connections.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"The same in Wireshark: {Wireshark(evidence)}\n");
        }

        for (int i = 0; i < evidence.Connections.Count; i++)
        {
            Append(text, i + 1, evidence.Connections[i]);
        }

        return text.ToString();
    }

    // Without the ports the dissector would have to guess, and what breaks the protocol looks like no message of it.
    private static string Wireshark(EvidenceFile evidence)
    {
        IEnumerable<string> ports = evidence.Connections.Select(connection => connection.ServerAddress[(connection.ServerAddress.LastIndexOf(':') + 1)..]).Distinct(StringComparer.Ordinal);
        return $"wireshark -X lua_script:protocol/easytcp.lua {string.Concat(ports.Select(port => $"-d tcp.port=={port},easytcp "))}-r {EvidenceFolder.Capture}";
    }

    private static void Append(StringBuilder text, int number, ConnectionEvidence connection)
    {
        text.Append(CultureInfo.InvariantCulture, $"\nConnection {number}: {connection.Client} ({connection.ClientAddress}) -> {connection.Server} ({connection.ServerAddress})\n");
        if (connection.Fault is string fault)
        {
            text.Append(CultureInfo.InvariantCulture, $"Fault: {fault}\n");
        }

        AppendLine(text, connection.Opened, "  ", "opened");
        DecodedPart[] parts = [.. DecodedStream.Of(connection, isReply: false).Concat(DecodedStream.Of(connection, isReply: true))];
        var told = new HashSet<ViolationEvidence>();
        IEnumerable<(double At, Action Tell)> lines = parts.Select<DecodedPart, (double, Action)>(part => (part.At, () => Append(text, connection, part, told)))
            .Concat(connection.Ends.Select<EndEvidence, (double, Action)>(end => (end.At, () => Append(text, connection, end, told))));
        foreach ((_, Action tell) in lines.OrderBy(line => line.At)) // which keeps a direction's own order, and its end after its bytes
        {
            tell();
        }

        AppendViolations(text, connection.Violations.Where(violation => !told.Contains(violation)));
        if (connection.IsCutShort)
        {
            text.Append("More passed than is kept.\n");
        }
    }

    private static void Append(StringBuilder text, ConnectionEvidence connection, DecodedPart part, HashSet<ViolationEvidence> told)
    {
        string what = part.Message is { } message
            ? string.Create(CultureInfo.InvariantCulture, $"{message.Word} {message.Payload.Length}{(message.Payload.Length > 0 ? $" {Excerpt.Of(message.Payload)}" : "")}")
            : string.Create(CultureInfo.InvariantCulture, $"no whole message, {part.Length} bytes: {Excerpt.Of(part.Bytes)}");
        string since = part.Begun < part.At ? string.Create(CultureInfo.InvariantCulture, $" (since {part.Begun:0.000000})") : "";
        AppendLine(text, part.At, Arrow(part.IsReply), what + since);
        AppendViolations(text, connection.Violations.Where(violation =>
            violation.IsReply == part.IsReply && violation.Offset >= part.Offset && violation.Offset < part.Offset + part.Length && told.Add(violation)));
    }

    private static void Append(StringBuilder text, ConnectionEvidence connection, EndEvidence end, HashSet<ViolationEvidence> told)
    {
        AppendLine(text, end.At, Arrow(end.IsReply), end.IsReset ? "RST" : "FIN");
        long length = connection.Pieces.Where(piece => piece.IsReply == end.IsReply).Sum(piece => (long)piece.Bytes.Length);
        AppendViolations(text, connection.Violations.Where(violation => violation.IsReply == end.IsReply && violation.Offset >= length && told.Add(violation)));
    }

    private static void AppendViolations(StringBuilder text, IEnumerable<ViolationEvidence> violations)
    {
        foreach (ViolationEvidence violation in violations)
        {
            text.Append(CultureInfo.InvariantCulture, $"     !!! byte {violation.Offset} {Arrow(violation.IsReply)} breaks {ViolationText.Of(violation)}\n");
        }
    }

    private static void AppendLine(StringBuilder text, double at, string arrow, string what) => text.Append(CultureInfo.InvariantCulture, $"{at,12:0.000000}  {arrow}  {what}\n");

    private static string Arrow(bool isReply) => isReply ? "<-" : "->";
}

/// <summary>A violation in a line.</summary>
internal static class ViolationText
{
    /// <summary>Its clause and its sentence.</summary>
    public static string Of(ViolationEvidence violation)
    {
        string clause = $"clause {violation.Clause}";
        return violation.Sentence.StartsWith(clause + ":", StringComparison.Ordinal) ? violation.Sentence : $"{clause}: {violation.Sentence}";
    }
}
