// Every place at which a stream of messages can be cut, found and named.
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class MessageSequenceTests
{
    private static readonly MessageSequence Requests = new("request", ["UPPER 5\nhello", "ADDR 0\n", "bad\n"]);

    [Test]
    public void Every_position_is_there_and_both_ends() =>
        Assert.That(Requests.Positions, Is.EqualTo(Enumerable.Range(0, "UPPER 5\nhelloADDR 0\nbad\n".Length + 1)));

    [Test]
    public void Edges_lie_around_each_token() =>
        // UP|PER| |5|\n|he|llo| AD|DR| |0|\n| b|ad|\n|
        Assert.That(Requests.TokenEdges, Is.EqualTo([0, 2, 5, 6, 7, 8, 10, 13, 15, 17, 18, 19, 20, 21, 23, 24]));

    [TestCase(0, 0)]
    [TestCase(12, 0)]
    [TestCase(13, 1)]
    [TestCase(19, 1)]
    [TestCase(20, 2)]
    [TestCase(24, 3)]
    public void Only_whole_messages_count(int position, int whole) => Assert.That(Requests.WholeWithin(position), Is.EqualTo(whole));

    [TestCase(0, "byte 0 of 24, before request 1 (UPPER 5)")]
    [TestCase(3, "byte 3 of 24, in the header of request 1 (UPPER 5), which is after 'UPP'")]
    [TestCase(8, "byte 8 of 24, right behind the header of request 1 (UPPER 5), which is after 'UPPER 5\\n'")]
    [TestCase(12, "byte 12 of 24, in the payload of request 1 (UPPER 5), which is after 'UPPER 5\\nhell'")]
    [TestCase(13, "byte 13 of 24, between request 1 (UPPER 5) and request 2 (ADDR 0), which is after 'UPPER 5\\nhello'")]
    [TestCase(23, "byte 23 of 24, in the header of request 3 (bad), which is after 'UPPER 5\\nhelloADDR 0\\nbad'")]
    [TestCase(24, "byte 24 of 24, behind request 3 (bad), the last, which is after 'UPPER 5\\nhelloADDR 0\\nbad\\n'")]
    public void A_position_is_told_by_what_it_cuts(int position, string words) => Assert.That(Requests.Describe(position), Is.EqualTo(words));
}
