// Servers: generated requests, legal ones and nearly legal ones, in any pieces (parts 1 to 5).
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

internal static class ServerGeneratedCases
{
    private const int StreamsAtOnce = 8;

    private static readonly TimeSpan LongestShrinking = TimeSpan.FromSeconds(30);

    [Case(Role.Server, "generated-requests-few", "2.3", "Some dozens of generated requests, legal and nearly legal, in any pieces, get the replies that the clauses say.", Seconds = 0.5)]
    public static Task GeneratedRequestsFew(Lab lab) => Judge(lab, 60);

    [Case(Role.Server, "generated-requests", "2.3", "A thousand generated requests, legal and nearly legal, in any pieces, get the replies that the clauses say.", Lane = Lane.Few, Seconds = 3, Exhaustive = true)]
    public static Task GeneratedRequests(Lab lab) => Judge(lab, 1000);

    private static async Task Judge(Lab lab, int replies)
    {
        var all = new Exchanged(0, 0);
        ServerUnderTest server = await lab.StartServer();
        for (int batch = 0; all.Replies < replies; batch++)
        {
            IReadOnlyList<RequestStream> streams = Chance.Draw(RequestStream.Several(StreamsAtOnce), Chance.Derive(lab.Seed, $"batch {batch}"));
            Exchanged some = new(0, 0);
            if (await Attempt.Judge(async () => some = await Dialogue.Judge(server, streams, all.Counted, Wait.Patience)) is CaseFailedException failed)
            {
                throw await Explain(lab, batch, streams, failed);
            }

            all = new Exchanged(all.Replies + some.Replies, all.Counted + some.Counted);
        }

        lab.Measure("generated requests judged", "replies", [all.Replies]);
        await server.ExpectFarewell();
    }

    // Shrinks what fails, on a fresh server each time, and tells it.
    private static async Task<CaseFailedException> Explain(Lab lab, int batch, IReadOnlyList<RequestStream> failing, CaseFailedException failed)
    {
        (Shrunk<IReadOnlyList<RequestStream>> shrunk, failed) = await Attempt.Shrink(lab, failing, failed, Smaller, Text,
            async (each, patience) => await Dialogue.Judge(await lab.StartServer(), each, before: 0, patience), LongestShrinking);
        return new CaseFailedException(failed.Clause, failed.Expected, failed.Actual)
        {
            Late = failed.Late,
            IsSilence = failed.IsSilence,
            Evidence =
            [
                $"requests: of batch {batch} drawn from seed {lab.Seed}{shrunk.Note}",
                .. shrunk.Smallest.SelectMany((stream, n) => new[] { $"  {n + 1,3}  a client sends {stream}", $"       it is owed {OwedText(stream)}" }),
            ],
        };
    }

    private static string OwedText(RequestStream stream) => string.Join(", then ", Owed.For(stream.Bytes)
        .Select(owed => $"{owed.Status} {(owed.Text is string text ? Excerpt.Of(text) : $"to {owed.Command}")} (clause {owed.Clause})").DefaultIfEmpty("nothing"));

    private static IEnumerable<IReadOnlyList<RequestStream>> Smaller(IReadOnlyList<RequestStream> streams) =>
        Shrinking.Without(streams).Where(some => some.Count > 0)
            .Concat(Enumerable.Range(0, streams.Count).SelectMany(at => streams[at].Smaller().Select(smaller => (IReadOnlyList<RequestStream>)[.. streams.Take(at), smaller, .. streams.Skip(at + 1)])));

    private static string Text(IReadOnlyList<RequestStream> streams) => string.Join('\n', streams.Select(stream => $"{stream.EndsEarly} {string.Join('|', stream.Pieces)}"));
}
