// A server's log, replayed from the top against a model of who is connected (clauses 6.3 to 6.6, 7.1 and 8.1).
using System.Globalization;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>What a line of a log tells.</summary>
internal enum Told
{
    Ready,
    Connected,
    Disconnected,
    Report,
    Farewell,
}

/// <summary>One event of a log.</summary>
/// <param name="At">When its line came.</param>
/// <param name="What">What it tells.</param>
/// <param name="Number">The client's ID, or the number of a report, or the port.</param>
internal sealed record LogEvent(TimeSpan At, Told What, long Number);

/// <summary>A log that was replayed and found true.</summary>
/// <param name="Events">Its events, in order.</param>
/// <param name="Connected">Who is connected at its end, by ID.</param>
internal sealed partial record History(IReadOnlyList<LogEvent> Events, IReadOnlyList<long> Connected)
{
    private const int RosterLength = 10;

    /// <summary>The highest number of clients at a time.</summary>
    public int Peak { get; private init; }

    /// <summary>Those events that tell <paramref name="what"/>.</summary>
    public IEnumerable<LogEvent> Where(Told what) => Events.Where(each => each.What == what);

    /// <summary>Replays a log. Each number and each roster must be right at its line.</summary>
    /// <exception cref="CaseFailedException">The first line that is not true, and what would have been.</exception>
    public static History Replay(IReadOnlyList<OutputLine> lines)
    {
        var connected = new SortedSet<long>();
        var events = new List<LogEvent>();
        long lastId = 0;
        int peak = 0;
        bool rosterIsDue = false;
        for (int i = 0; i < lines.Count; i++)
        {
            OutputLine line = lines[i];
            string where = string.Create(CultureInfo.InvariantCulture, $"line {i + 1} of the log");
            Expect.That(line.IsWhole, "6.2", $"{where} ended by LF", Excerpt.Of(line.Text));
            Expect.That(events.Count == 0 || events[^1].What != Told.Farewell, "8.1", "no line after 'Bye bye~'", Excerpt.Of(line.Text));
            if (i == 0)
            {
                Match ready = ReadyLine().Match(line.Text);
                Expect.That(ready.Success, "6.2", "the ready line first", Excerpt.Of(line.Text));
                events.Add(new LogEvent(line.At, Told.Ready, Number(ready, 1)));
            }
            else if (ChangeLine().Match(line.Text) is { Success: true } change)
            {
                Expect.That(!rosterIsDue, "6.3", $"at {where} the roster of the change before it: {RosterOf(connected)}", Excerpt.Of(line.Text));
                long id = Number(change, 1);
                bool joins = change.Groups[2].ValueSpan is "connected";
                if (joins)
                {
                    Expect.That(id == lastId + 1, "6.3", $"at {where} client {lastId + 1}, the next ID", $"client {id}");
                    lastId = id;
                    connected.Add(id);
                }
                else
                {
                    Expect.That(connected.Remove(id), "6.4", $"at {where} the end of a client that is connected ({RosterOf(connected)})", $"client {id}");
                }

                ExpectNumber(Number(change, 3), connected.Count, where);
                peak = Math.Max(peak, connected.Count);
                events.Add(new LogEvent(line.At, joins ? Told.Connected : Told.Disconnected, id));
                rosterIsDue = true;
            }
            else if (line.Text.StartsWith("Connected clients = ", StringComparison.Ordinal))
            {
                Expect.That(rosterIsDue, "6.3", $"no roster at {where}, for nobody came or went", Excerpt.Of(line.Text));
                Expect.Same($"Connected clients = {RosterOf(connected)}", line.Text, "6.5", $"the roster at {where}");
                rosterIsDue = false;
            }
            else if (ReportLine().Match(line.Text) is { Success: true } report)
            {
                ExpectNumber(Number(report, 1), connected.Count, where);
                events.Add(new LogEvent(line.At, Told.Report, connected.Count));
            }
            else
            {
                Expect.That(line.Text is "Bye bye~", "6.2", $"at {where} one of the lines that a server prints (parts 6 to 8), to the byte", Excerpt.Of(line.Text));
                Expect.That(!rosterIsDue, "6.3", $"at {where} the roster of the change before it: {RosterOf(connected)}", Excerpt.Of(line.Text));
                events.Add(new LogEvent(line.At, Told.Farewell, 0));
            }
        }

        return new History(events, [.. connected]) { Peak = peak };
    }

    private static void ExpectNumber(long actual, int expected, string where) =>
        Expect.That(actual == expected, "6.6", $"{expected} connected clients at {where}", actual.ToString(CultureInfo.InvariantCulture));

    // In ID order; the ten lowest of a larger crowd, and how many more (clause 6.5).
    private static string RosterOf(SortedSet<long> connected)
    {
        IEnumerable<string> names = connected.Take(RosterLength).Select(id => string.Create(CultureInfo.InvariantCulture, $"client {id}"));
        string more = connected.Count > RosterLength ? string.Create(CultureInfo.InvariantCulture, $", {connected.Count - RosterLength} more") : "";
        return $"{{{string.Join(", ", names)}{more}}}";
    }

    private static long Number(Match match, int group) => long.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\AThe server is ready to receive on port ([1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ReadyLine();

    [GeneratedRegex(@"\AClient ([1-9][0-9]{0,17}) (connected|disconnected)\. Number of connected clients = (0|[1-9][0-9]{0,9})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ChangeLine();

    [GeneratedRegex(@"\ANumber of connected clients = (0|[1-9][0-9]{0,9})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ReportLine();
}
