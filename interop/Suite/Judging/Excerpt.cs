// Bytes shown in a sentence.
using System.Globalization;
using System.Text;

namespace EasyTcp.Interop.Judging;

/// <summary>A readable piece of a long text or of bytes.</summary>
internal static class Excerpt
{
    private const int Before = 16;
    private const int Longest = 72;

    /// <summary>The text around <paramref name="at"/>, in quotes, with control and other bytes escaped.</summary>
    /// <param name="text">Bytes as Latin-1.</param>
    /// <param name="at">What to show for sure.</param>
    public static string Of(string text, int at = 0)
    {
        int start = text.Length <= Longest ? 0 : Math.Clamp(at - (at == text.Length ? Longest : Before), 0, Math.Max(0, text.Length - 1));
        int end = Math.Min(text.Length, start + Longest);
        return $"{(start > 0 ? "..." : "")}'{Escaped(text.AsSpan(start, end - start))}'{(end < text.Length ? "..." : "")}";
    }

    /// <summary>All of a text, with control and other bytes escaped.</summary>
    /// <param name="text">Bytes as Latin-1.</param>
    public static string Escaped(ReadOnlySpan<char> text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (char each in text)
        {
            shown.Append(each switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\\' => "\\\\",
                >= ' ' and < (char)0x7F => each.ToString(),
                _ => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)each:X2}"),
            });
        }

        return shown.ToString();
    }

    /// <summary>The last of a text.</summary>
    public static string OfEnd(string text) => text.Length == 0 ? "nothing at all" : Of(text, text.Length);

    /// <summary>Bytes, shown likewise.</summary>
    public static string Of(ReadOnlySpan<byte> bytes, int at = 0) => Of(Encoding.Latin1.GetString(bytes), at);
}
