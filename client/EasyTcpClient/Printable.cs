// Bytes of a stranger's, made fit for one line of a terminal.
using System.Text;

namespace EasyTcp.Client;

/// <summary>Text for error messages.</summary>
public static class Printable
{
    private const int Longest = 60;

    /// <summary>The first characters, everything that is not printable as <c>?</c>.</summary>
    public static string Text(string text) => Text(Encoding.Latin1.GetBytes(text));

    /// <summary>The first bytes as ASCII, everything that is not printable as <c>?</c>.</summary>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte each in bytes[..Math.Min(bytes.Length, Longest)])
        {
            text.Append(each is >= 0x20 and < 0x7F ? (char)each : '?');
        }

        return bytes.Length > Longest ? text.Append("...").ToString() : text.ToString();
    }
}
