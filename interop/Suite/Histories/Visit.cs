// What clients saw: the half of a history that is judged, together with the server's log.
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Histories;

/// <summary>One connection, from its client's side.</summary>
/// <param name="who">Whose.</param>
/// <param name="began">Before it was asked for.</param>
internal sealed class Visit(string who, TimeSpan began)
{
    public string Who => who;

    public TimeSpan Began => began;

    /// <summary>When it was there; the server may not have accepted it yet.</summary>
    public TimeSpan Connected { get; set; }

    /// <summary>When its first reply was read: its connect lines were out by then (clause 6.3). Null if there was none.</summary>
    public TimeSpan? Heard { get; set; }

    /// <summary>Before its end was begun, by either side; null if it had none.</summary>
    public TimeSpan? Leaving { get; set; }

    /// <summary>When its client was gone: its disconnect lines are out within a second of that (clause 6.4).</summary>
    public TimeSpan? Left { get; set; }

    /// <summary>True if its client reset it.</summary>
    public bool WasReset { get; set; }

    /// <summary>True if the server may not have accepted it: who accepts nobody owes no ID (clause 6.3).</summary>
    public bool MayBeUnseen => WasReset && Heard == null;
}

/// <summary>All that was seen while a scenario was played. Clients note it from threads of their own.</summary>
internal sealed class Observations
{
    private readonly Lock _lock = new();
    private readonly List<Visit> _visits = [];
    private readonly List<CountedRequest> _counted = [];

    public IReadOnlyList<Visit> Visits
    {
        get
        {
            lock (_lock)
            {
                return [.. _visits];
            }
        }
    }

    public IReadOnlyList<CountedRequest> Counted
    {
        get
        {
            lock (_lock)
            {
                return [.. _counted];
            }
        }
    }

    public void Add(Visit visit)
    {
        lock (_lock)
        {
            _visits.Add(visit);
        }
    }

    public void Add(CountedRequest request)
    {
        lock (_lock)
        {
            _counted.Add(request);
        }
    }
}
