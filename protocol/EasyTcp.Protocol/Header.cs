// The one header form of EasyTCP/1, read and written. Requests and replies share it: word SP length LF.
using System.Buffers.Text;

namespace EasyTcp.Protocol;

/// <summary>What the bytes at the front of a stream are.</summary>
public enum HeaderState
{
    /// <summary>No judgement yet: neither LF nor 23 bytes have come (clause 2.3).</summary>
    Incomplete,

    /// <summary>A well-formed header.</summary>
    Complete,

    /// <summary>Not of the form of part 2 (clause 4.3).</summary>
    Malformed,
}

/// <summary>A well-formed header: a command or status, and the length of the payload that follows.</summary>
/// <param name="Word">The 1 to 16 letters A-Z before SP.</param>
/// <param name="PayloadLength">0 to 99999; above <see cref="Wire.MaxPayload"/> is for the caller to refuse (clause 4.4).</param>
/// <param name="Size">The header's own bytes, its LF included.</param>
public readonly ref struct Header(ReadOnlySpan<byte> Word, int PayloadLength, int Size)
{
    public ReadOnlySpan<byte> Word { get; } = Word;

    public int PayloadLength { get; } = PayloadLength;

    public int Size { get; } = Size;

    /// <summary>Judges the front of <paramref name="bytes"/> by part 2, no earlier than clause 2.3 allows.</summary>
    public static HeaderState Read(ReadOnlySpan<byte> bytes, out Header header)
    {
        header = default;
        ReadOnlySpan<byte> front = bytes[..Math.Min(bytes.Length, Wire.MaxHeader)];
        int at = 0;
        while (at < front.Length && front[at] is >= (byte)'A' and <= (byte)'Z')
        {
            at++;
        }

        int word = at;
        int length = 0;
        if (word is > 0 and <= Wire.MaxCommand && at < front.Length && front[at] == ' ')
        {
            while (++at < front.Length && front[at] is >= (byte)'0' and <= (byte)'9')
            {
                length = (length * 10) + (front[at] - '0'); // whatever has too many digits is malformed, and its length nobody's
            }

            if (at < front.Length && front[at] == '\n' && IsLength(front[(word + 1)..at]))
            {
                header = new Header(front[..word], length, at + 1);
                return HeaderState.Complete;
            }
        }

        return front.Length < Wire.MaxHeader && !front.Contains((byte)'\n') ? HeaderState.Incomplete : HeaderState.Malformed;
    }

    /// <summary>Writes a header to the front of <paramref name="destination"/> and returns its size in bytes.</summary>
    /// <exception cref="ArgumentException">The destination is too short; <see cref="Wire.MaxHeader"/> always fits.</exception>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> word, int payloadLength)
    {
        word.CopyTo(destination);
        destination[word.Length] = (byte)' ';
        if (!Utf8Formatter.TryFormat(payloadLength, destination[(word.Length + 1)..], out int digits))
        {
            throw new ArgumentException("the header does not fit", nameof(destination));
        }

        int lineFeed = word.Length + 1 + digits;
        destination[lineFeed] = (byte)'\n';
        return lineFeed + 1;
    }

    // length = "0" / (%x31-39 *4DIGIT)
    private static bool IsLength(ReadOnlySpan<byte> digits) =>
        digits.Length is > 0 and <= Wire.MaxLengthDigits && (digits.Length == 1 || digits[0] != '0');
}
