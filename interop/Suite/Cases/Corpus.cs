// Sentences and headers that programs trip over.
using System.Text;

namespace EasyTcp.Interop.Cases;

/// <summary>Inputs that more than one case uses, as Latin-1: a character is a byte.</summary>
internal static class Corpus
{
    /// <summary>A locale whose upper case of i is not I.</summary>
    public const string TurkishLocale = "tr_TR.UTF-8";

    /// <summary>Every byte there is.</summary>
    public static string EveryByte { get; } = string.Concat(Enumerable.Range(0, 256).Select(value => (char)value));

    /// <summary>Every byte that a line can hold.</summary>
    public static string EveryByteButLineFeed { get; } = EveryByte.Replace("\n", "", StringComparison.Ordinal);

    /// <summary>UTF-8 of several scripts, with letters that have an upper case of their own.</summary>
    public static string Utf8 { get; } = Latin1OfUtf8("na\u00efve caf\u00e9, stra\u00dfe, \u0444\u044b\u0432\u0430, \u4f60\u597d, \ud83d\ude00 e\u0301");

    /// <summary>The four Turkish i.</summary>
    public static string TurkishI { get; } = Latin1OfUtf8("istanbul, \u0131\u0130iI, DI\u015e \u0131\u015f\u0131k");

    /// <summary>The longest sentence.</summary>
    public static string Longest { get; } = string.Concat(Enumerable.Range(0, Wire.WireText.MaxPayload).Select(i => (char)('a' + (i % 26))));

    /// <summary>Sentences that programs take for something else: a farewell, an option, a format, a header, blanks that may go.</summary>
    public static IReadOnlyList<string> Sentences { get; } = ["Bye bye~", "exit", "quit", "5", Format, "OK 0", "UPPER 3", " blanks  before, within and after \t ", @"a \n that is no line end"];

    /// <summary>A format of C's, which printf would not print as it is.</summary>
    public const string Format = "100%%, %5d and %s";

    /// <summary>Headers that are not of the form of part 2, each with what is wrong with it.</summary>
    public static IReadOnlyList<(string Header, string Fault)> MalformedHeaders { get; } =
    [
        ("\n", "an empty line"),
        ("UPPER\n", "no length"),
        ("UPPER \n", "an empty length"),
        (" 5\n", "no command"),
        ("5\n", "no command and no space"),
        ("upper 5\n", "small letters"),
        ("UPPEr 5\n", "a small letter"),
        ("UPP3R 5\n", "a digit in the command"),
        ("UPPER-X 5\n", "a hyphen in the command"),
        (" UPPER 5\n", "a leading space"),
        ("UPPER  5\n", "two spaces"),
        ("UPPER 5 \n", "a trailing space"),
        ("UPPER\t5\n", "a tab"),
        ("UPPER 5\r\n", "a CR"),
        ("UPPER 05\n", "a leading zero"),
        ("UPPER 00\n", "two zeros"),
        ("UPPER +5\n", "a plus sign"),
        ("UPPER -5\n", "a minus sign"),
        ("UPPER 5.0\n", "a decimal point"),
        ("UPPER 0x5\n", "a hexadecimal length"),
        ("UPPER 100000\n", "six digits"),
        ("UPPER five\n", "a length in words"),
        ("UPPER 5 5\n", "two lengths"),
        ("ABCDEFGHIJKLMNOPQ 5\n", "seventeen letters"),
        ("\0UPPER 5\n", "a NUL"),
        ("UPPER\u00a05\n", "a no-break space"),
        ("UPPER 5\0\n", "a NUL after the length"),
        ("UPPER 1_0\n", "an underscore in the length"),
        ("UPPER -0\n", "a minus sign before 0"),
        ("ABCDEFGHIJKLMNOPQRSTUVW", "23 bytes without LF"),
        ("ABCDEFGHIJKLMNOP 12345X\n", "LF as byte 24"),
    ];

    /// <summary>Messages that are of the form of part 2, requests and replies, for fuzzers to begin with.</summary>
    public static IReadOnlyList<string> LegalMessages { get; } =
    [
        "UPPER 5\nhello", "UPPER 0\n", "ADDR 0\n", "COUNT 0\n", "UPTIME 0\n", "NOSUCH 3\nabc", "COUNT 2\nxx", "UPPER 65535\n", "UPPER 65536\n",
        "A 0\n", "ABCDEFGHIJKLMNOP 12345\n", "ABCDEFGHIJKLMNOP 99999\n", "UPPER 5\nhelloADDR 0\nCOUNT 0\nUPPER 1\nx",
        "OK 0\n", "OK 5\nHELLO", "OK 65535\n", "ERR 15\nunknown command", "ERR 65535\n", "OK 15\n127.0.0.1:50000", "OK 19\n[2001:db8::7]:50000", "OK 8\n00:01:23",
    ];

    private static string Latin1OfUtf8(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
