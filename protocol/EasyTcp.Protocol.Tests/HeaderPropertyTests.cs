// The header's reader against an independent one, a regular expression, on very many inputs.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;

namespace EasyTcp.Protocol.Tests;

[TestFixture]
internal sealed partial class HeaderPropertyTests
{
    private const long Many = 20_000;

    private static readonly Gen<string> Word = Gen.Char['A', 'Z'].Array[1, 16].Select(letters => new string(letters));

    // Bytes that headers are made of, and the neighbours that a wrong bound would let in.
    private static readonly Gen<char> Telling = Gen.OneOf([.. "AMZ@[az`{ \n\r\t0159/:+-.\0\u00C0\u00FF"]);

    // Legal headers with a few bytes put in, taken out or changed: far more of them are nearly right than random bytes.
    private static readonly Gen<string> NearlyLegal = Gen.Select(Word, Gen.Int[0, 120_000],
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 30], Telling).Array[0, 3], Telling.Array[0, 12], (word, length, changes, rest) =>
        {
            var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{word} {length}\n"));
            foreach ((int kind, int place, char put) in changes)
            {
                int at = place % (text.Length + 1);
                if (kind > 0 && at < text.Length)
                {
                    text.Remove(at, 1);
                }

                if (kind < 2)
                {
                    text.Insert(at, put);
                }
            }

            return text.Append(rest).ToString();
        });

    [Test]
    public void What_is_written_is_read_back() =>
        Gen.Select(Word, Gen.Int[0, 99_999], Gen.Byte.Array[0, 40]).Sample((word, length, rest) =>
        {
            byte[] bytes = new byte[Wire.MaxHeader];
            int size = Header.Write(bytes, Encoding.ASCII.GetBytes(word), length);
            HeaderState state = Header.Read([.. bytes.AsSpan(0, size), .. rest], out Header header);
            return state == HeaderState.Complete && header.Size == size && header.PayloadLength == length &&
                string.Equals(Encoding.ASCII.GetString(header.Word), word, StringComparison.Ordinal);
        }, iter: Many);

    [Test]
    public void Any_bytes_are_judged_as_the_grammar_says() =>
        Gen.Byte.Array[0, 60].Sample(IsJudgedRight, iter: Many);

    [Test]
    public void Telling_bytes_are_judged_as_the_grammar_says() =>
        Telling.Array[0, 40].Sample(text => IsJudgedRight(Encoding.Latin1.GetBytes(text)), iter: Many);

    [Test]
    public void Nearly_legal_headers_are_judged_as_the_grammar_says() =>
        NearlyLegal.Sample(text => IsJudgedRight(Encoding.Latin1.GetBytes(text)), iter: 5 * Many);

    // A judgement once made must not change because more bytes came: where a piece ends means nothing (clause 1.3).
    [Test]
    public void A_judgement_holds_whatever_follows() =>
        NearlyLegal.Sample(text =>
        {
            byte[] bytes = Encoding.Latin1.GetBytes(text);
            HeaderState judged = HeaderState.Incomplete;
            for (int count = 0; count <= bytes.Length; count++)
            {
                HeaderState state = Header.Read(bytes.AsSpan(0, count), out _);
                if (judged != HeaderState.Incomplete && state != judged)
                {
                    return false;
                }

                judged = state;
            }

            return true;
        }, iter: Many);

    private static bool IsJudgedRight(byte[] bytes)
    {
        string front = Encoding.Latin1.GetString(bytes.AsSpan(0, Math.Min(23, bytes.Length)));
        Match match = Form().Match(front);
        HeaderState expected = match.Success ? HeaderState.Complete
            : front.Length == 23 || front.Contains('\n', StringComparison.Ordinal) ? HeaderState.Malformed
            : HeaderState.Incomplete;

        HeaderState state = Header.Read(bytes, out Header header);
        return state == expected && (state != HeaderState.Complete ||
            (header.Size == match.Length &&
            string.Equals(Encoding.Latin1.GetString(header.Word), match.Groups[1].Value, StringComparison.Ordinal) &&
            header.PayloadLength == int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"\A([A-Z]{1,16}) (0|[1-9][0-9]{0,4})\n", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
