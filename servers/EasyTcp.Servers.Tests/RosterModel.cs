// A server's log replayed from the top, line by line: who is connected, and is every number and roster right (clause 6.6)?
using System.Globalization;
using System.Text.RegularExpressions;

namespace EasyTcp.Servers.Tests;

/// <summary>What logs are judged by.</summary>
internal static partial class RosterModel
{
    /// <summary>Replays a log.</summary>
    /// <returns>The first line that is not what it should be, and what that is; null if the whole log is true.</returns>
    public static string? FirstLie(string log)
    {
        var connected = new SortedSet<long>();
        long lastId = 0;
        string? rosterDue = null;
        string[] lines = log.Split('\n');
        for (int i = 0; i < lines.Length - 1; i++)
        {
            string expected;
            Match change = Change().Match(lines[i]);
            if (rosterDue != null)
            {
                (expected, rosterDue) = (rosterDue, null);
            }
            else if (change.Success)
            {
                long id = long.Parse(change.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                bool joins = change.Groups[2].ValueSpan is "connected";
                if (joins ? id != ++lastId || !connected.Add(id) : !connected.Remove(id))
                {
                    return $"line {i + 1}: '{lines[i]}' when the last ID was {lastId}";
                }

                expected = $"Client {id} {change.Groups[2].Value}. Number of connected clients = {connected.Count}";
                string more = connected.Count > 10 ? $", {connected.Count - 10} more" : "";
                rosterDue = $"Connected clients = {{{string.Join(", ", connected.Take(10).Select(each => $"client {each}"))}{more}}}";
            }
            else
            {
                expected = $"Number of connected clients = {connected.Count}";
            }

            if (!string.Equals(lines[i], expected, StringComparison.Ordinal))
            {
                return $"line {i + 1}: '{lines[i]}' instead of '{expected}'";
            }
        }

        return lines[^1].Length > 0 || rosterDue != null ? "the last line is not whole, or its roster is missing" : null;
    }

    [GeneratedRegex(@"\AClient ([0-9]+) (connected|disconnected)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Change();
}
