// A server's stdout: whole lines, written together, without a string for any of them.
using System.Buffers.Text;
using EasyTcp.Protocol;

namespace EasyTcp.Servers;

/// <summary>Collects lines and writes them out in one piece. Not thread-safe: the registry's lock guards it.</summary>
/// <param name="output">Standard output. One that is closed, or that nobody reads any more, is ignored (clause 7.5).</param>
public sealed class ServerConsole(Stream output)
{
    // Lines are written out early rather than let a storm's history grow without bound.
    private const int Enough = 64 * 1024;
    private const int MaxDigits = 20;

    private ByteBuffer _lines = new();
    private bool _closed;

    /// <summary>Adds to the current line.</summary>
    public void Write(ReadOnlySpan<byte> text) => _lines.Add(text);

    /// <summary>Adds a decimal number to the current line.</summary>
    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, _lines.Room(MaxDigits), out int length);
        _lines.Added(length);
    }

    /// <summary>Ends the current line.</summary>
    public void EndLine()
    {
        _lines.Add("\n"u8);
        if (_lines.Count >= Enough)
        {
            Flush();
        }
    }

    /// <summary>Writes out all lines so far.</summary>
    public void Flush()
    {
        if (_lines.Count > 0 && !_closed)
        {
            try
            {
                output.Write(_lines.Waiting);
                output.Flush();
            }
            catch (Exception fault) when (StandardStreams.IsUnusable(fault))
            {
                // These lines are lost. A disk that was full may have room for later ones.
            }
        }

        _lines.Clear();
    }

    /// <summary>Writes out all lines so far; later ones are dropped.</summary>
    public void Close()
    {
        Flush();
        _closed = true;
    }
}
