// The terminal as bytes: lines in, text out, and a last word that nothing follows (clauses 10.3, 10.4 and 10.9).
using System.Buffers;
using EasyTcp.Protocol;

namespace EasyTcp.Client;

/// <summary>Stdin and stdout as the menu needs them: sentences are bytes, not text in some encoding.</summary>
/// <param name="input">Standard input.</param>
/// <param name="output">Standard output. One that is closed is ignored.</param>
public sealed class MenuConsole(Stream input, Stream output)
{
    private readonly Lock _last = new();
    private readonly byte[] _chunk = new byte[4096];
    private int _start;
    private int _end;
    private bool _closed;

    /// <summary>Writes out text at once.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        lock (_last)
        {
            WriteOut(text);
        }
    }

    /// <summary>Reads a line; its LF and one CR before it are taken off (clause 10.4). False at the end of stdin.</summary>
    public bool TryReadLine(out ReadOnlySpan<byte> text)
    {
        var line = new ArrayBufferWriter<byte>();
        while (true)
        {
            ReadOnlySpan<byte> ready = _chunk.AsSpan(_start.._end);
            int lineFeed = ready.IndexOf((byte)'\n');
            line.Write(lineFeed < 0 ? ready : ready[..lineFeed]);
            if (lineFeed >= 0)
            {
                _start += lineFeed + 1;
                text = line.WrittenSpan.EndsWith("\r"u8) ? line.WrittenSpan[..^1] : line.WrittenSpan;
                return true;
            }

            _start = 0;
            _end = Read();
            if (_end == 0)
            {
                text = line.WrittenSpan;
                return !text.IsEmpty; // a last line without LF counts
            }
        }
    }

    /// <summary>The farewell of a signal and of the end of stdin, on a line of its own; nothing follows it (clause 10.9).</summary>
    public void Farewell()
    {
        lock (_last)
        {
            WriteOut("\nBye bye~\n"u8);
            _closed = true;
        }
    }

    /// <summary>Nothing more is written, a signal's farewell neither (clauses 10.9 and 10.10).</summary>
    public void Close()
    {
        lock (_last)
        {
            _closed = true;
        }
    }

    // An input that cannot be read is at its end.
    private int Read()
    {
        try
        {
            return input.Read(_chunk);
        }
        catch (Exception fault) when (StandardStreams.IsUnusable(fault))
        {
            return 0;
        }
    }

    private void WriteOut(ReadOnlySpan<byte> text)
    {
        if (_closed)
        {
            return;
        }

        try
        {
            output.Write(text);
            output.Flush();
        }
        catch (Exception fault) when (StandardStreams.IsUnusable(fault))
        {
            _closed = true;
        }
    }
}
