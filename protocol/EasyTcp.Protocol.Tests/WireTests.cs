// The words of the protocol, letter by letter: a typing error here would make every C# program agree on it.
using System.Text;

namespace EasyTcp.Protocol.Tests;

[TestFixture]
internal sealed class WireTests
{
    [Test]
    public void The_limits_are_those_of_clauses_2_1_and_2_2() =>
        Assert.That((Wire.MaxHeader, Wire.MaxPayload), Is.EqualTo((23, 65535)));

    [Test]
    public void The_words_are_those_of_parts_2_to_4()
    {
        string words = string.Join('|', new[]
        {
            Text(Wire.Ok), Text(Wire.Err), Text(Wire.Upper), Text(Wire.Addr), Text(Wire.Count), Text(Wire.Uptime),
            Text(Wire.UnknownCommand), Text(Wire.UnexpectedPayload), Text(Wire.MalformedHeader), Text(Wire.PayloadTooLarge),
        });

        Assert.That(words, Is.EqualTo("OK|ERR|UPPER|ADDR|COUNT|UPTIME|unknown command|unexpected payload|malformed header|payload too large"));
    }

    private static string Text(ReadOnlySpan<byte> word) => Encoding.ASCII.GetString(word);
}
