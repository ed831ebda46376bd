// Bytes and text, and the arguments that both roles have in common.
using System.Globalization;
using System.Text;

namespace EasyTcp.Saboteurs;

internal static class Texts
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Misuse = 2;
    public const int DefaultPort = 12000;
    public const int MaxPayload = 65535;

    /// <summary>True where the environment asks for Turkish.</summary>
    public static bool IsTurkish => Environment.GetEnvironmentVariable("LC_ALL")?.StartsWith("tr", StringComparison.Ordinal) == true;

    /// <summary>The bytes of a text; a character is a byte.</summary>
    public static byte[] Bytes(string latin1) => Encoding.Latin1.GetBytes(latin1);

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    /// <summary>Several pieces as one.</summary>
    public static byte[] Joined(IEnumerable<byte[]> pieces)
    {
        var joined = new MemoryStream();
        foreach (byte[] piece in pieces)
        {
            joined.Write(piece);
        }

        return joined.ToArray();
    }

    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    public static bool IsDigits(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Reads <c>1*5DIGIT</c> from <paramref name="lowest"/> to 65535.</summary>
    public static bool TryReadPort(string text, int lowest, out int port)
    {
        port = 0;
        return text.Length <= 5 && IsDigits(text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) &&
            port >= lowest && port <= MaxPayload;
    }
}
