// Reads messages off a stream of bytes, and says what is wrong with those that are none.
using System.Text;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Wire;

/// <summary>What a peer may say: a client its commands, a server its statuses.</summary>
/// <param name="Who">For sentences.</param>
/// <param name="LongestHeader">In bytes, LF included.</param>
/// <param name="Words">The words that are legal; empty for any.</param>
internal sealed record Voice(string Who, int LongestHeader, string[] Words)
{
    public static Voice Server { get; } = new("server", WireText.LongestReplyHeader, ["OK", "ERR"]);

    public static Voice Client { get; } = new("client", WireText.LongestRequestHeader, ["UPPER", "ADDR", "COUNT", "UPTIME"]);
}

/// <summary>A one-way stream of messages. It never reads more than it needs, so that what follows is still there.</summary>
internal sealed class MessageReader(Voice voice, Func<Memory<byte>, CancellationToken, ValueTask<int>> receive)
{
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;
    private long _offset;

    /// <summary>Bytes consumed so far.</summary>
    public long Offset => _offset;

    /// <summary>True if bytes are here that no message has taken.</summary>
    public bool HasMore => _start < _end;

    /// <summary>Reads one message; null at a clean end, between two messages.</summary>
    /// <exception cref="CaseFailedException">What came is no message, or it was cut short.</exception>
    public async Task<Message?> Read(CancellationToken cancel)
    {
        int headerSize = await HeaderSize(cancel);
        if (headerSize == 0)
        {
            return null;
        }

        string line = Encoding.Latin1.GetString(_buffer, _start, headerSize);
        if (WireText.ReadHeader(line) is not (string word, int length) || (voice.Words.Length > 0 && !voice.Words.Contains(word, StringComparer.Ordinal)))
        {
            throw Wrong($"a header of the {voice.Who}'s ({Words} SP length LF)", Excerpt.Of(line));
        }

        Expect.That(length <= WireText.MaxPayload, "2.2", $"a payload of at most {WireText.MaxPayload} bytes from the {voice.Who}", Excerpt.Of(line));
        while (_end - _start < headerSize + length)
        {
            if (!await Fill(headerSize + length, cancel))
            {
                throw Wrong($"{length} bytes of payload after the {voice.Who}'s header {Excerpt.Of(line)}",
                    $"{_end - _start - headerSize} bytes ({Excerpt.Of(_buffer.AsSpan(_start + headerSize, _end - _start - headerSize))}), then the end of the stream", isCutShort: true);
            }
        }

        byte[] payload = _buffer[(_start + headerSize)..(_start + headerSize + length)];
        _start += headerSize + length;
        _offset += headerSize + length;
        return new Message(word, payload);
    }

    /// <summary>Awaits one byte more, whatever it is; null at the end of the stream.</summary>
    public async Task<byte?> ReadByte(CancellationToken cancel)
    {
        if (_start == _end && !await Fill(1, cancel))
        {
            return null;
        }

        _offset++;
        return _buffer[_start++];
    }

    private string Words => voice.Words.Length == 0 ? "command" : string.Join(" or ", voice.Words);

    // The size of the header at the front, LF included; 0 at a clean end.
    private async Task<int> HeaderSize(CancellationToken cancel)
    {
        while (true)
        {
            int count = _end - _start;
            int lineFeed = Array.IndexOf(_buffer, (byte)'\n', _start, Math.Min(count, voice.LongestHeader));
            if (lineFeed >= 0)
            {
                return lineFeed - _start + 1;
            }

            if (count >= voice.LongestHeader)
            {
                throw Wrong($"a header of the {voice.Who}'s, which ends in LF within {voice.LongestHeader} bytes",
                    Excerpt.Of(_buffer.AsSpan(_start, count)));
            }

            if (!await Fill(voice.LongestHeader, cancel))
            {
                return count == 0 ? 0 : throw Wrong($"a whole header of the {voice.Who}'s",
                    $"{Excerpt.Of(_buffer.AsSpan(_start, count))}, then the end of the stream", isCutShort: true);
            }
        }
    }

    // Receives more, into a buffer that holds at least `size` bytes from the current message's start on.
    private async Task<bool> Fill(int size, CancellationToken cancel)
    {
        if (_buffer.Length - _start < Math.Max(size, _end - _start + 1))
        {
            byte[] buffer = new byte[Math.Max(_buffer.Length, size + 4096)];
            Array.Copy(_buffer, _start, buffer, 0, _end - _start);
            (_buffer, _start, _end) = (buffer, 0, _end - _start);
        }

        int count = await receive(_buffer.AsMemory(_end), cancel);
        _end += count;
        return count > 0;
    }

    private CaseFailedException Wrong(string expected, string actual, bool isCutShort = false) =>
        new("2", $"{expected}, at byte {_offset} of the stream", actual) { IsCutShort = isCutShort };
}
