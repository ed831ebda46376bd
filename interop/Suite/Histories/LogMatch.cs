// A server's log against what its clients saw: is there a client for each ID, so that every line came in its time?
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Histories;

/// <summary>
/// No client is told its ID. The log, which was found true in itself (<see cref="History.Replay"/>), is a history of these
/// clients if IDs can be given to them such that: nobody is told of before it came, or as gone before it went; clients that
/// came one after another have IDs in that order; and nothing that was begun after a client's first reply is told of before
/// that client's connect lines. That two clients were connected at once, and the peak, follow from these.
/// </summary>
internal sealed class LogMatch
{
    // The system completes connections in the order of the queue that accept() takes from, but the thread that asked for
    // one may go on a moment before it stands there.
    private static readonly TimeSpan Queueing = TimeSpan.FromMilliseconds(10);

    private readonly LogEvent[] _events;
    private readonly Visit[] _visits;
    private readonly TimeSpan _goneWithin;
    private readonly HashSet<string> _deadEnds = new(StringComparer.Ordinal);
    private readonly HashSet<Visit> _taken = [];
    private readonly Dictionary<long, Visit> _byId = [];

    private LogMatch(History log, IReadOnlyList<Visit> visits, TimeSpan goneWithin) =>
        (_events, _visits, _goneWithin) = ([.. log.Events.Where(each => each.What is Told.Connected or Told.Disconnected)], [.. visits], goneWithin);

    // The first event that fitted no client, however the IDs were given.
    private int Furthest { get; set; }

    /// <summary>Fails unless the log is a history of these clients.</summary>
    /// <param name="log">The server's.</param>
    /// <param name="visits">The clients', in any order.</param>
    /// <param name="goneWithin">What the second between a client's end and its lines may take; null: <see cref="Tolerance.OneSecond"/>.</param>
    public static void Judge(History log, IReadOnlyList<Visit> visits, TimeSpan? goneWithin = null)
    {
        int connected = log.Where(Told.Connected).Count();
        int mustHaveCome = visits.Count(visit => !visit.MayBeUnseen);
        Expect.That(connected >= mustHaveCome && connected <= visits.Count, "6.3", $"connect lines of {Range(mustHaveCome, visits.Count)} clients, as many as connected", $"{connected}");
        int gone = log.Where(Told.Disconnected).Count();
        int mustBeGone = visits.Count(visit => visit.Left != null && !visit.MayBeUnseen);
        int mayBeGone = visits.Count(visit => visit.Left != null);
        Expect.OfTime(gone >= mustBeGone && gone <= mayBeGone, "6.4", $"disconnect lines of {Range(mustBeGone, mayBeGone)} clients, as many as left", $"{gone}", LateIn(log));

        var match = new LogMatch(log, visits, TimeSpan.MaxValue);
        if (!match.Fits(0, TimeSpan.MinValue))
        {
            LogEvent wrong = match._events[Math.Min(match.Furthest, match._events.Length - 1)];
            string change = wrong.What == Told.Connected ? "connected" : "disconnected";
            throw new CaseFailedException(wrong.What == Told.Connected ? "6.3" : "6.4",
                "a log in which each client has an ID: in the order in which they came, connected before its first reply, gone not before it left, and each that left gone",
                $"'Client {wrong.Number} {change}' fits no client's {(wrong.What == Told.Connected ? "coming" : "going")}, however the IDs are given")
            {
                Evidence = ByTime(match._events, visits),
            };
        }

        Expect.OfTime(new LogMatch(log, visits, goneWithin ?? Tolerance.OneSecond).Fits(0, TimeSpan.MinValue), "6.4", "each client's disconnect lines within a second of its end", "a later one", LateIn(log));
    }

    // What was late may be anything in the log; the least that it was late by is what the suite allows above the clause's second.
    private static Lateness LateIn(History log) => new(log.Events[0].At, Moment.Now, Tolerance.Seeing);

    // Gives IDs from an event on. What was told of so far was begun at `latest` at the latest.
    private bool Fits(int at, TimeSpan latest)
    {
        Furthest = Math.Max(Furthest, at);
        if (at == _events.Length)
        {
            return _visits.All(visit => _taken.Contains(visit) ? visit.Left == null || !_byId.ContainsValue(visit) : visit.MayBeUnseen);
        }

        LogEvent each = _events[at];
        if (each.What == Told.Disconnected)
        {
            Visit gone = _byId[each.Number];
            if (!(gone.Leaving <= each.At) || each.At - gone.Left > _goneWithin)
            {
                return false;
            }

            _byId.Remove(each.Number);
            bool fits = Fits(at + 1, Later(latest, gone.Leaving!.Value));
            _byId[each.Number] = gone;
            return fits;
        }

        if (!_deadEnds.Add(Position(at)))
        {
            return false; // been there, and nothing fitted
        }

        foreach (Visit visit in _visits.Where(visit => !_taken.Contains(visit) && visit.Began <= each.At && !(visit.Heard < latest) && IsNext(visit) && CanGo(visit, each.Number)))
        {
            _byId[each.Number] = visit;
            _taken.Add(visit);
            if (Fits(at + 1, Later(latest, visit.Began)))
            {
                return true;
            }

            _byId.Remove(each.Number);
            _taken.Remove(visit);
        }

        return false;
    }

    // Looks ahead to the end of an ID, so that most wrong ways to give IDs are never gone. The end that does not fit is what was wrong.
    private bool CanGo(Visit visit, long id)
    {
        int end = Array.FindIndex(_events, each => each.What == Told.Disconnected && each.Number == id);
        if (end < 0)
        {
            return true; // the log's end will tell
        }

        bool fits = visit.Leaving <= _events[end].At && !(_events[end].At - visit.Left > _goneWithin);
        Furthest = fits ? Furthest : Math.Max(Furthest, end);
        return fits;
    }

    private bool IsNext(Visit visit) => _visits.All(other => _taken.Contains(other) || other == visit || other.MayBeUnseen || other.Connected + Queueing >= visit.Began);

    // All that what follows depends on: who has come, and who of them is connected under which ID.
    private string Position(int at) =>
        $"{at} {string.Join(' ', _visits.Select(visit => _taken.Contains(visit) ? '+' : '-'))} {string.Join(' ', _byId.OrderBy(each => each.Key).Select(each => Array.IndexOf(_visits, each.Value)))}";

    // What the log and the clients tell, by time.
    private static string[] ByTime(IEnumerable<LogEvent> events, IEnumerable<Visit> visits) =>
    [
        "by time:",
        .. events.Select(each => new KeyValuePair<TimeSpan?, string>(each.At, $"the log: Client {each.Number} {(each.What == Told.Connected ? "connected" : "disconnected")}"))
            .Concat(visits.SelectMany(visit => new KeyValuePair<TimeSpan?, string>[]
            {
                new(visit.Began, $"{visit.Who} begins to connect"), new(visit.Connected, $"{visit.Who} is connected"), new(visit.Heard, $"{visit.Who} has its first reply"),
                new(visit.Leaving, $"{visit.Who} begins to leave"), new(visit.Left, $"{visit.Who} is gone"),
            }))
            .Where(each => each.Key != null).OrderBy(each => each.Key).Select(each => FormattableString.Invariant($"  {each.Key!.Value.TotalSeconds,10:0.000000}  {each.Value}")),
    ];

    private static string Range(int atLeast, int atMost) => atLeast == atMost ? $"{atLeast}" : $"{atLeast} to {atMost}";

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
