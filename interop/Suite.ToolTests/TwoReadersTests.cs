// Two readers, one truth: what tshark reads of a capture with the protocol's dissector is what the suite's own reader reads
// of the evidence that the capture was made from. EVIDENCE_FOLDER names the evidence; a run with --evidence all makes it.
using System.Globalization;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.ToolTests;

[TestFixture]
internal sealed class TwoReadersTests
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("EVIDENCE_FOLDER") ?? Repository.At("artifacts", "interop", "evidence");

    [Test]
    public async Task The_same_messages_go_the_same_ways_at_the_same_times()
    {
        int compared = 0;
        foreach ((string folder, EvidenceFile evidence) in All())
        {
            string[][] frames = await Tshark.Read(folder, evidence, "easytcp.word", "frame.time_epoch", "tcp.stream", "easytcp.is_reply", "easytcp.word", "easytcp.length");
            string[] read = [.. frames.SelectMany(frame => frame[3].Split(',').Select((word, i) => $"{frame[1]} {(frame[2].Split(',')[i] is "1" or "True" ? "<-" : "->")} {word} {frame[4].Split(',')[i]} {frame[0]}"))];
            string[] own = [.. evidence.Connections.SelectMany((connection, stream) => Told(evidence, connection, stream))];

            Assert.That(read.Where(line => !IsTooLong(line)).Order(StringComparer.Ordinal), Is.EqualTo(own.Order(StringComparer.Ordinal)), folder);
            compared += own.Length;
        }

        Assert.That(compared, Is.Positive, $"messages were compared at all, in {Folder}");
        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{compared} messages of {All().Count()} attempts are the same to both"));
    }

    // A reset is what a case wants now and then; what breaks the protocol is the dissector's to tell, and not tshark's.
    [Test]
    public async Task Tshark_has_no_complaint_about_a_capture()
    {
        foreach ((string folder, EvidenceFile evidence) in All())
        {
            string[][] complaints = await Tshark.Read(folder, evidence,
                "(tcp.analysis.flags && !tcp.analysis.reused_ports) || tcp.checksum.status == 0 || ip.checksum.status == 0 || _ws.lua.error || _ws.malformed", "frame.number", "_ws.expert.message");

            Assert.That(complaints.Select(complaint => string.Join(' ', complaint)), Is.Empty, folder);
        }
    }

    // Each reply but those that nobody asked for names its request, and comes no earlier.
    [Test]
    public async Task Replies_name_their_requests()
    {
        foreach ((string folder, EvidenceFile evidence) in All())
        {
            string[][] replies = await Tshark.Read(folder, evidence, "easytcp.status && !easytcp.reply_without_request", "frame.number", "easytcp.request_in", "easytcp.time");

            foreach (string[] reply in replies)
            {
                int frame = int.Parse(reply[0], CultureInfo.InvariantCulture);
                Assert.That(reply[1].Split(',').Select(request => int.Parse(request, CultureInfo.InvariantCulture)), Is.All.LessThan(frame), folder);
                Assert.That(reply[2].Split(',').Select(time => double.Parse(time, CultureInfo.InvariantCulture)), Is.All.GreaterThanOrEqualTo(0), folder);
            }
        }
    }

    private static IEnumerable<(string Folder, EvidenceFile Evidence)> All() => Directory.EnumerateFiles(Folder, EvidenceFile.Name, SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(file => (Path.GetDirectoryName(file)!, EvidenceFile.Read(file)));

    private static IEnumerable<string> Told(EvidenceFile evidence, ConnectionEvidence connection, int stream) =>
        DecodedStream.Of(connection, isReply: false).Concat(DecodedStream.Of(connection, isReply: true)).Where(part => part.Message != null).Select(part =>
        {
            ulong time = CaptureFile.Time(evidence.Origin, part.At);
            return string.Create(CultureInfo.InvariantCulture, $"{stream} {(part.IsReply ? "<-" : "->")} {part.Message!.Word} {part.Message.Payload.Length} {time / 1_000_000_000}.{time % 1_000_000_000:000000000}");
        });

    // The dissector shows such a header as what it is; to the suite it is no message.
    private static bool IsTooLong(string line) => int.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture) > ushort.MaxValue;
}
