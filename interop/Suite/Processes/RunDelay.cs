// How long a program's threads wait for a processor, or for the disk behind their own pages: a machine may starve it while
// others, this suite too, get their turn.
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>The waits of one program, by looks at its threads from outside; none where the system does not tell.</summary>
internal sealed class RunDelay
{
    private static readonly TimeSpan Noteworthy = TimeSpan.FromMilliseconds(1);

    // What is seen of a program goes through as many: one wakes it, or carries what it prints.
    private const int Hands = 2;

    private readonly Lock _guard = new();
    private readonly Dictionary<string, ThreadWaits> _threads = new(StringComparer.Ordinal);

    /// <summary>How long the two threads that waited longest did so within a span of time, one after the other.</summary>
    public TimeSpan Within(TimeSpan from, TimeSpan until)
    {
        lock (_guard)
        {
            long waited = _threads.Values.Select(thread => thread.Within(from, until).Ticks).OrderDescending().Take(Hands).Sum();
            return TimeSpan.FromTicks(Math.Min(waited, (until - from).Ticks));
        }
    }

    /// <summary>Notes each thread's times, as they were at a moment.</summary>
    public void Look(TimeSpan now, IEnumerable<ThreadTimes> threads)
    {
        lock (_guard)
        {
            foreach (ThreadTimes times in threads)
            {
                if (!_threads.TryGetValue(times.Thread, out ThreadWaits? thread))
                {
                    _threads[times.Thread] = thread = new ThreadWaits();
                }

                thread.Look(now, times);
            }
        }
    }

    // A wait is counted by the system when it is over, so one that goes on is seen by this: nothing has moved between two looks, of a
    // thread that could run (R) or is waiting for the disk (D), which is not counted at all. Where between two looks one lay that is
    // over nobody tells: any moment of it may have been one in question.
    private sealed class ThreadWaits
    {
        private readonly List<(Stall Frame, TimeSpan Waited)> _waits = [];
        private (TimeSpan At, ThreadTimes Times)? _last;
        private TimeSpan? _pendingFrom;

        public TimeSpan Within(TimeSpan from, TimeSpan until)
        {
            TimeSpan goingOn = _pendingFrom is TimeSpan begin ? Stall.Sum([new Stall(begin, Moment.Now)], from, until) : TimeSpan.Zero;
            return goingOn + TimeSpan.FromTicks(_waits.Sum(wait => Math.Min(wait.Waited.Ticks, Stall.Sum([wait.Frame], from, until).Ticks)));
        }

        public void Look(TimeSpan now, ThreadTimes times)
        {
            if (_last is (TimeSpan at, ThreadTimes then))
            {
                TimeSpan more = times.Waited - then.Waited;
                if (more < Noteworthy && times.Given == then.Given && times.State is 'R' or 'D')
                {
                    _pendingFrom ??= at;
                }
                else
                {
                    if (more >= Noteworthy)
                    {
                        _waits.Add((new Stall(at < now - more ? at : now - more, now), more));
                    }
                    else if (_pendingFrom is TimeSpan begin)
                    {
                        _waits.Add((new Stall(begin, at), at - begin));
                    }

                    _pendingFrom = null;
                }
            }

            _last = (now, times);
        }
    }
}
