// The service of parts 1 to 5 a second time, as simply as it can be written: from the whole of what a client says to the
// whole of what it hears.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EasyTcp.Servers.Tests;

/// <summary>What conversations are compared with.</summary>
internal static partial class ServiceModel
{
    /// <summary>All replies to a session whose client is the only one, and whose clock stands still.</summary>
    /// <param name="session">All bytes that the client sends, as Latin-1.</param>
    public static string RepliesTo(string session)
    {
        var replies = new StringBuilder();
        int answered = 0;
        for (int at = 0; true;)
        {
            string front = session.Substring(at, Math.Min(23, session.Length - at));
            Match header = Form().Match(front);
            if (!header.Success)
            {
                bool judged = front.Length == 23 || front.Contains('\n', StringComparison.Ordinal);
                return replies.Append(judged ? Reply("ERR", "malformed header") : "").ToString();
            }

            string command = header.Groups[1].Value;
            int length = int.Parse(header.Groups[2].Value, CultureInfo.InvariantCulture);
            at += header.Length;
            if (length > 65535)
            {
                return replies.Append(Reply("ERR", "payload too large")).ToString();
            }

            if (at + length > session.Length)
            {
                return replies.ToString();
            }

            string payload = session.Substring(at, length);
            at += length;
            replies.Append(command switch
            {
                "UPPER" => Reply("OK", UpperOf(payload), ref answered),
                "ADDR" or "COUNT" or "UPTIME" when length > 0 => Reply("ERR", "unexpected payload"),
                "ADDR" => Reply("OK", Dialogue.Address, ref answered),
                "COUNT" => Reply("OK", (answered + 1).ToString(CultureInfo.InvariantCulture), ref answered),
                "UPTIME" => Reply("OK", "00:00:00", ref answered),
                _ => Reply("ERR", "unknown command"),
            });
        }
    }

    private static string Reply(string status, string payload, ref int answered)
    {
        answered++;
        return Reply(status, payload);
    }

    private static string Reply(string status, string payload) =>
        string.Create(CultureInfo.InvariantCulture, $"{status} {payload.Length}\n{payload}");

    private static string UpperOf(string payload) =>
        string.Concat(payload.Select(each => each is >= 'a' and <= 'z' ? (char)(each - 'a' + 'A') : each));

    [GeneratedRegex(@"\A([A-Z]{1,16}) (0|[1-9][0-9]{0,4})\n", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
