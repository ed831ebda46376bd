// UPPER against a plain loop: every byte, at every place that a vector or its remainder can have it (clause 3.1).
using System.Numerics;
using System.Text;
using CsCheck;

namespace EasyTcp.Protocol.Tests;

[TestFixture]
internal sealed class UpperCaseTests
{
    private const byte Untouched = 0xA5;

    // Two vectors and their remainders, one byte more and one byte less included.
    private static readonly int Longest = (Vector<byte>.Count * 2) + 2;

    [Test]
    public void Each_byte_is_right_at_each_place_of_each_length()
    {
        for (int length = 0; length <= Longest; length++)
        {
            for (int place = 0; place < length; place++)
            {
                for (int each = 0; each <= byte.MaxValue; each++)
                {
                    byte[] source = new byte[length];
                    source[place] = (byte)each;
                    if (!Copied(source).AsSpan().SequenceEqual(ByLoop(source)))
                    {
                        Assert.Fail($"byte 0x{each:X2} at place {place} of {length}");
                    }
                }
            }
        }
    }

    [Test]
    public void All_bytes_together_are_right_from_each_start()
    {
        byte[] all = [.. Enumerable.Range(0, 512).Select(each => (byte)each)];
        for (int start = 0; start <= 256; start++)
        {
            Assert.That(Copied(all.AsSpan(start, 256)), Is.EqualTo(ByLoop(all.AsSpan(start, 256))), $"from {start} on");
        }
    }

    [Test]
    public void Random_texts_are_right() =>
        Gen.Byte.Array[0, 300].Sample(source => Copied(source).AsSpan().SequenceEqual(ByLoop(source)), iter: 5_000);

    [TestCase("hello, world", "HELLO, WORLD")]
    [TestCase("`az{@AZ[", "`AZ{@AZ[")]
    [TestCase("\u00E4\u00FF\u00B5", "\u00E4\u00FF\u00B5", Description = "letters of Latin-1 are bytes like any other")]
    public void Only_a_to_z_change(string text, string expected) =>
        Assert.That(Encoding.Latin1.GetString(Copied(Encoding.Latin1.GetBytes(text))), Is.EqualTo(expected));

    [Test]
    public void The_source_and_the_room_behind_stay_as_they_were()
    {
        byte[] source = [.. Enumerable.Repeat((byte)'x', Longest)];
        byte[] room = [.. Enumerable.Repeat(Untouched, Longest + Vector<byte>.Count)];

        UpperCase.Copy(source, room);

        Assert.That(source, Is.All.EqualTo((byte)'x'));
        Assert.That(room[..Longest], Is.All.EqualTo((byte)'X'));
        Assert.That(room[Longest..], Is.All.EqualTo(Untouched));
    }

    [Test]
    public void A_destination_that_is_too_short_is_refused_and_stays_as_it_was()
    {
        byte[] room = [.. Enumerable.Repeat(Untouched, Longest - 1)];

        Assert.That(() => UpperCase.Copy(new byte[Longest], room), Throws.ArgumentException);
        Assert.That(room, Is.All.EqualTo(Untouched));
    }

    private static byte[] Copied(ReadOnlySpan<byte> source)
    {
        byte[] copy = new byte[source.Length];
        UpperCase.Copy(source, copy);
        return copy;
    }

    private static byte[] ByLoop(ReadOnlySpan<byte> source)
    {
        byte[] upper = source.ToArray();
        for (int at = 0; at < upper.Length; at++)
        {
            if (upper[at] >= 0x61 && upper[at] <= 0x7A)
            {
                upper[at] -= 0x20;
            }
        }

        return upper;
    }
}
