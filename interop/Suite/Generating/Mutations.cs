// Requests that are nearly right: what is put into a legal one to make it another, by the parts of the grammar.
using System.Globalization;
using CsCheck;

namespace EasyTcp.Interop.Generating;

/// <summary>A way to go wrong.</summary>
/// <param name="Name">What is wrong with the request.</param>
/// <param name="Requests">Requests that are wrong in that way, as Latin-1. Whether such a one is legal after all, the model knows.</param>
internal sealed record Mutation(string Name, Gen<string> Requests);

internal static class Mutations
{
    private static readonly Gen<string> Known = Gen.OneOf("UPPER", "ADDR", "COUNT", "UPTIME");

    private static readonly Gen<string> Word = Gen.Char['A', 'Z'].Array[1, 16].Select(letters => new string(letters));

    private static readonly Gen<string> Command = Gen.Frequency((3, Known), (1, Word));

    private static readonly Gen<string> Longest = Gen.Char['A', 'Z'].Array[16].Select(letters => new string(letters));

    // Neighbours of letters and digits, and bytes that a parser may trip over.
    private static readonly Gen<char> NoLetter = Gen.Char["@[`{019-_.\0\t\u00c1\u00e9\u00ff"];

    private static readonly Gen<int> Length = Gen.OneOf(Gen.Int[0, 20], Gen.Int[0, 999], Gen.Int[0, 99_999]);

    /// <summary>All ways.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("a small letter in the command", Gen.Select(Gen.OneOf(Gen.Select(Command, Length), Gen.Select(Longest, Gen.Int[10_000, 99_999])), Gen.Int[0, 15], (right, at) =>
        {
            (string word, int length) = right;
            return Header(Changed(word, at, char.ToLowerInvariant(word[at % word.Length])), length);
        })),
        new("another byte in the command", Gen.Select(Command, Gen.Int[0, 15], NoLetter, Length, (word, at, put, length) => Header(Changed(word, at, put), length))),
        new("no command", Length.Select(length => Header("", length))),
        new("a command of more than sixteen letters", Gen.Select(Gen.Char['A', 'Z'].Array[17, 24], Length, (letters, length) => Header(new string(letters), length))),
        new("no space", Gen.Select(Command, Length, (word, length) => Header(word, length).Remove(word.Length, 1))),
        new("another separator", Gen.Select(Command, Gen.OneOf("  ", "\t", ":", "\u00a0", " \t", ", ", "\0", "\r"), Length, (word, put, length) => Line($"{word}{put}{Digits(length)}"))),
        new("a space before or after", Gen.Select(Command, Length, Gen.Bool, (word, length, before) => before ? Line($" {word} {Digits(length)}") : Line($"{word} {Digits(length)} "))),
        new("leading zeros", Gen.Select(Command, Gen.Int[1, 4], Length, (word, zeros, length) => Line($"{word} {new string('0', zeros)}{Digits(length)}"))),
        new("five digits, the first of them zero", Gen.Select(Command, Gen.Int[0, 9999], (word, length) => Line(string.Create(CultureInfo.InvariantCulture, $"{word} {length:00000}")))),
        new("six digits", Gen.Select(Command, Gen.Int[100_000, 999_999], (word, length) => Header(word, length))),
        new("more digits than a number holds", Gen.Select(Gen.OneOf("U", "UP", "ADDR"), Gen.OneOf("4294967296", "4294967301", "18446744073709551616"), (word, digits) => Line($"{word} {digits}"))),
        new("a sign", Gen.Select(Command, Gen.Char["+-"], Length, (word, sign, length) => Line($"{word} {sign}{Digits(length)}"))),
        new("no digits", Gen.Select(Command, Gen.OneOf("", " "), (word, space) => Line(word + space))),
        new("another byte in the length", Gen.Select(Command, Gen.Int[0, 4], Gen.Char["aAxX./:, \0\u00b2\u00e9"], Length, (word, at, put, length) => Line($"{word} {Changed(Digits(length), at, put)}"))),
        new("a second length", Gen.Select(Command, Length, (word, length) => Line($"{word} {Digits(length)} {Digits(length)}"))),
        new("a CR before the LF", Gen.Select(Command, Length, (word, length) => Line($"{word} {Digits(length)}\r"))),
        new("another end of line", Gen.Select(Command, Gen.Int[0, 30], Gen.Char["\r\0 ;\u0085"], (word, length, end) => $"{word} {Digits(length)}{end}{Letters(length)}")),
        new("an empty line", Gen.Const("\n")),
        new("no LF in the longest header's bytes", Gen.Select(Gen.Char["AZ 019az"].Array[23, 40], letters => new string(letters))),
        new("the LF one byte late", Gen.Select(Longest, Gen.Int[10_000, 99_999], Gen.Char["0 A\r"], (word, length, put) => Line($"{word} {Digits(length)}{put}"))),
        new("a length above 65535", Gen.Select(Gen.OneOf(Command, Longest), Gen.OneOf(Gen.Const(65_536), Gen.Int[65_536, 99_999]), (word, length) => Header(word, length))),
        new("a payload to a question", Gen.Select(Gen.OneOf("ADDR", "COUNT", "UPTIME"), Gen.OneOf(Gen.Int[1, 3], Gen.Int[1, 2000]), (word, length) => Header(word, length) + Letters(length))),
        new("an unknown command close to a known one", Gen.Select(Known, Gen.OneOf(Gen.Int[0, 9], Gen.Int[0, 400]), Gen.Int[0, 5], Gen.Char['A', 'Z'], Gen.Int[0, 3], (word, length, at, put, how) =>
        {
            string near = how switch { 0 => word[..^1], 1 => word + put, 2 => word + word, _ => word.Insert(at % word.Length, put.ToString()) };
            return Header(near, length) + Letters(length);
        })),
        new("a length that is one too small", Gen.Select(Known, Gen.Int[1, 30], (word, length) => Header(word, length - 1) + Letters(length))),
        new("a length that is too large", Gen.Select(Known, Gen.Int[1, 30], Gen.Int[0, 30], (word, length, lacking) => Header(word, length) + Letters(Math.Max(0, length - lacking)))),
        new("cut short", Gen.Select(Command, Gen.Int[1, 30], Gen.Int[1, 50], (word, length, cut) =>
        {
            string whole = Header(word, length) + Letters(length);
            return whole[..Math.Min(cut, whole.Length - 1)];
        })),
        new("a byte changed, put in or taken out anywhere", Gen.Select(Command, Gen.Int[0, 20], Gen.Int[0, 40], Gen.Char["AZaz019 \n\r\0\u00ff"], Gen.Int[0, 2], (word, length, place, put, how) =>
        {
            string header = Header(word, length);
            int at = place % header.Length;
            return (how == 0 ? Changed(header, at, put) : how == 1 ? header.Insert(at, put.ToString()) : header.Remove(at, 1)) + Letters(length);
        })),
    ];

    /// <summary>A legal header.</summary>
    public static string Header(string command, int length) => Line($"{command} {Digits(length)}");

    private static string Line(string header) => header + "\n";

    private static string Digits(int length) => length.ToString(CultureInfo.InvariantCulture);

    private static string Changed(string text, int at, char put) => string.Concat(text.Select((each, i) => i == at % text.Length ? put : each));

    private static string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(i => (char)('a' + (i % 26))));
}
