// Addresses as clause 3.2 writes them: RFC 5952, no zone, IPv4-mapped IPv6 as IPv4; and that no other form is read.
using System.Net;
using System.Text;
using CsCheck;

namespace EasyTcp.Protocol.Tests;

[TestFixture]
internal sealed class AddressTextTests
{
    // On the left any notation, on the right the one that RFC 5952 leaves.
    [TestCase("203.0.113.7", "203.0.113.7:50000")]
    [TestCase("0.0.0.0", "0.0.0.0:50000")]
    [TestCase("255.255.255.255", "255.255.255.255:50000")]
    [TestCase("2001:db8::7", "[2001:db8::7]:50000")]
    [TestCase("::", "[::]:50000")]
    [TestCase("::1", "[::1]:50000")]
    [TestCase("1::", "[1::]:50000")]
    [TestCase("2001:0db8::0001", "[2001:db8::1]:50000", Description = "4.1: no leading zeros")]
    [TestCase("2001:db8:0:0:0:0:2:1", "[2001:db8::2:1]:50000", Description = "4.2.1: shortened as much as possible")]
    [TestCase("2001:db8:0:1:1:1:1:1", "[2001:db8:0:1:1:1:1:1]:50000", Description = "4.2.2: not for one field")]
    [TestCase("2001:0:0:1:0:0:0:1", "[2001:0:0:1::1]:50000", Description = "4.2.3: the longest run")]
    [TestCase("2001:db8:0:0:1:0:0:1", "[2001:db8::1:0:0:1]:50000", Description = "4.2.3: the first of two alike")]
    [TestCase("2001:DB8::ABCD", "[2001:db8::abcd]:50000", Description = "4.3: small letters")]
    [TestCase("0:0:1:0:0:0:0:0", "[0:0:1::]:50000")]
    [TestCase("::ffff:192.0.2.1", "192.0.2.1:50000", Description = "IPv4-mapped")]
    [TestCase("::ffff:0.0.0.0", "0.0.0.0:50000", Description = "IPv4-mapped")]
    [TestCase("::192.0.2.1", "[::192.0.2.1]:50000", Description = "IPv4-compatible: inet_ntop writes it so as well")]
    [TestCase("fe80::5efe:192.0.2.1", "[fe80::5efe:c000:201]:50000", Description = "ISATAP, where .NET alone writes an IPv4 address")]
    [TestCase("1:0:0:2:0:5efe:c000:201", "[1::2:0:5efe:c000:201]:50000", Description = "ISATAP")]
    [TestCase("1:2:3:4:0:5efe:c000:201", "[1:2:3:4:0:5efe:c000:201]:50000", Description = "ISATAP; 4.2.2: not for one field")]
    [TestCase("0:0:1:0:0:5efe:0:1", "[::1:0:0:5efe:0:1]:50000", Description = "ISATAP; 4.2.3: the first of two alike")]
    [TestCase("1:0:2:0:0:5efe:0:0", "[1:0:2::5efe:0:0]:50000", Description = "ISATAP; 4.2.3: the longest run")]
    [TestCase("fe80::1%3", "[fe80::1]:50000", Description = "with a zone")]
    [TestCase("fe80::aaaa:bbbb%4294967295", "[fe80::aaaa:bbbb]:50000", Description = "with a zone")]
    public void An_endpoint_is_written_the_one_way(string address, string expected) =>
        Assert.That(AddressText.Of(new IPEndPoint(IPAddress.Parse(address), 50000)), Is.EqualTo(expected));

    [TestCase("203.0.113.7:50000", "203.0.113.7", 50000)]
    [TestCase("127.0.0.1:1", "127.0.0.1", 1)]
    [TestCase("[::1]:65535", "::1", 65535)]
    [TestCase("[2001:db8::7]:50000", "2001:db8::7", 50000)]
    public void The_canonical_form_is_read(string text, string address, int port)
    {
        Assert.That(AddressText.TryRead(Encoding.Latin1.GetBytes(text), out IPAddress readAddress, out int readPort), Is.True);
        Assert.That((readAddress, readPort), Is.EqualTo((IPAddress.Parse(address), port)));
    }

    [TestCase("")]
    [TestCase(":")]
    [TestCase(":80")]
    [TestCase("203.0.113.7", Description = "no port")]
    [TestCase("203.0.113.7:", Description = "an empty port")]
    [TestCase("203.0.113.7:0", Description = "nobody connects from port 0")]
    [TestCase("203.0.113.7:080", Description = "a leading zero")]
    [TestCase("203.0.113.7:65536", Description = "no port is that high")]
    [TestCase("203.0.113.7:-1")]
    [TestCase("203.0.113.7:+1")]
    [TestCase("203.0.113.7: 1")]
    [TestCase("203.0.113.7:1 ")]
    [TestCase(" 203.0.113.7:1")]
    [TestCase("203.0.113.7:1\n")]
    [TestCase("203.0.113.007:1", Description = "a leading zero")]
    [TestCase("0xCB.0.113.7:1", Description = "hexadecimal")]
    [TestCase("203.0.113:1", Description = "three parts")]
    [TestCase("3405803783:1", Description = "one number")]
    [TestCase("256.0.113.7:1")]
    [TestCase("[203.0.113.7]:1", Description = "brackets around IPv4")]
    [TestCase("localhost:1", Description = "a name")]
    [TestCase("::1", Description = "no brackets, no port")]
    [TestCase("[::1]", Description = "no port")]
    [TestCase("[::1]1")]
    [TestCase("[::1]:0")]
    [TestCase("[::1]:01")]
    [TestCase("[::1]:65536")]
    [TestCase("[0:0:0:0:0:0:0:1]:1", Description = "not shortened")]
    [TestCase("[2001:DB8::7]:1", Description = "capital letters")]
    [TestCase("[2001:0db8::7]:1", Description = "a leading zero")]
    [TestCase("[2001:db8::1:0:0:0:1]:1", Description = "the shorter run")]
    [TestCase("[::ffff:192.0.2.1]:1", Description = "IPv4-mapped")]
    [TestCase("[fe80::1%3]:1", Description = "a zone")]
    [TestCase("[fe80::1%eth0]:1", Description = "a zone")]
    [TestCase("203.0.113.7:1\u00E9", Description = "a byte above ASCII")]
    [TestCase("\0")]
    public void No_other_form_is_read(string text)
    {
        Assert.That(AddressText.TryRead(Encoding.Latin1.GetBytes(text), out IPAddress address, out int port), Is.False);
        Assert.That((address, port), Is.EqualTo((IPAddress.None, 0)), "what was not read tells nothing");
    }

    [Test]
    public void What_is_written_is_read_back() =>
        Gen.Select(AnyAddress(), Gen.Int[1, 65535]).Sample((address, port) =>
        {
            byte[] text = Encoding.ASCII.GetBytes(AddressText.Of(new IPEndPoint(address, port)));
            return AddressText.TryRead(text, out IPAddress readAddress, out int readPort) &&
                readPort == port && readAddress.MapToIPv6().Equals(address.MapToIPv6());
        }, iter: 10_000);

    [Test]
    public void Any_bytes_are_read_or_refused_but_never_an_exception() =>
        Gen.OneOf(Gen.Byte.Array[0, 60], Gen.OneOf([.. "[]:.%019af"u8]).Array[0, 30]).Sample(text =>
            !AddressText.TryRead(text, out IPAddress address, out int port) ||
            AddressText.Of(new IPEndPoint(address, port)).Length == text.Length, iter: 20_000);

    // With many zero fields, as there are the rules that RFC 5952 is about.
    private static Gen<IPAddress> AnyAddress() => Gen.OneOf(
        Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes)),
        Gen.Select(Gen.Byte.Array[16], Gen.Int[0, 255]).Select((bytes, zeros) =>
        {
            for (int field = 0; field < 8; field++)
            {
                if ((zeros >> field & 1) != 0)
                {
                    (bytes[2 * field], bytes[(2 * field) + 1]) = (0, 0);
                }
            }

            return new IPAddress(bytes);
        }));
}
