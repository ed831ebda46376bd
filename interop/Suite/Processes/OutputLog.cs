// What a peer prints, line by line, each with the moment it came.
using System.Text;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>A line of output.</summary>
/// <param name="At">When its last byte came.</param>
/// <param name="Text">Its bytes as Latin-1, so that none is lost or changed; without its LF.</param>
/// <param name="IsWhole">False for a last line without LF.</param>
internal sealed record OutputLine(TimeSpan At, string Text, bool IsWhole);

/// <summary>Collects one stream of a peer's output, with bounded memory, and lets others await what comes, or that nothing more will.</summary>
internal sealed class OutputLog
{
    // More than the longest honest log here; a peer that floods is cut off there and told so.
    private const int MaxBytes = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<OutputLine> _lines = [];
    private readonly StringBuilder _open = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _openSince;
    private long _bytes;
    private bool _hasEnded;

    /// <summary>True when the peer has closed the stream, as every program does that ends: nothing more can come.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _hasEnded;
            }
        }
    }

    /// <summary>All lines so far, an open last one included.</summary>
    public IReadOnlyList<OutputLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return _open.Length == 0 ? [.. _lines] : [.. _lines, new OutputLine(_openSince, _open.ToString(), false)];
            }
        }
    }

    /// <summary>Everything so far, as Latin-1.</summary>
    public string Text
    {
        get
        {
            lock (_lock)
            {
                return string.Concat(_lines.Select(line => line.Text + "\n")) + _open;
            }
        }
    }

    /// <summary>True if the peer printed more than the suite keeps.</summary>
    public bool IsFlooded => _bytes > MaxBytes;

    /// <summary>Reads a stream to its end, on a thread of its own: the moments must not depend on how busy a pool is.</summary>
    public Task ReadAsync(Stream stream, CancellationToken cancel) => Task.Factory.StartNew(
        () =>
        {
            byte[] chunk = new byte[16 * 1024];
            while (stream.Read(chunk) is > 0 and int count)
            {
                Add(chunk.AsSpan(0, count), Moment.Now);
            }

            End();
        },
        cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Adds bytes that came at a moment.</summary>
    public void Add(ReadOnlySpan<byte> bytes, TimeSpan at)
    {
        lock (_lock)
        {
            _bytes += bytes.Length;
            if (IsFlooded)
            {
                return;
            }

            string text = Encoding.Latin1.GetString(bytes);
            int start = 0;
            for (int end; (end = text.IndexOf('\n', start)) >= 0; start = end + 1)
            {
                _open.Append(text, start, end - start);
                _lines.Add(new OutputLine(at, _open.ToString(), true));
                _open.Clear();
            }

            _open.Append(text, start, text.Length - start);
            _openSince = at;
            Tell();
        }
    }

    /// <summary>The stream is at its end: whoever waits need wait no longer.</summary>
    public void End()
    {
        lock (_lock)
        {
            _hasEnded = true;
            Tell();
        }
    }

    /// <summary>Awaits output that <paramref name="find"/> finds something in.</summary>
    /// <param name="what">What is awaited.</param>
    /// <param name="clause">Where it is demanded.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="find">Gets the lines so far; null means not yet.</param>
    /// <exception cref="CaseFailedException">It did not come in time, or the output ended without it.</exception>
    public Task<T> Find<T>(string what, string clause, TimeSpan within, Func<IReadOnlyList<OutputLine>, T?> find)
        where T : class =>
        Wait.For(what, clause, within, async cancel =>
        {
            while (true)
            {
                (Task changed, bool hasEnded) = NextChange();
                if (find(Lines) is T found)
                {
                    return found;
                }

                Expect.That(!hasEnded, clause, what, $"the end of the output without it; the last of it was {Excerpt.OfEnd(Text)}");
                await changed.WaitAsync(cancel);
            }
        });

    /// <summary>Awaits a line of exactly this text.</summary>
    public Task<OutputLine> Line(string text, string clause, TimeSpan within) =>
        Find($"the line '{text}'", clause, within, lines => lines.FirstOrDefault(line => line.IsWhole && string.Equals(line.Text, text, StringComparison.Ordinal)));

    /// <summary>Awaits output of which all, taken together, ends with <paramref name="text"/>, such as a prompt.</summary>
    public Task EndsWith(string text, string clause, TimeSpan within) =>
        Find($"output that ends with '{text}'", clause, within, _ => Text.EndsWith(text, StringComparison.Ordinal) ? this : null);

    private (Task Changed, bool HasEnded) NextChange()
    {
        lock (_lock)
        {
            return (_changed.Task, _hasEnded);
        }
    }

    private void Tell()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
