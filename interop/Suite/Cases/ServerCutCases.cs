// Servers: a session cut at every byte, in both directions, by FIN, by reset and by silence (clauses 1.4, 6.4, 6.6 and 9.1).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerCutCases
{
    private const int Vanishing = 50;

    // Longer than any server that gives up on silent clients would wait, were it to do so within seconds.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    private static readonly MessageSequence Session = CutSession.Whole;

    [Case(Role.Server, "cut-requests-fin", "1.4", "A session that its client ends by FIN after any byte gets what it is owed, nothing else, and a clean end, and the count is true.", Exhaustive = true, Lane = Lane.Few, Seconds = 2)]
    public static async Task CutRequestsFin(Lab lab)
    {
        using ServerCuts cuts = await ServerCuts.Begin(lab);
        await cuts.At(Session.Positions, Sent("by FIN together with it"), Nothing, async (client, sent) =>
        {
            await client.Send(Session.Bytes[..sent]);
            TimeSpan moment = EndSending(client);
            await client.ExpectBytes(CutSession.Owed(sent, client.Address), "1.4", "the replies owed");
            await client.ExpectEnd("1.4", "after the replies owed");
            return moment;
        });
        await cuts.At(Session.Positions, Sent("by FIN once its replies were there"), Answered, async (client, _) =>
        {
            TimeSpan moment = EndSending(client);
            await client.ExpectEnd("1.4", "after the replies owed");
            return moment;
        });
        int owed = 2 * Session.Positions.Sum(CutSession.OwedOk);
        await cuts.End(owed, owed);
    }

    [Case(Role.Server, "cut-requests-reset", "9.1", "A session that its client closes or resets after any byte harms nobody, and its end is told within a second.", Exhaustive = true, Lane = Lane.Few, Seconds = 2)]
    public static async Task CutRequestsReset(Lab lab)
    {
        using ServerCuts cuts = await ServerCuts.Begin(lab);
        foreach ((string how, Func<RawClient, TimeSpan> end) in new (string, Func<RawClient, TimeSpan>)[] { ("closed", Close), ("reset", Reset) })
        {
            await cuts.At(Session.Positions, Sent($"by a connection {how} at once"), Nothing, async (client, sent) =>
            {
                await client.Send(Session.Bytes[..sent]);
                return end(client);
            });
        }

        await cuts.At(Session.Positions, Sent("by a connection reset once its replies were there"), Answered, (client, _) => Task.FromResult(Reset(client)));
        await cuts.Vanish(Vanishing);
        int owed = Session.Positions.Sum(CutSession.OwedOk);
        await cuts.End(owed, 3 * owed);
    }

    [Case(Role.Server, "cut-replies", "9.1", "A client that is gone after any byte of its replies, or with the server in the midst of sending, harms nobody, and its end is told within a second.", Exhaustive = true, Lane = Lane.Few, Seconds = 3)]
    public static async Task CutReplies(Lab lab)
    {
        using ServerCuts cuts = await ServerCuts.Begin(lab);
        string someAddress = "127.0.0.1:65535";
        int[] places = [.. CutSession.Replies(someAddress).Positions];
        int begun = 0;
        foreach ((string how, Func<RawClient, TimeSpan> end) in new (string, Func<RawClient, TimeSpan>)[] { ("by FIN", EndSending), ("by a connection closed", Close), ("by a connection reset", Reset) })
        {
            await cuts.At(places, (client, received) => $"after the whole of it was sent and the replies were read up to {RepliesTo(client).Describe(Within(client, received))}, {how}",
                async (client, received) =>
                {
                    await client.Send(Session.Bytes);
                    await client.ExpectBytes(RepliesTo(client).Bytes[..Within(client, received)], "1.2", "the first bytes of the replies");
                    Interlocked.Add(ref begun, CutSession.OkBegun(Within(client, received), client.Address));
                },
                async (client, received) =>
                {
                    string rest = RepliesTo(client).Bytes[Within(client, received)..];
                    TimeSpan moment = end(client);
                    if (how is "by FIN")
                    {
                        await client.ExpectBytes(rest, "1.4", "the rest of the replies");
                        await client.ExpectEnd("1.4", "after the replies owed");
                    }

                    return moment;
                });
        }

        int most = 3 * places.Length * CutSession.OwedOk(Session.Bytes.Length);
        long sent = 0;
        await cuts.At([0, 1, 2, 3], (_, each) => $"by a connection {(each % 2 == 0 ? "closed" : "reset")} while the server was in the midst of sending replies of 65535 bytes that were not read",
            async (client, _) => Interlocked.Add(ref sent, await client.FillUp(WireText.Request("UPPER", Corpus.Longest))),
            (client, each) => Task.FromResult(each % 2 == 0 ? Close(client) : Reset(client)));
        await cuts.End(begun, most + (int)(sent / Corpus.Longest.Length));
    }

    [Case(Role.Server, "silence-at-every-token", "9.1", "Clients that fall silent at any edge of a token keep nobody waiting, get what they are owed, and go on or leave when they like.", Exhaustive = true, Seconds = 4)]
    public static async Task SilenceAtEveryToken(Lab lab)
    {
        using ServerCuts cuts = await ServerCuts.Begin(lab);
        MessageSequence session = CutSession.Open;
        (int Sent, bool Leaves)[] all = [.. session.TokenEdges.SelectMany(sent => new[] { (sent, false), (sent, true) })];
        await cuts.At(Enumerable.Range(0, all.Length), (_, each) => $"by silence after {session.Describe(all[each].Sent)}; then the client {(all[each].Leaves ? "leaves" : "goes on")}",
            async (client, each) =>
            {
                string owed = CutSession.Owed(all[each].Sent, client.Address);
                await client.Send(session.Bytes[..all[each].Sent]);
                await client.ExpectBytes(owed, "9.1", "the replies owed before the silence");
                await Wait.LetPass(Silence);
                Expect.That(!await client.HasNews(TimeSpan.Zero), "9.1", "nothing from the server during the silence", "a reply, or the end of the connection");
            },
            async (client, each) =>
            {
                if (all[each].Leaves)
                {
                    return each % 4 == 1 ? Close(client) : Reset(client);
                }

                string owed = CutSession.Owed(all[each].Sent, client.Address);
                await client.Send(session.Bytes[all[each].Sent..]);
                await client.ExpectBytes(CutSession.Owed(session.Bytes.Length, client.Address)[owed.Length..], "9.1", "the replies owed after the silence");
                TimeSpan moment = EndSending(client);
                await client.ExpectEnd("1.4", "after the replies owed");
                return moment;
            });
        int answered = all.Sum(each => CutSession.OwedOk(each.Leaves ? each.Sent : session.Bytes.Length));
        await cuts.End(answered, answered);
    }

    private static MessageSequence RepliesTo(RawClient client) => CutSession.Replies(client.Address);

    // Ports have one to five digits, so some clients' replies are shorter than the longest.
    private static int Within(RawClient client, int received) => Math.Min(received, RepliesTo(client).Bytes.Length);

    private static Func<RawClient, int, string> Sent(string how) => (_, sent) => $"after {Session.Describe(sent)}, {how}";

    private static Task Nothing(RawClient client, int sent) => Task.CompletedTask;

    private static async Task Answered(RawClient client, int sent)
    {
        await client.Send(Session.Bytes[..sent]);
        await client.ExpectBytes(CutSession.Owed(sent, client.Address), "1.2", "the replies owed");
    }

    private static TimeSpan EndSending(RawClient client)
    {
        TimeSpan moment = Moment.Now;
        client.EndSending();
        return moment;
    }

    private static TimeSpan Close(RawClient client)
    {
        TimeSpan moment = Moment.Now;
        client.Dispose();
        return moment;
    }

    private static TimeSpan Reset(RawClient client)
    {
        TimeSpan moment = Moment.Now;
        client.Reset();
        return moment;
    }
}
