// The suite's own codec, against the text of part 2.
using System.Text;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class WireTextTests
{
    [TestCase("A 0\n", "A", 0)]
    [TestCase("OK 65535\n", "OK", 65535)]
    [TestCase("ABCDEFGHIJKLMNOP 99999\n", "ABCDEFGHIJKLMNOP", 99999)]
    public void A_legal_header_is_read(string line, string word, int length) =>
        Assert.That(WireText.ReadHeader(line), Is.EqualTo((word, length)));

    [TestCase("")]
    [TestCase("\n")]
    [TestCase("OK 1")]
    [TestCase("OK 1\n\n")]
    [TestCase("\nOK 1\n")]
    [TestCase("OK 00\n")]
    [TestCase("OK 01\n")]
    [TestCase("OK 100000\n")]
    [TestCase("OK  1\n")]
    [TestCase("OK 1 \n")]
    [TestCase("OK 1\r\n")]
    [TestCase("ok 1\n")]
    [TestCase(" 1\n")]
    [TestCase("ABCDEFGHIJKLMNOPQ 1\n")]
    [TestCase("OK \u0661\n", Description = "a digit, but not ASCII's")]
    public void Another_form_is_none(string line) => Assert.That(WireText.ReadHeader(line), Is.Null);

    [Test]
    public void A_request_is_written_with_its_length_in_bytes()
    {
        Assert.That(Encoding.Latin1.GetString(WireText.Request("UPPER", "h\u00E9\n")), Is.EqualTo("UPPER 3\nh\u00E9\n"));
        Assert.That(Encoding.Latin1.GetString(WireText.Request("COUNT")), Is.EqualTo("COUNT 0\n"));
        Assert.That(Encoding.Latin1.GetString(WireText.Reply("ERR", "unknown command")), Is.EqualTo("ERR 15\nunknown command"));
    }

    [Test]
    public void Upper_case_is_that_of_clause_3_1()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(each => (byte)each)];

        byte[] upper = WireText.Upper(all);

        for (int each = 0; each < 256; each++)
        {
            int expected = "abcdefghijklmnopqrstuvwxyz".Contains((char)each, StringComparison.Ordinal) ? each - 32 : each;
            Assert.That(upper[each], Is.EqualTo(expected), $"byte {each}");
        }
    }
}
