// UPPER, the one transformation of the protocol (clause 3.1).
using System.Numerics;

namespace EasyTcp.Protocol;

/// <summary>Upper case as clause 3.1 means it: a-z alone, no locale, no Unicode tables.</summary>
public static class UpperCase
{
    /// <summary>Copies <paramref name="source"/> to the front of <paramref name="destination"/>, a-z turned to A-Z.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than the source.</exception>
    public static void Copy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length < source.Length)
        {
            throw new ArgumentException("the destination is shorter than the source", nameof(destination));
        }

        int at = 0;
        for (; at <= source.Length - Vector<byte>.Count; at += Vector<byte>.Count)
        {
            var bytes = new Vector<byte>(source[at..]);
            // 0xFF where a lower-case letter stands, so that the AND leaves the case bit there and 0 elsewhere
            Vector<byte> lower = Vector.LessThan(bytes - new Vector<byte>((byte)'a'), new Vector<byte>(26));
            (bytes - (lower & new Vector<byte>(0x20))).CopyTo(destination[at..]);
        }

        for (; at < source.Length; at++)
        {
            byte each = source[at];
            destination[at] = each is >= (byte)'a' and <= (byte)'z' ? (byte)(each - 0x20) : each;
        }
    }
}
