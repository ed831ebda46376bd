// Who is connected, and the lines that tell of it (clauses 6.3 to 6.6 and 8.1).
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>The clients. Each change and its lines happen under one lock, so that the lines are one true history.</summary>
internal sealed class Registry(Output output)
{
    private const int RosterLength = 10;

    private readonly Lock _history = new();
    private readonly SortedSet<long> _clients = [];
    private long _lastId = Fault.Is(IdsFromZero) ? -1 : 0;
    private int _numberAtLastReport;

    // For servers that mix up clients.
    private static readonly TimeSpan Overlap = TimeSpan.FromMilliseconds(20);
    private readonly HashSet<long> _broken = [];
    private readonly Dictionary<long, long> _toldAs = [];
    private Clock? _sinceReset;

    public int Count
    {
        get
        {
            lock (_history)
            {
                return _clients.Count;
            }
        }
    }

    /// <summary>A client came: its ID.</summary>
    public long Join()
    {
        if (Fault.Is(IdsOutOfOrder))
        {
            // The number is drawn here, and the lines wait for their turn.
            long drawn = Interlocked.Increment(ref _lastId);
            Clock.LetPass(TimeSpan.FromMilliseconds(Random.Shared.Next(5)));
            lock (_history)
            {
                return Join(drawn);
            }
        }

        lock (_history)
        {
            return Join(NextId());
        }
    }

    /// <summary>A client is gone.</summary>
    public void Leave(long id, bool wasReset = false)
    {
        lock (_history)
        {
            if (Fault.Is(ResetToldOfOldest))
            {
                id = _toldAs.GetValueOrDefault(id, id);
                if (wasReset)
                {
                    long oldest = _clients.Min;
                    _toldAs[oldest] = id; // whose end will be told as this one's
                    id = oldest;
                }
            }

            _sinceReset = wasReset ? new Clock() : _sinceReset;
            _broken.Remove(id);
            int before = _clients.Count;
            List<long> roster = [.. _clients];
            _clients.Remove(id);
            _lastId += Fault.Is(IdSkipped) ? 1 : 0;
            Traffic.Note();
            if (!Fault.Is(DisconnectLineMissing))
            {
                output.Write(
                    $"Client {id} disconnected. Number of connected clients = {(Fault.Is(NumberBeforeLeaving) ? before : _clients.Count)}\n" +
                    $"Connected clients = {Roster(Fault.Is(RosterStale) ? roster : _clients)}\n");
            }
        }
    }

    /// <summary>A client has got its last reply, and stays until it closes.</summary>
    public void Break(long id)
    {
        lock (_history)
        {
            _broken.Add(id);
        }
    }

    /// <summary>The report line (clause 7.1).</summary>
    public void Report()
    {
        lock (_history)
        {
            int number = Fault.Is(ReportStale) ? _numberAtLastReport : _clients.Count;
            _numberAtLastReport = _clients.Count;
            output.Write($"Number of connected clients {(Fault.Is(ReportMisspelt) ? ":" : "=")} {number}\n");
        }
    }

    /// <summary>The last line; nothing follows it.</summary>
    public void Farewell()
    {
        lock (_history)
        {
            if (!Fault.Is(FarewellMissing))
            {
                output.Write(Fault.Is(FarewellMisspelt) ? "Bye bye\n" : "Bye bye~\n");
            }

            foreach (long id in Fault.Is(FarewellThenDisconnects) ? _clients.ToArray() : [])
            {
                _clients.Remove(id);
                output.Write($"Client {id} disconnected. Number of connected clients = {_clients.Count}\nConnected clients = {Roster(_clients)}\n");
            }

            output.Close();
        }
    }

    private long NextId()
    {
        if (Fault.Is(IdReused))
        {
            long free = 1;
            while (_clients.Contains(free))
            {
                free++;
            }

            return free;
        }

        _lastId += Fault.Is(IdSkippedAfterReset) && _sinceReset?.Elapsed < Overlap ? 1 : 0;
        return ++_lastId;
    }

    private long Join(long id)
    {
        bool isAlone = _clients.Count == 0;
        List<long> before = [.. _clients];
        _clients.Add(id);
        Traffic.NoteArrival();
        if (Fault.Is(ConnectLineMissing) && !isAlone)
        {
            return id;
        }

        string line = $"Client {id} connected. Number of connected clients{(Fault.Is(ConnectLineMisspelt) ? "" : " ")}= {_clients.Count}\n";
        string roster = $"Connected clients = {Roster(Fault.Is(RosterWithoutNewest) ? before : Fault.Is(RosterWithoutBroken) ? [.. _clients.Except(_broken)] : _clients)}\n";
        string lines = Fault.Is(ConnectRosterMissing) ? line : line + roster;
        output.Write(Fault.Is(ConnectLineTwice) ? lines + lines : lines);
        return id;
    }

    private static string Roster(IReadOnlyCollection<long> clients)
    {
        if (clients.Count == 0)
        {
            return Fault.Is(RosterEmptyBlank) ? "{ }" : "{}";
        }

        if (Fault.Is(RosterSortedAsText))
        {
            clients = [.. clients.OrderBy(id => $"{id}", StringComparer.Ordinal)];
        }

        int length = Fault.Is(RosterOfEleven) ? RosterLength + 1 : Fault.Is(RosterOfAll) ? int.MaxValue : RosterLength;
        IEnumerable<long> named = clients.Take(length);
        int more = Math.Max(0, clients.Count - length) - (Fault.Is(RosterMoreMiscounted) && clients.Count > length ? 1 : 0);
        string names = string.Join(", ", (Fault.Is(RosterUnsorted) ? named.Reverse() : named).Select(id => $"client {id}"));
        return more > 0 ? $"{{{names}, {more} more}}" : $"{{{names}}}";
    }
}
