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

    private Attempt[] _all = [];

    [OneTimeSetUp]
    public async Task ReadAll()
    {
        var read = new ConcurrentBag<Attempt>();
        await Parallel.ForEachAsync(Directory.EnumerateFiles(Folder, EvidenceFile.Name, SearchOption.AllDirectories), async (file, _) =>
        {
            string folder = Path.GetDirectoryName(file)!;
            var evidence = EvidenceFile.Read(file);
            read.Add(new Attempt(folder, evidence, await ShownFrame.ReadAll(folder, evidence)));
        });
        _all = [.. read.OrderBy(each => each.Folder, StringComparer.Ordinal)];
        Assert.That(_all, Is.Not.Empty, Folder);
    }

    [Test]
    public void The_same_messages_go_the_same_ways_at_the_same_times()
    {
        int compared = 0;
        Assert.Multiple(() =>
        {
            foreach ((string folder, EvidenceFile evidence, ShownFrame[] frames) in _all)
            {
                string[] read = [.. frames.SelectMany(frame => frame.Words.Select((word, i) => $"{frame.Stream} {(frame.AreReplies[i] ? "<-" : "->")} {word} {frame.Lengths[i]} {frame.Time}"))];
                string[] own = [.. evidence.Connections.SelectMany((connection, stream) => Told(evidence, connection, stream))];

                Assert.That(read.Where(line => !IsTooLong(line)).Order(StringComparer.Ordinal), Is.EqualTo(own.Order(StringComparer.Ordinal)), folder);
                compared += own.Length;
            }
        });

        Assert.That(compared, Is.Positive, $"messages were compared at all, in {Folder}");
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{compared} messages of {_all.Length} attempts are the same to both"));
    }

    // What breaks the protocol is the dissector's to tell, and not tshark's.
    [Test]
    public void Tshark_has_no_complaint_about_a_capture() => Assert.Multiple(() =>
    {
        foreach (Attempt attempt in _all)
        {
            Assert.That(attempt.Frames.Select(frame => frame.Complaint).Where(complaint => complaint.Length > 0), Is.Empty, attempt.Folder);
        }
    });

    // The k-th reply of a connection answers its k-th request (clause 1.2): the frame named is that in which this one was complete.
    [Test]
    public void Replies_name_their_requests()
    {
        int named = 0;
        Assert.Multiple(() =>
        {
            foreach ((string folder, EvidenceFile _, ShownFrame[] frames) in _all)
            {
                foreach (IGrouping<string, ShownFrame> stream in frames.GroupBy(frame => frame.Stream, StringComparer.Ordinal))
                {
                    string[] requests = [.. stream.SelectMany(frame => Enumerable.Repeat(frame.Number, frame.Requests))];
                    string[] answered = [.. stream.SelectMany(frame => frame.RequestsIn)];

                    Assert.That(answered, Is.EqualTo(requests.Take(answered.Length)), $"{folder}, connection {stream.Key}");
                    Assert.That(stream.SelectMany(frame => frame.Times), Is.All.GreaterThanOrEqualTo(0), folder);
                    named += answered.Length;
                }
            }
        });

        Assert.That(named, Is.Positive, $"replies were compared at all, in {Folder}");
    }

    // As often as the suite's reader counts more replies than requests; one that is no message is the last, and counts as one.
    [Test]
    public void Replies_without_request_are_told()
    {
        int told = 0;
        Assert.Multiple(() =>
        {
            foreach ((string folder, EvidenceFile evidence, ShownFrame[] frames) in _all)
            {
                for (int stream = 0; stream < evidence.Connections.Count; stream++)
                {
                    string name = stream.ToString(CultureInfo.InvariantCulture);
                    IReadOnlyList<DecodedPart> requests = DecodedStream.Of(evidence.Connections[stream], isReply: false);
                    IReadOnlyList<DecodedPart> replies = DecodedStream.Of(evidence.Connections[stream], isReply: true);
                    int unasked = frames.Where(frame => string.Equals(frame.Stream, name, StringComparison.Ordinal)).Sum(frame => frame.Unasked);

                    Assert.That(unasked, Is.EqualTo(Math.Max(0, replies.Count(part => part.Message != null) - requests.Count(part => part.Message != null) - (requests.Any(part => part.Message == null) ? 1 : 0))), $"{folder}, connection {stream}");
                    told += unasked;
                }
            }
        });

        Assert.That(told, Is.Positive, $"a reply had no request at all, in {Folder}");
    }

    // Of servers alone: what a scripted one says is no verdict. A request that nobody answered any more has no say.
    [TestCaseSource(typeof(ShownFrame), nameof(ShownFrame.Sentences))]
    public void What_a_request_breaks_is_what_its_server_says(string sentence)
    {
        int found = 0;
        Assert.Multiple(() =>
        {
            foreach ((string folder, EvidenceFile evidence, ShownFrame[] frames) in _all.Where(each => each.Evidence.Client == null && each.Evidence.Server != null))
            {
                for (int stream = 0; stream < evidence.Connections.Count; stream++)
                {
                    string name = stream.ToString(CultureInfo.InvariantCulture);
                    var replies = new Queue<DecodedPart>(DecodedStream.Of(evidence.Connections[stream], isReply: true).Where(part => part.Message != null));
                    foreach (ShownFrame frame in frames.Where(frame => string.Equals(frame.Stream, name, StringComparison.Ordinal)))
                    {
                        int answered = Math.Min(frame.Requests, replies.Count);
                        int said = Enumerable.Range(0, answered).Count(_ => replies.Dequeue().Message is { Word: "ERR" } reply && string.Equals(reply.Text, sentence, StringComparison.Ordinal));
                        int read = frame.Violations.Count(each => string.Equals(each, sentence, StringComparison.Ordinal));

                        Assert.That(said, answered == frame.Requests ? Is.EqualTo(read) : Is.LessThanOrEqualTo(read), $"{folder}, connection {stream}, frame {frame.Number}");
                        found += said;
                    }
                }
            }
        });

        Assert.That(found, Is.Positive, $"'{sentence}' was said at all, in {Folder}");
    }

    private static IEnumerable<string> Told(EvidenceFile evidence, ConnectionEvidence connection, int stream) =>
        DecodedStream.Of(connection, isReply: false).Concat(DecodedStream.Of(connection, isReply: true)).Where(part => part.Message != null).Select(part =>
        {
            ulong time = CaptureFile.Time(evidence.Origin, part.At);
            return string.Create(CultureInfo.InvariantCulture, $"{stream} {(part.IsReply ? "<-" : "->")} {part.Message!.Word} {part.Message.Payload.Length} {time / 1_000_000_000}.{time % 1_000_000_000:000000000}");
        });

    // The dissector shows such a header as what it is; to the suite it is no message.
    private static bool IsTooLong(string line) => int.Parse(line.Split(' ')[3], CultureInfo.InvariantCulture) > ushort.MaxValue;

    private sealed record Attempt(string Folder, EvidenceFile Evidence, ShownFrame[] Frames);
}
