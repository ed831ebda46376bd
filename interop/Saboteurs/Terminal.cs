// The client's stdin and stdout as bytes (clauses 10.3, 10.4 and 10.9).
using static EasyTcp.Saboteurs.ClientFault;

namespace EasyTcp.Saboteurs;

/// <summary>Lines in, text out, and a last word that nothing follows.</summary>
internal sealed class Terminal : IDisposable
{
    private const int Page = 4096;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly Stream _input = Console.OpenStandardInput();
    private readonly Stream _output = Fault.Is(OutputBuffered) ? new BufferedStream(Console.OpenStandardOutput(), Page) : Console.OpenStandardOutput();
    private readonly Lock _last = new();
    private readonly byte[] _page = new byte[Page];
    private int _start;
    private int _end;
    private bool _closed;
    private bool _isSplit;
    private bool _hasRead;

    /// <summary>True while a line is awaited.</summary>
    private volatile bool _isReading;

    public Terminal()
    {
        if (Fault.Is(SpinsAtPrompt))
        {
            new Thread(Spin) { IsBackground = true }.Start();
        }
    }

    /// <summary>True if stdin is a file of the disk, which epoll takes for an error.</summary>
    public static bool IsFile => new FileInfo("/proc/self/fd/0").LinkTarget is ['/', ..] target && !target.StartsWith("/dev/", StringComparison.Ordinal);

    public void Write(byte[] text)
    {
        lock (_last)
        {
            WriteOut(text);
        }
    }

    public void Write(string text) => Write(Texts.Bytes(text));

    /// <summary>Writes last words: nothing follows them.</summary>
    public void Farewell(string text)
    {
        lock (_last)
        {
            WriteOut(Texts.Bytes(text));
            _output.Flush();
            _closed = true;
        }
    }

    /// <summary>Nothing more is written.</summary>
    public void Close()
    {
        lock (_last)
        {
            _output.Flush();
            _closed = true;
        }
    }

    /// <summary>Reads a line without its LF and one CR before it; null at the end of stdin.</summary>
    /// <param name="isSentence">True if it is what option 1 converts.</param>
    public byte[]? ReadLine(bool isSentence = false)
    {
        if (_isSplit)
        {
            _isSplit = false;
            return [];
        }

        byte[]? line = ReadWhole(isSentence);
        _isSplit = Fault.Is(LineOf1023Split) && line?.Length == 1023; // as fgets does: its LF is the next line
        if (Fault.Is(ByteOrderMarkTaken) && !_hasRead && line?.AsSpan().StartsWith(ByteOrderMark) == true)
        {
            line = line[3..];
        }

        _hasRead = true;
        return line;
    }

    private byte[]? ReadWhole(bool isSentence)
    {
        var line = new MemoryStream();
        while (true)
        {
            ReadOnlySpan<byte> ready = _page.AsSpan(_start.._end);
            int lineFeed = ready.IndexOf((byte)'\n');
            line.Write(lineFeed < 0 ? ready : ready[..lineFeed]);
            if (lineFeed >= 0)
            {
                _start += lineFeed + 1;
                return Ended(line.ToArray());
            }

            if (Fault.Is(LineCutAt4096) && line.Length >= Page)
            {
                (_start, _end) = (0, 0);
                return line.ToArray();
            }

            _start = 0;
            _isReading = true;
            _end = _input.Read(_page);
            _isReading = false;
            if (_end == 0)
            {
                return line.Length == 0 || Fault.Is(LastLineLost) || (Fault.Is(LastSentenceLost) && isSentence) ? null : line.ToArray();
            }
        }
    }

    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
    }

    private void Spin()
    {
        while (true)
        {
            Clock.LetPass(_isReading ? TimeSpan.Zero : TimeSpan.FromMilliseconds(1));
        }
    }

    private static byte[] Ended(byte[] line)
    {
        ReadOnlySpan<byte> text = line;
        if (Fault.Is(LinesTrimmed))
        {
            return text.Trim(" \t\r"u8).ToArray();
        }

        if (Fault.Is(LineEndsAtNul) && text.Contains((byte)0))
        {
            return text[..text.IndexOf((byte)0)].ToArray();
        }

        if (Fault.Is(CrsAllTaken))
        {
            return text.TrimEnd((byte)'\r').ToArray();
        }

        return text.EndsWith("\r"u8) && !Fault.Is(CrKept) ? line[..^1] : line;
    }

    private void WriteOut(byte[] text)
    {
        if (!_closed)
        {
            _output.Write(text);
            if (!Fault.Is(OutputBuffered))
            {
                _output.Flush();
            }
        }
    }
}
