// What few runs hold, read by tshark all the same: IPv6, pieces larger than a packet, bytes after a reset, a port used again,
// and violations.
using System.Text;
using EasyTcp.Interop.Evidence;

namespace EasyTcp.Interop.ToolTests;

[TestFixture]
internal sealed class MadeUpEvidenceTests
{
    private string _folder = "";

    [SetUp]
    public void Choose() => _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Tshark_reads_what_few_runs_hold()
    {
        PieceEvidence largest = Piece(1, false, 0, "UPPER 65535\n" + new string('a', 65535));
        ConnectionEvidence first = new("client c", "server d", "[2001:db8::7]:40000", "[2001:db8::1]:12345", 0.5, null,
            [largest, Piece(2, true, 0, "OK 2\nHJ"), Piece(3, false, 65547, "ADDR 0\n"), Piece(3.5, true, 7, "YES 0\n")],
            [new EndEvidence(2.5, true, true), new EndEvidence(4, false, false)], false, [new ViolationEvidence(true, 5, "3.1", "not upper")]);
        ConnectionEvidence again = first with { Opened = 5, Pieces = [Piece(6, true, 0, "OK 0\n")], Ends = [], Violations = [] };
        EvidenceFile evidence = new(EvidenceFile.CurrentVersion, "made up", null, null, "none", 1, DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000), [], [first, again]);
        Assert.That(EvidenceFolder.Write(_folder, evidence), Is.Null);

        string[][] comments = await Tshark.Read(_folder, evidence, "frame.comment", "frame.time_relative", "ipv6.src", "frame.comment");
        string[][] wrong = await Tshark.Read(_folder, evidence, "tcp.analysis.flags && !tcp.analysis.reused_ports || tcp.checksum.status == 0", "frame.number");
        string[][] unknown = await Tshark.Read(_folder, evidence, "easytcp.unknown_status", "frame.time_relative");
        string[][] unasked = await Tshark.Read(_folder, evidence, "easytcp.reply_without_request", "tcp.stream");
        string[][] sent = await Tshark.Read(_folder, evidence, "easytcp.command == \"UPPER\"", "easytcp.length", "frame.time_relative");

        Assert.That(comments, Is.EqualTo(new[] { new[] { "1.500000000", "2001:db8::1", "clause 3.1: not upper" } }));
        Assert.That(wrong.Select(line => line[0]), Is.Empty);
        Assert.That(unknown.Select(line => line[0]), Is.EqualTo(new[] { "3.000000000" }));
        Assert.That(unasked.Select(line => line[0]), Is.EqualTo(new[] { "1" }));
        Assert.That(sent.Select(line => string.Join(' ', line)), Is.EqualTo(new[] { "65535 0.500000000" }));
    }

    private static PieceEvidence Piece(double at, bool isReply, long offset, string text) => new(at, isReply, offset, Encoding.Latin1.GetBytes(text));
}
