// What a peer prints, line by line, each with the moment it came.
using System.Globalization;
using System.Text;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>A line of output.</summary>
/// <param name="At">When its last byte came.</param>
/// <param name="Text">Its bytes as Latin-1, so that none is lost or changed; without its LF.</param>
/// <param name="IsWhole">False for a last line without LF.</param>
internal sealed record OutputLine(TimeSpan At, string Text, bool IsWhole);

/// <summary>Collects one stream of a peer's output, with bounded memory, and lets others await what comes.</summary>
/// <param name="flooded">Called once if the peer prints more than is kept; what comes afterwards is dropped.</param>
internal sealed class OutputLog(Action? flooded = null)
{
    // More than the longest honest log here, of twenty thousand clients that come and go.
    private const long Most = 32 * 1024 * 1024;

    // What a line costs beside its bytes: a flood may be of lines.
    private const int CostOfLine = 64;

    // The longest honest one is a sentence of 65535 bytes.
    private const int LongestLine = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly StringBuilder _open = new();

    // Lines are only ever added, so whoever reads some of them needs no copy.
    private OutputLine[] _lines = new OutputLine[16];
    private int _count;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _openSince;
    private long _bytes;
    private string? _end;

    /// <summary>All lines so far, an open last one included.</summary>
    public IReadOnlyList<OutputLine> Lines
    {
        get
        {
            lock (_lock)
            {
                var whole = new ArraySegment<OutputLine>(_lines, 0, _count);
                return _open.Length == 0 ? whole : [.. whole, new OutputLine(_openSince, _open.ToString(), false)];
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
                return TextFrom(0);
            }
        }
    }

    /// <summary>What the peer did, if it printed more than the suite keeps, as in <c>it printed ...</c>; else null.</summary>
    public string? Flood { get; private set; }

    /// <summary>Reads a stream to its end, on a thread of its own: the moments must not depend on how busy a pool is.</summary>
    public Task ReadAsync(Stream stream, CancellationToken cancel) => Task.Factory.StartNew(
        () =>
        {
            byte[] chunk = new byte[16 * 1024];
            while (stream.Read(chunk) is > 0 and int count)
            {
                Add(chunk.AsSpan(0, count), Moment.Now);
            }
        },
        cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Until it has completed, no time counts in which something is to be printed.</summary>
    public Task DueFrom { get; set; } = Task.CompletedTask;

    /// <summary>Adds bytes that came at a moment.</summary>
    public void Add(ReadOnlySpan<byte> bytes, TimeSpan at)
    {
        lock (_lock)
        {
            if (Flood != null)
            {
                return;
            }

            _bytes += bytes.Length;
            string text = Encoding.Latin1.GetString(bytes);
            int start = 0;
            for (int end; (end = text.IndexOf('\n', start)) >= 0; start = end + 1)
            {
                _open.Append(text, start, end - start);
                AddLine(new OutputLine(at, _open.ToString(), true));
                _open.Clear();
            }

            _open.Append(text, start, text.Length - start);
            _openSince = at;
            Flood = _open.Length > LongestLine ? string.Create(CultureInfo.InvariantCulture, $"it printed {_open.Length} bytes without a line end")
                : _bytes + (_count * CostOfLine) > Most ? string.Create(CultureInfo.InvariantCulture, $"it printed {_bytes} bytes in {_count} lines, which is more than the suite keeps")
                : null;
            Tell();
            if (Flood == null)
            {
                return;
            }
        }

        flooded?.Invoke();
    }

    /// <summary>Nothing more will come: those who wait are told why, in a sentence such as <c>the server exited with status 3</c>.</summary>
    public void Close(string sentence)
    {
        lock (_lock)
        {
            _end ??= sentence;
            Tell();
        }
    }

    /// <summary>Awaits output that <paramref name="find"/> finds something in.</summary>
    /// <param name="what">What is awaited.</param>
    /// <param name="clause">Where it is demanded.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="find">Gets the lines so far; null means not yet.</param>
    /// <exception cref="CaseFailedException">It did not come in time, or cannot come any more.</exception>
    public async Task<T> Find<T>(string what, string clause, TimeSpan within, Func<IReadOnlyList<OutputLine>, T?> find)
        where T : class
    {
        await DueFrom;
        return await Wait.For(what, clause, within, async cancel =>
        {
            while (true)
            {
                (Task changed, string? end) = NextChange();
                if (find(Lines) is T found)
                {
                    return found;
                }

                if (end != null)
                {
                    throw new CaseFailedException(clause, what, $"{end} before that; the last of its output was {Excerpt.OfEnd(Text)}");
                }

                await changed.WaitAsync(cancel);
            }
        });
    }

    /// <summary>Awaits a line of exactly this text.</summary>
    public Task<OutputLine> Line(string text, string clause, TimeSpan within) =>
        Find($"the line '{text}'", clause, within, lines => lines.FirstOrDefault(line => line.IsWhole && string.Equals(line.Text, text, StringComparison.Ordinal)));

    /// <summary>Awaits output of which all, taken together, ends with <paramref name="text"/>, such as a prompt.</summary>
    public Task EndsWith(string text, string clause, TimeSpan within) =>
        Find($"output that ends with '{text}'", clause, within, _ => Tail(text.Length).EndsWith(text, StringComparison.Ordinal) ? this : null);

    // The last lines that hold so many bytes.
    private string Tail(int length)
    {
        lock (_lock)
        {
            int first = _count;
            for (int held = _open.Length; held < length && first > 0; first--)
            {
                held += _lines[first - 1].Text.Length + 1;
            }

            return TextFrom(first);
        }
    }

    private string TextFrom(int first) => string.Concat(_lines[first.._count].Select(line => line.Text + "\n")) + _open;

    private void AddLine(OutputLine line)
    {
        if (_count == _lines.Length)
        {
            Array.Resize(ref _lines, 2 * _count);
        }

        _lines[_count++] = line;
    }

    private void Tell()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private (Task Changed, string? End) NextChange()
    {
        lock (_lock)
        {
            return (_changed.Task, _end);
        }
    }
}
