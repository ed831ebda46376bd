// Part 2 rule by rule: which headers are legal, and that none is judged before clause 2.3 allows it.
using System.Text;

namespace EasyTcp.Protocol.Tests;

[TestFixture]
internal sealed class HeaderTests
{
    [TestCase("A 0\n", "A", 0)]
    [TestCase("Z 9\n", "Z", 9)]
    [TestCase("OK 0\n", "OK", 0)]
    [TestCase("ERR 17\n", "ERR", 17)]
    [TestCase("UPPER 65535\n", "UPPER", 65535)]
    [TestCase("UPPER 10000\n", "UPPER", 10000)]
    [TestCase("ABCDEFGHIJKLMNOP 12345\n", "ABCDEFGHIJKLMNOP", 12345, Description = "the longest header, 23 bytes")]
    public void A_legal_header_is_read(string text, string word, int length)
    {
        HeaderState state = Header.Read(Encoding.Latin1.GetBytes(text), out Header header);

        Assert.That(state, Is.EqualTo(HeaderState.Complete));
        Assert.That(Encoding.ASCII.GetString(header.Word), Is.EqualTo(word));
        Assert.That(header.PayloadLength, Is.EqualTo(length));
        Assert.That(header.Size, Is.EqualTo(text.Length));
    }

    [TestCase("UPPER 3\nabc")]
    [TestCase("UPPER 3\n\n\n\n")]
    [TestCase("UPPER 3\nUPPER 3\nabcUPPER 3\nabc")]
    public void What_follows_a_header_is_not_looked_at(string text)
    {
        Assert.That(Header.Read(Encoding.Latin1.GetBytes(text), out Header header), Is.EqualTo(HeaderState.Complete));
        Assert.That((header.PayloadLength, header.Size), Is.EqualTo((3, 8)));
    }

    // A length above the limit is still of the form of part 2: refusing it has an error of its own (clause 4.4).
    [TestCase("UPPER 65536\n", 65536)]
    [TestCase("NOSUCH 99999\n", 99999)]
    public void A_length_above_the_limit_is_well_formed(string text, int length)
    {
        Assert.That(Header.Read(Encoding.Latin1.GetBytes(text), out Header header), Is.EqualTo(HeaderState.Complete));
        Assert.That(header.PayloadLength, Is.EqualTo(length));
    }

    [TestCase("\n", Description = "nothing")]
    [TestCase(" \n", Description = "a space alone")]
    [TestCase(" 5\n", Description = "no word")]
    [TestCase("UPPER\n", Description = "no space")]
    [TestCase("UPPER \n", Description = "no length")]
    [TestCase("UPPER5\n", Description = "no space before the length")]
    [TestCase("upper 5\n", Description = "small letters")]
    [TestCase("UPPEr 5\n", Description = "one small letter")]
    [TestCase("UPPER2 5\n", Description = "a digit in the word")]
    [TestCase("UP-PER 5\n", Description = "a hyphen in the word")]
    [TestCase("@ 5\n", Description = "the byte below A")]
    [TestCase("[ 5\n", Description = "the byte above Z")]
    [TestCase("\u00C0 5\n", Description = "a letter of Latin-1")]
    [TestCase("ABCDEFGHIJKLMNOPQ 5\n", Description = "17 letters")]
    [TestCase(" UPPER 5\n", Description = "a space in front")]
    [TestCase("UPPER  5\n", Description = "two spaces")]
    [TestCase("UPPER 5 \n", Description = "a space at the end")]
    [TestCase("UPPER\t5\n", Description = "a tab for the space")]
    [TestCase("UPPER 5\r\n", Description = "CR LF")]
    [TestCase("UPPER 00\n", Description = "two zeros")]
    [TestCase("UPPER 05\n", Description = "a leading zero")]
    [TestCase("UPPER 100000\n", Description = "six digits")]
    [TestCase("UPPER -1\n", Description = "a minus")]
    [TestCase("UPPER +1\n", Description = "a plus")]
    [TestCase("UPPER 1.0\n", Description = "a point")]
    [TestCase("UPPER 0x1\n", Description = "hexadecimal")]
    [TestCase("UPPER /\n", Description = "the byte below 0")]
    [TestCase("UPPER :\n", Description = "the byte above 9")]
    [TestCase("UPPER \u00B2\n", Description = "a digit of Latin-1")]
    [TestCase("UPPER 5 5\n", Description = "two lengths")]
    [TestCase("UPPER 5\0\n", Description = "a NUL")]
    public void A_header_of_another_form_is_malformed(string text)
    {
        Assert.That(Header.Read(Encoding.Latin1.GetBytes(text), out Header header), Is.EqualTo(HeaderState.Malformed));
        Assert.That(header.Size, Is.Zero, "a malformed header tells nothing");
    }

    // Hopeless ones too: clause 2.3 sets one moment for the judgement, whatever the bytes are.
    [TestCase("UPPER 65535")]
    [TestCase("nonsense, and clearly so")]
    [TestCase("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [TestCase("UPPER 0000000000000000000000")]
    [TestCase("ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    public void Nothing_is_judged_before_its_line_feed_or_23_bytes(string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        for (int count = 0; count <= bytes.Length; count++)
        {
            HeaderState expected = count < 23 ? HeaderState.Incomplete : HeaderState.Malformed;
            Assert.That(Header.Read(bytes.AsSpan(0, count), out _), Is.EqualTo(expected), $"{count} bytes");
        }
    }

    [Test]
    public void A_line_feed_after_23_bytes_comes_too_late()
    {
        Assert.That(Header.Read("ABCDEFGHIJKLMNOP 12345\n"u8, out _), Is.EqualTo(HeaderState.Complete));
        Assert.That(Header.Read("ABCDEFGHIJKLMNOP 123456\n"u8, out _), Is.EqualTo(HeaderState.Malformed));
    }

    [TestCase("OK", 0, "OK 0\n")]
    [TestCase("ERR", 16, "ERR 16\n")]
    [TestCase("OK", 65535, "OK 65535\n")]
    [TestCase("ABCDEFGHIJKLMNOP", 65535, "ABCDEFGHIJKLMNOP 65535\n")]
    public void A_header_is_written_to_the_front_of_its_room(string word, int length, string expected)
    {
        byte[] room = new byte[Wire.MaxHeader + 5];
        Array.Fill(room, (byte)'#');

        int size = Header.Write(room, Encoding.ASCII.GetBytes(word), length);

        Assert.That(Encoding.ASCII.GetString(room), Is.EqualTo(expected.PadRight(room.Length, '#')));
        Assert.That(size, Is.EqualTo(expected.Length));
    }

    [Test]
    public void A_room_that_is_too_short_is_refused()
    {
        Assert.That(() => Header.Write(new byte[1], "OK"u8, 0), Throws.ArgumentException);
        Assert.That(() => Header.Write(new byte[5], "OK"u8, 65535), Throws.ArgumentException);
    }
}
