// What part 2 says of an input, read a second time from left to right, and compared with a reader's verdict.
using System.Globalization;

namespace EasyTcp.Protocol.Fuzz;

/// <summary>A reader of headers, as <see cref="Header.Read"/> is one.</summary>
internal delegate HeaderState HeaderReader(ReadOnlySpan<byte> bytes, out Header header);

/// <summary>Judges readers.</summary>
internal static class Verdicts
{
    /// <summary>Gives a reader the input, and each of its beginnings up to what clause 2.3 lets it see.</summary>
    /// <returns>What it got wrong, as a sentence; null if nothing.</returns>
    public static string? Fault(HeaderReader reader, ReadOnlySpan<byte> input)
    {
        for (int count = 0; count <= Math.Min(input.Length, Wire.MaxHeader + 1); count++)
        {
            if (FaultAt(reader, input[..count]) is string fault)
            {
                return fault;
            }
        }

        return FaultAt(reader, input);
    }

    private static string? FaultAt(HeaderReader reader, ReadOnlySpan<byte> bytes)
    {
        (HeaderState state, int word, int length, int size) = Expected(bytes);
        try
        {
            HeaderState told = reader(bytes, out Header header);
            return told == state && header.Size == size && header.PayloadLength == length && header.Word.SequenceEqual(bytes[..word])
                ? null
                : string.Create(CultureInfo.InvariantCulture, $"expected {state} (word of {word}, length {length}, size {size}), but {told} (word of {header.Word.Length}, length {header.PayloadLength}, size {header.Size}) came for the bytes {Convert.ToHexString(bytes)}");
        }
        catch (Exception thrown) when (thrown is ArgumentException or IndexOutOfRangeException or OverflowException or FormatException)
        {
            return $"expected {state}, but {thrown.GetType().Name} came for the bytes {Convert.ToHexString(bytes)}";
        }
    }

    // header = 1*16(%x41-5A) SP ("0" / (%x31-39 *4DIGIT)) LF, judged with its LF or after 23 bytes (clause 2.3)
    private static (HeaderState State, int Word, int Length, int Size) Expected(ReadOnlySpan<byte> bytes)
    {
        int end = 0;
        while (end < bytes.Length && end < 23 && bytes[end] != 0x0A)
        {
            end++;
        }

        if (end == bytes.Length || end == 23)
        {
            return (end == 23 ? HeaderState.Malformed : HeaderState.Incomplete, 0, 0, 0);
        }

        int word = 0;
        while (bytes[word] is >= 0x41 and <= 0x5A)
        {
            word++;
        }

        int at = word + 1;
        int length = 0;
        while (at < end && bytes[at] is >= 0x30 and <= 0x39)
        {
            length = (length * 10 % 1_000_000) + bytes[at++] - 0x30;
        }

        int digits = at - word - 1;
        bool isHeader = word is >= 1 and <= 16 && bytes[word] == 0x20 && at == end && digits is >= 1 and <= 5 && (digits == 1 || bytes[word + 1] != 0x30);
        return isHeader ? (HeaderState.Complete, word, length, end + 1) : (HeaderState.Malformed, 0, 0, 0);
    }
}
