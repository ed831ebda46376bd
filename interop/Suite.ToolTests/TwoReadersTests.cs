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

    // The k-th reply of a connection answers its k-th request (clause 1.2): the frame named is that in which this one was complete.
    [Test]
    public async Task Replies_name_their_requests()
    {
        int named = 0;
        foreach ((string folder, EvidenceFile evidence) in All())
        {
            string[][] frames = await Tshark.Read(folder, evidence, "easytcp.word", "frame.number", "tcp.stream", "easytcp.is_reply");
            string[][] replies = await Tshark.Read(folder, evidence, "easytcp.status && !easytcp.reply_without_request", "tcp.stream", "easytcp.request_in", "easytcp.time");
            string[][] malformed = await Tshark.Read(folder, evidence, "easytcp.malformed_header", "frame.number", "tcp.stream"); // it has no word, and is the last
            ILookup<string, string> requests = frames.SelectMany(frame => frame[2].Split(',').Where(isReply => isReply is not ("1" or "True")).Select(_ => (Stream: frame[1], Frame: frame[0])))
                .Concat(malformed.Select(frame => (Stream: frame[1], Frame: frame[0]))).ToLookup(request => request.Stream, request => request.Frame, StringComparer.Ordinal);
            foreach (IGrouping<string, string[]> stream in replies.GroupBy(reply => reply[0], StringComparer.Ordinal))
            {
                string[] answered = [.. stream.SelectMany(reply => reply[1].Split(','))];
                Assert.That(answered, Is.EqualTo(requests[stream.Key].Take(answered.Length)), folder);
                named += answered.Length;
            }

            Assert.That(replies.SelectMany(reply => reply[2].Split(',')).Select(time => double.Parse(time, CultureInfo.InvariantCulture)), Is.All.GreaterThanOrEqualTo(0), folder);
        }

        Assert.That(named, Is.Positive, $"replies were compared at all, in {Folder}");
    }

    // A server that is right says in its ERR what was wrong: the dissector has to find the same, as often, in the same connection.
    [TestCase("easytcp.unknown_command", "unknown command")]
    [TestCase("easytcp.unexpected_payload", "unexpected payload")]
    [TestCase("easytcp.malformed_header", "malformed header")]
    [TestCase("easytcp.payload_too_large", "payload too large")]
    public async Task What_a_request_breaks_is_what_its_server_says(string expert, string error)
    {
        int found = 0;
        foreach ((string folder, EvidenceFile evidence) in All().Where(each => each.Evidence.Client == null && each.Evidence.Server != null))
        {
            string[][] frames = await Tshark.Read(folder, evidence, expert, "tcp.stream", expert);
            string[] read = [.. frames.SelectMany(frame => frame[1].Split(',').Select(_ => frame[0]))];
            string[] said = [.. evidence.Connections.SelectMany((connection, stream) => DecodedStream.Of(connection, isReply: true)
                .Where(part => part.Message is { Word: "ERR" } reply && string.Equals(reply.Text, error, StringComparison.Ordinal)).Select(_ => stream.ToString(CultureInfo.InvariantCulture)))];

            Assert.That(read.Order(StringComparer.Ordinal), Is.EqualTo(said.Order(StringComparer.Ordinal)), folder);
            found += read.Length;
        }

        Assert.That(found, Is.Positive, $"'{error}' was said at all, in {Folder}");
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
