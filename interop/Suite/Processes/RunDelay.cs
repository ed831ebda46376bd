// How long a program's threads wait for a processor: a machine may starve it while others, this suite too, get their turn.
using System.Globalization;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>The waits of one process, seen from outside; none where the system does not tell.</summary>
/// <param name="processId">The process.</param>
internal sealed class RunDelay(int processId)
{
    private static readonly TimeSpan Noteworthy = TimeSpan.FromMilliseconds(1);

    private readonly Dictionary<string, TimeSpan> _waited = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Stall>> _stalls = new(StringComparer.Ordinal);

    /// <summary>How long the thread that waited longest did so within a span of time.</summary>
    public TimeSpan Within(TimeSpan from, TimeSpan until) => _stalls.Values.Select(stalls => Stall.Sum(stalls, from, until)).DefaultIfEmpty().Max();

    /// <summary>Looks at each thread.</summary>
    public void Sample()
    {
        try
        {
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{processId}/task"))
            {
                TimeSpan waited = Waited(Path.Combine(thread, "schedstat"));
                TimeSpan more = waited - _waited.GetValueOrDefault(thread, waited);
                _waited[thread] = waited;
                if (more >= Noteworthy)
                {
                    TimeSpan now = Moment.Now;
                    (_stalls.TryGetValue(thread, out List<Stall>? stalls) ? stalls : _stalls[thread] = []).Add(new Stall(now - more, now));
                }
            }
        }
        catch (IOException)
        {
            // it has ended, or the system does not tell
        }
    }

    // Time on a processor, time waiting for one, and how often; the times in nanoseconds.
    private static TimeSpan Waited(string file) =>
        TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(file).Split(' ')[1], CultureInfo.InvariantCulture) / 1000);
}
