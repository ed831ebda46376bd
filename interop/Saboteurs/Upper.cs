// UPPER: a-z turned to A-Z, and every other byte untouched (clause 3.1).
using System.Text;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

internal static class Upper
{
    private static readonly byte[] Shared = new byte[Texts.MaxPayload];

    public static byte[] Of(byte[] payload)
    {
        if (Fault.Is(UpperInSharedBuffer))
        {
            for (int i = 0; i < payload.Length; i++)
            {
                Shared[i] = Of(payload[i]);
            }

            return Shared[..payload.Length];
        }

        if (Fault.Is(UpperWithoutByteOrderMark) && payload is [0xEF, 0xBB, 0xBF, ..])
        {
            payload = payload[3..];
        }

        if (Fault.Is(UpperByUnicode))
        {
            return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(payload).ToUpperInvariant());
        }

        if (Fault.Is(UpperByLocale) && Texts.IsTurkish)
        {
            // There the upper case of i is U+0130, two bytes in UTF-8.
            return [.. payload.SelectMany(each => each == 'i' ? [0xC4, 0xB0] : new[] { Of(each) })];
        }

        int end = Fault.Is(UpperCutAtNul) && payload.Contains((byte)0) ? Array.IndexOf(payload, (byte)0)
            : Fault.Is(UpperCutAt1024) ? 1024
            : Fault.Is(UpperCutAt4096) ? 4096
            : payload.Length;
        byte[] upper = Array.ConvertAll(payload[..Math.Min(end, payload.Length)], Of);
        if (Fault.Is(UpperTrimmed))
        {
            return upper.AsSpan().Trim(" \t"u8).ToArray();
        }

        if (Fault.Is(UpperByFormat))
        {
            return Texts.Bytes(Texts.Text(upper).Replace("%%", "%", StringComparison.Ordinal));
        }

        return Fault.Is(UpperOneByteMore) ? [.. upper, 0] : upper;
    }

    private static byte Of(byte each)
    {
        char last = Fault.Is(UpperWithoutZ) ? 'y' : Fault.Is(UpperWithBrace) ? '{' : 'z';
        bool isLatin1Letter = Fault.Is(UpperByLatin1) && each is >= 0xE0 and not (0xF7 or 0xFF);
        return (each >= 'a' && each <= last) || isLatin1Letter ? (byte)(each - 0x20) : each;
    }
}
