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
        int end = front.IndexOf((byte)'\n');
        if (end < 0)
        {
            return front.Length < Wire.MaxHeader ? HeaderState.Incomplete : HeaderState.Malformed;
        }

        ReadOnlySpan<byte> line = front[..end];
        int space = line.IndexOf((byte)' ');
        if (space is < 1 or > Wire.MaxCommand || line[..space].ContainsAnyExceptInRange((byte)'A', (byte)'Z') ||
            !TryReadLength(line[(space + 1)..], out int length))
        {
            return HeaderState.Malformed;
        }

        header = new Header(line[..space], length, end + 1);
        return HeaderState.Complete;
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
    private static bool TryReadLength(ReadOnlySpan<byte> digits, out int length)
    {
        length = 0;
        if (digits.Length is < 1 or > Wire.MaxLengthDigits || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9') ||
            (digits[0] == '0' && digits.Length > 1))
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            length = (length * 10) + (digit - '0');
        }

        return true;
    }
}
