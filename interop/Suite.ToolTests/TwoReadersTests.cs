// Two readers, one truth: what tshark reads of a capture with the protocol's dissector is what the suite's own reader reads
// of the evidence that the capture was made from. EVIDENCE_FOLDER names the evidence; a run with --evidence all makes it.
using System.Collections.Concurrent;
using System.Globalization;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.ToolTests;

[TestFixture]
internal sealed class TwoReadersTests
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("EVIDENCE_FOLDER") ?? Repository.At("artifacts", "interop", "evidence");

    // What a server that is right says in its ERR, when the dissector finds this in a request.
    private static Dictionary<string, string> Experts { get; } = new(StringComparer.Ordinal)
    {
        ["easytcp.unknown_command"] = "unknown command",
        ["easytcp.unexpected_payload"] = "unexpected payload",
        ["easytcp.malformed_header"] = "malformed header",
        ["easytcp.payload_too_large"] = "payload too large",
    };

    private static readonly string[] Fields =
        ["frame.number", "frame.time_epoch", "tcp.stream", "easytcp.is_reply", "easytcp.word", "easytcp.length", "easytcp.request_in", "easytcp.time", .. Experts.Keys, "easytcp.reply_without_request"];

    private (string Folder, EvidenceFile Evidence, Frame[] Frames)[] _all = [];

    // tshark takes its time to start, so it is asked once for all of a capture.
    [OneTimeSetUp]
    public async Task ReadAll()
    {
        var read = new ConcurrentBag<(string Folder, EvidenceFile Evidence, Frame[] Frames)>();
        await Parallel.ForEachAsync(Directory.EnumerateFiles(Folder, EvidenceFile.Name, SearchOption.AllDirectories), async (file, _) =>
        {
            string folder = Path.GetDirectoryName(file)!;
            var evidence = EvidenceFile.Read(file);
            string[][] frames = await Tshark.Read(folder, evidence, "easytcp", Fields);
            read.Add((folder, evidence, [.. frames.Select(Frame.Of)]));
        });
        _all = [.. read.OrderBy(each => each.Folder, StringComparer.Ordinal)];
        Assert.That(_all, Is.Not.Empty, Folder);
    }

    [Test]
    public void The_same_messages_go_the_same_ways_at_the_same_times()
    {
        int compared = 0;
        foreach ((string folder, EvidenceFile evidence, Frame[] frames) in _all)
        {
            string[] read = [.. frames.SelectMany(frame => frame.Words.Select((word, i) => $"{frame.Stream} {(frame.AreReplies[i] ? "<-" : "->")} {word} {frame.Lengths[i]} {frame.Time}"))];
            string[] own = [.. evidence.Connections.SelectMany((connection, stream) => Told(evidence, connection, stream))];

            Assert.That(read.Where(line => !IsTooLong(line)).Order(StringComparer.Ordinal), Is.EqualTo(own.Order(StringComparer.Ordinal)), folder);
            compared += own.Length;
        }

        Assert.That(compared, Is.Positive, $"messages were compared at all, in {Folder}");
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{compared} messages of {_all.Length} attempts are the same to both"));
    }

    // A reset is what a case wants now and then; what breaks the protocol is the dissector's to tell, and not tshark's.
    [Test]
    public async Task Tshark_has_no_complaint_about_a_capture() => await Parallel.ForEachAsync(_all, async (each, _) =>
    {
        string[][] complaints = await Tshark.Read(each.Folder, each.Evidence,
            "(tcp.analysis.flags && !tcp.analysis.reused_ports) || tcp.checksum.status == 0 || ip.checksum.status == 0 || _ws.lua.error || _ws.malformed", "frame.number", "_ws.expert.message");

        Assert.That(complaints.Select(complaint => string.Join(' ', complaint)), Is.Empty, each.Folder);
    });

    // The k-th reply of a connection answers its k-th request (clause 1.2): the frame named is that in which this one was complete.
    [Test]
    public void Replies_name_their_requests()
    {
        int named = 0;
        foreach ((string folder, EvidenceFile _, Frame[] frames) in _all)
        {
            foreach (IGrouping<string, Frame> stream in frames.GroupBy(frame => frame.Stream, StringComparer.Ordinal))
            {
                // A malformed header has no word, and is the last request of its connection.
                string[] requests = [.. stream.SelectMany(frame => frame.AreReplies.Where(isReply => !isReply).Select(_ => frame.Number)), .. stream.Where(frame => frame.Found["easytcp.malformed_header"] > 0).Select(frame => frame.Number)];
                string[] answered = [.. stream.SelectMany(frame => frame.RequestsIn)];

                Assert.That(answered, Is.EqualTo(requests.Take(answered.Length)), $"{folder}, connection {stream.Key}");
                Assert.That(stream.SelectMany(frame => frame.Times), Is.All.GreaterThanOrEqualTo(0), folder);
                named += answered.Length;
            }
        }

        Assert.That(named, Is.Positive, $"replies were compared at all, in {Folder}");
    }

    // As often, in the same connection, of servers alone: what a scripted one says is no verdict.
    [TestCaseSource(nameof(Experts))]
    public void What_a_request_breaks_is_what_its_server_says(KeyValuePair<string, string> expert)
    {
        int found = 0;
        foreach ((string folder, EvidenceFile evidence, Frame[] frames) in _all.Where(each => each.Evidence.Client == null && each.Evidence.Server != null))
        {
            string[] read = [.. frames.SelectMany(frame => Enumerable.Repeat(frame.Stream, frame.Found[expert.Key]))];
            string[] said = [.. evidence.Connections.SelectMany((connection, stream) => DecodedStream.Of(connection, isReply: true)
                .Where(part => part.Message is { Word: "ERR" } reply && string.Equals(reply.Text, expert.Value, StringComparison.Ordinal)).Select(_ => stream.ToString(CultureInfo.InvariantCulture)))];

            Assert.That(read.Order(StringComparer.Ordinal), Is.EqualTo(said.Order(StringComparer.Ordinal)), folder);
            found += read.Length;
        }

        Assert.That(found, Is.Positive, $"'{expert.Value}' was said at all, in {Folder}");
    }

    private static IEnumerable<string> Told(EvidenceFile evidence, ConnectionEvidence connection, int stream) =>
        DecodedStream.Of(connection, isReply: false).Concat(DecodedStream.Of(connection, isReply: true)).Where(part => part.Message != null).Select(part =>
        {
            ulong time = CaptureFile.Time(evidence.Origin, part.At);
            return string.Create(CultureInfo.InvariantCulture, $"{stream} {(part.IsReply ? "<-" : "->")} {part.Message!.Word} {part.Message.Payload.Length} {time / 1_000_000_000}.{time % 1_000_000_000:000000000}");
        });

    // The dissector shows such a header as what it is; to the suite it is no message.
    private static bool IsTooLong(string line) => int.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture) > ushort.MaxValue;

    /// <summary>A frame as tshark shows it, with all that the dissector found in it.</summary>
    private sealed record Frame(string Number, string Time, string Stream, bool[] AreReplies, string[] Words, string[] Lengths, string[] RequestsIn, double[] Times, Dictionary<string, int> Found)
    {
        public static Frame Of(string[] fields)
        {
            string[] Values(int field) => fields.Length <= field || fields[field].Length == 0 ? [] : fields[field].Split(',');
            const int FirstExpert = 8;
            return new Frame(fields[0], fields[1], fields[2], [.. Values(3).Select(each => each is "1" or "True")], Values(4), Values(5), Values(6),
                [.. Values(7).Select(time => double.Parse(time, CultureInfo.InvariantCulture))], Experts.Keys.Select((name, i) => (name, Values(FirstExpert + i).Length)).ToDictionary(each => each.name, each => each.Length, StringComparer.Ordinal));
        }
    }
}
