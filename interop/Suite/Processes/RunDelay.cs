// How long a program's threads wait for a processor, or for the disk behind their own pages: a machine may starve it while
// others, this suite too, get their turn.
using System.Globalization;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>The waits of one process, seen from outside; none where the system does not tell.</summary>
/// <param name="processId">The process.</param>
internal sealed class RunDelay(int processId)
{
    private static readonly TimeSpan Noteworthy = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<string, ThreadWaits> _threads = new(StringComparer.Ordinal);

    /// <summary>How long the thread that waited longest did so within a span of time.</summary>
    public TimeSpan Within(TimeSpan from, TimeSpan until) => _threads.Values.Select(thread => thread.Within(from, until)).DefaultIfEmpty().Max();

    /// <summary>Looks at each thread.</summary>
    public void Sample()
    {
        try
        {
            foreach (string folder in Directory.EnumerateDirectories($"/proc/{processId}/task"))
            {
                string stat = File.ReadAllText(Path.Combine(folder, "stat"));
                string[] times = File.ReadAllText(Path.Combine(folder, "schedstat")).Split(' ');
                if (!_threads.TryGetValue(folder, out ThreadWaits? thread))
                {
                    _threads[folder] = thread = new ThreadWaits();
                }

                thread.Look(Moment.Now, Time(times[0]), Time(times[1]), stat[stat.LastIndexOf(')') + 2]);
            }
        }
        catch (IOException)
        {
            // it has ended, or the system does not tell
        }
    }

    private static TimeSpan Time(string nanoseconds) => TimeSpan.FromMicroseconds(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / 1000);

    // A wait is counted by the system when it is over, so one that goes on is seen by this: nothing has moved between two looks, of a
    // thread that could run (R) or is waiting for the disk (D), which is not counted at all.
    private sealed class ThreadWaits
    {
        private readonly List<Stall> _stalls = [];
        private (TimeSpan At, TimeSpan Given, TimeSpan Waited)? _last;
        private TimeSpan? _pendingFrom;

        public TimeSpan Within(TimeSpan from, TimeSpan until) =>
            Stall.Sum(_pendingFrom is TimeSpan begin ? _stalls.Append(new Stall(begin, Moment.Now)) : _stalls, from, until);

        public void Look(TimeSpan now, TimeSpan given, TimeSpan waited, char state)
        {
            if (_last is (TimeSpan at, TimeSpan givenThen, TimeSpan waitedThen))
            {
                TimeSpan more = waited - waitedThen;
                if (more < Noteworthy && given == givenThen && state is 'R' or 'D')
                {
                    _pendingFrom ??= at;
                }
                else
                {
                    if (more >= Noteworthy)
                    {
                        _stalls.Add(new Stall(now - more, now));
                    }
                    else if (_pendingFrom is TimeSpan begin)
                    {
                        _stalls.Add(new Stall(begin, at));
                    }

                    _pendingFrom = null;
                }
            }

            _last = (now, given, waited);
        }
    }
}
