// wire.pcapng, read back block by block: what a tool for captures relies on. (Suite.ToolTests lets one read it.)
using System.Buffers.Binary;
using System.Text;
using EasyTcp.Interop.Evidence;
using PacketDotNet;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class CaptureFileTests
{
    private const uint EnhancedPacket = 6;

    [Test]
    public void Blocks_are_whole_and_the_section_says_who_wrote_it()
    {
        (uint Type, byte[] Body)[] blocks = Blocks(Samples.Evidence(Conversation()));

        Assert.That(blocks.Select(block => block.Type).Distinct(), Is.EqualTo(new uint[] { 0x0A0D0D0A, 1, EnhancedPacket }));
        Assert.That(Options(blocks[0].Body.AsSpan(16)), Has.Member((4, "EasyTcp interop")));
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(blocks[1].Body), Is.EqualTo(101), "raw IP");
    }

    [TestCase("127.0.0.1:40000", "127.0.0.1:12000", 4)]
    [TestCase("[::1]:40000", "[::1]:12000", 6)]
    [TestCase("[::ffff:10.0.0.1]:40000", "10.0.0.2:12000", 4)]
    [TestCase("10.0.0.1:40000", "[2001:db8::1]:12000", 6)]
    public void Checksums_are_right_in_both_versions_of_IP(string client, string server, int version)
    {
        foreach (Packet packet in Packets(Conversation() with { ClientAddress = client, ServerAddress = server }))
        {
            IPPacket ip = packet.Extract<IPPacket>();
            Assert.That((int)ip.Version, Is.EqualTo(version));
            Assert.That(Sum(PseudoHeader(ip).Concat(packet.Extract<TcpPacket>().Bytes)), Is.EqualTo(0xFFFF));
            if (ip is IPv4Packet old)
            {
                Assert.That(Sum(old.HeaderData), Is.EqualTo(0xFFFF));
            }
        }
    }

    [Test]
    public void Numbers_and_acknowledgements_follow_what_was_said()
    {
        TcpPacket[] all = [.. Packets(Conversation()).Select(packet => packet.Extract<TcpPacket>())];

        Assert.That(all[0].Synchronize && !all[0].Acknowledgment && all[1].Synchronize && all[1].Acknowledgment, Is.True, "the handshake");
        var next = new Dictionary<ushort, uint> { [all[0].SourcePort] = all[0].SequenceNumber, [all[1].SourcePort] = all[1].SequenceNumber };
        foreach (TcpPacket tcp in all)
        {
            Assert.That(tcp.SequenceNumber, Is.EqualTo(next[tcp.SourcePort]));
            Assert.That(tcp.AcknowledgmentNumber, Is.EqualTo(tcp.Acknowledgment ? next[tcp.DestinationPort] : 0));
            next[tcp.SourcePort] += (uint)(tcp.PayloadData?.Length ?? 0) + (tcp.Synchronize || tcp.Finished ? 1u : 0u);
        }

        Assert.That(all.Where(tcp => tcp.SourcePort == 40000).SelectMany(tcp => tcp.PayloadData ?? []), Is.EqualTo(Conversation().Pieces.Where(piece => !piece.IsReply).SelectMany(piece => piece.Bytes)));
        Assert.That(all.Count(tcp => tcp.Finished), Is.EqualTo(1));
        Assert.That(all[^1].Reset, Is.True);
    }

    [Test]
    public void Times_are_those_of_the_pieces_on_the_wall_clock()
    {
        ulong[] times = [.. Frames(Samples.Evidence(Conversation())).Select(block => ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(4)) << 32) + BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(8)))];

        Assert.That(times, Is.Ordered);
        Assert.That(times, Has.Member(1_700_000_001_250_001_000));
        Assert.That(times[0], Is.EqualTo(1_700_000_000_750_000_000), "opened");
    }

    [Test]
    public void A_violation_is_a_comment_of_the_frame_that_holds_its_byte()
    {
        ConnectionEvidence connection = Conversation() with { Violations = [new ViolationEvidence(true, 5, "3.1", "not upper"), new ViolationEvidence(false, 999_999, "1.4", "not ended")] };

        (int Frame, string Text)[] comments = [.. Frames(Samples.Evidence(connection)).SelectMany((block, frame) =>
            Options(block.AsSpan(20 + ((BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(12)) + 3) & ~3))).Where(option => option.Code == 1).Select(option => (frame, option.Text)))];

        TcpPacket[] all = [.. Packets(connection).Select(packet => packet.Extract<TcpPacket>())];
        int reply = Array.FindIndex(all, tcp => tcp.SourcePort == 12000 && tcp.PayloadData?.Length > 0);
        Assert.That(comments, Is.EqualTo(new[] { (reply, "clause 3.1: not upper"), (Array.FindIndex(all, tcp => tcp.Finished), "clause 1.4: not ended") }));
    }

    [Test]
    public void A_connection_that_is_cut_short_has_no_end()
    {
        Assert.That(Packets(Conversation() with { IsCutShort = true }).Select(packet => packet.Extract<TcpPacket>()).Any(tcp => tcp.Finished || tcp.Reset), Is.False);
    }

    // A piece larger than a packet, and an end of each kind.
    private static ConnectionEvidence Conversation() => Samples.Connection(
        Samples.Piece(1.000001, false, 0, "UPPER 65530\n"), Samples.Piece(1.1, false, 12, new string('a', 65530)), Samples.Piece(2, true, 0, "OK 65530\n" + new string('A', 3))) with
    {
        Ends = [new EndEvidence(3, false, false), new EndEvidence(3, true, true)],
    };

    private static IEnumerable<Packet> Packets(ConnectionEvidence connection) => Frames(Samples.Evidence(connection))
        .Select(block => Packet.ParsePacket(LinkLayers.Raw, block[20..(20 + BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(12)))]));

    private static IEnumerable<byte[]> Frames(EvidenceFile evidence) => Blocks(evidence).Where(block => block.Type == EnhancedPacket).Select(block => block.Body);

    private static (uint Type, byte[] Body)[] Blocks(EvidenceFile evidence)
    {
        var stream = new MemoryStream();
        CaptureFile.Write(stream, evidence);
        byte[] file = stream.ToArray();
        var blocks = new List<(uint, byte[])>();
        for (int at = 0; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            Assert.That(length % 4, Is.Zero);
            Assert.That(BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + length - 4)), Is.EqualTo(length));
            blocks.Add((BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at)), file[(at + 8)..(at + length - 4)]));
            at += length;
        }

        return [.. blocks];
    }

    private static List<(int Code, string Text)> Options(ReadOnlySpan<byte> from)
    {
        var options = new List<(int, string)>();
        while (from.Length > 0 && BinaryPrimitives.ReadUInt16LittleEndian(from) is not 0 and ushort code)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(from[2..]);
            options.Add((code, Encoding.UTF8.GetString(from.Slice(4, length))));
            from = from[(4 + ((length + 3) & ~3))..];
        }

        return options;
    }

    private static IEnumerable<byte> PseudoHeader(IPPacket ip)
    {
        int length = ip.PayloadPacket.Bytes.Length;
        return [.. ip.SourceAddress.GetAddressBytes(), .. ip.DestinationAddress.GetAddressBytes(), 0, 6, (byte)(length >> 8), (byte)length];
    }

    // RFC 1071; all ones over what holds its own checksum.
    private static int Sum(IEnumerable<byte> bytes)
    {
        int sum = bytes.Select((each, i) => i % 2 == 0 ? each << 8 : each).Aggregate(0, (total, each) => total + each);
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }
}
