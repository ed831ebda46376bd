// Requests and replies as the suite writes and reads them, from the clauses alone: a reader of its own, so that a
// mistake which the programs share does not cancel out.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EasyTcp.Interop.Wire;

/// <summary>One message, a request or a reply.</summary>
/// <param name="Word">The command or the status.</param>
/// <param name="Payload">The payload's bytes.</param>
internal sealed record Message(string Word, byte[] Payload)
{
    /// <summary>The payload as Latin-1.</summary>
    public string Text => Encoding.Latin1.GetString(Payload);
}

/// <summary>The grammar of part 2, on Latin-1 text.</summary>
internal static partial class WireText
{
    /// <summary>The largest payload (clause 2.2).</summary>
    public const int MaxPayload = 65535;

    /// <summary>The longest header of a reply: ERR, SP, five digits, LF.</summary>
    public const int LongestReplyHeader = 10;

    /// <summary>The longest header of a request (clause 2.1).</summary>
    public const int LongestRequestHeader = 23;

    /// <summary>A request's bytes.</summary>
    public static byte[] Request(string command, ReadOnlySpan<byte> payload = default) =>
        [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{command} {payload.Length}\n")), .. payload];

    /// <summary>A request with a text as its payload, a byte for each character (Latin-1).</summary>
    public static byte[] Request(string command, string payload) => Request(command, Encoding.Latin1.GetBytes(payload));

    /// <summary>A reply's bytes.</summary>
    public static byte[] Reply(string status, string payload) => Request(status, payload);

    /// <inheritdoc cref="Reply(string, string)"/>
    public static byte[] Reply(string status, ReadOnlySpan<byte> payload) => Request(status, payload);

    /// <summary>Upper case as clause 3.1 means it.</summary>
    public static byte[] Upper(ReadOnlySpan<byte> bytes)
    {
        byte[] upper = bytes.ToArray();
        for (int i = 0; i < upper.Length; i++)
        {
            if (upper[i] >= 0x61 && upper[i] <= 0x7A)
            {
                upper[i] -= 0x20;
            }
        }

        return upper;
    }

    /// <summary>Splits a header line (its LF included) into word and length; null if it is not of the form of part 2.</summary>
    public static (string Word, int Length)? ReadHeader(string line) =>
        HeaderForm().Match(line) is { Success: true } match
            ? (match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture))
            : null;

    /// <summary>True for what COUNT may answer (clause 3.3): it counts itself, so that 0 is none.</summary>
    public static bool IsCount(string text) => CountForm().IsMatch(text);

    /// <summary>True for what UPTIME may answer (clause 3.4).</summary>
    public static bool IsUptime(string text) => UptimeForm().IsMatch(text);

    [GeneratedRegex(@"\A[1-9][0-9]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex CountForm();

    [GeneratedRegex(@"\A[0-9]{2,}:[0-5][0-9]:[0-5][0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex UptimeForm();

    [GeneratedRegex(@"\A([A-Z]{1,16}) (0|[1-9][0-9]{0,4})\n\z", RegexOptions.CultureInvariant)]
    private static partial Regex HeaderForm();
}
