// Clients: a session cut at every byte, in both directions, by FIN, by reset and by silence (clause 10.10).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ClientCutCases
{
    // So many clients of a case run at a time: a process costs far more than a connection.
    private const int AtATime = 12;

    private static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(10);

    // An end that is there to be seen is noticed well before the time for a reply is over.
    private static readonly TimeSpan NoticeTime = TimeSpan.FromSeconds(8);

    private static readonly Step[] Session =
    [
        new("1\nhello\n", "UPPER", "hello", "OK 5\nHELLO", "Reply from server: HELLO\n"),
        new("3\n", "COUNT", "", "OK 2\n17", "Reply from server: requests served = #\n"),
        new("1\n\n", "UPPER", "", "OK 0\n", "Reply from server: \n"),
        new("2\n", "ADDR", "", "ERR 4\noops", "Error from server: oops\n"),
        new("4\n", "UPTIME", "", "OK 8\n00:00:07", "Reply from server: run time = #\n"),
    ];

    private static readonly MessageSequence Replies = new("reply", [.. Session.Select(step => step.Reply)]);

    [Case(Role.Client, "cut-replies-at-every-byte", "10.10", "A connection that ends after any byte of the replies that are owed ends the client with one line; whole replies are shown, the one cut short is not.", Exhaustive = true, Lane = Lane.Few, Seconds = 5)]
    public static Task CutRepliesAtEveryByte(Lab lab) => Each(
        from position in Replies.Positions.SkipLast(1)
        from reset in new[] { false, true }
        select (position, reset),
        async cut =>
        {
            using var server = new ScriptedServer();
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            client.Type(string.Concat(Session.Select(step => step.Typed)) + "5\n");
            int whole = Replies.WholeWithin(cut.position);
            await Serve(served, Session[..whole]);
            await Session[whole].ExpectRequest(served);
            await served.Send(Replies.Bytes[Replies.StartOf(whole)..cut.position]);
            TimeSpan moment = Moment.Now;
            End(served, cut.reset);
            await ExpectCut(client, moment, whole, $"the connection ended after {Replies.Describe(cut.position)}, {By(cut.reset)}");
        });

    [Case(Role.Client, "cut-requests-at-every-byte", "10.10", "A server that is gone after it has taken any byte of a request ends the client with one line.", Exhaustive = true, Lane = Lane.Few, Seconds = 3)]
    public static async Task CutRequestsAtEveryByte(Lab lab)
    {
        var request = new MessageSequence("request", ["UPPER 5\nhello"]);
        await Each(
            from position in request.Positions
            from reset in new[] { false, true }
            select (position, reset),
            async cut =>
            {
                using var server = new ScriptedServer();
                ClientUnderTest client = lab.StartClient(server.Port);
                using ServedClient served = await server.Accept(client);
                client.Type("1\nhello\n5\n");
                string taken = await served.Take(cut.position);
                Expect.Same(request.Bytes[..cut.position], taken, "2", "the first bytes of the request");
                await client.Process.Output.EndsWith("Input sentence: ", "10.2", Wait.Patience);
                TimeSpan moment = Moment.Now;
                EndSendingOr(served, cut.reset);
                await ExpectCut(client, moment, 0, $"the server was gone after it had taken {request.Describe(cut.position)}, {By(cut.reset)}");
            });

        // A sentence that does not fit in between: the client is in the midst of sending when the server goes.
        await Each(new[] { 0, 1, 12, 1000 }, async position =>
        {
            using var server = new ScriptedServer(isNarrow: true);
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            client.Type($"1\n{Corpus.Longest}\n5\n");
            await client.Process.Output.EndsWith("Input sentence: ", "10.2", Wait.Patience);
            _ = await served.Take(position);
            TimeSpan moment = Moment.Now;
            served.Reset();
            await ExpectCut(client, moment, 0, $"the server was gone after it had taken {position} bytes of a request of 65535, by RST");
        });
    }

    [Case(Role.Client, "cut-between-replies", "10.10", "A connection that ends while nothing is asked, by FIN or by reset, is noticed at the next request; option 5 then still exits 0.", Exhaustive = true, Lane = Lane.Few, Seconds = 3)]
    public static Task CutBetweenReplies(Lab lab) => Each(
        from whole in Enumerable.Range(0, Session.Length + 1)
        from reset in new[] { false, true }
        from leaves in new[] { false, true }
        select (whole, reset, leaves),
        async cut =>
        {
            using var server = new ScriptedServer();
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            client.Type(string.Concat(Session[..cut.whole].Select(step => step.Typed)));
            await Serve(served, Session[..cut.whole]);
            string shown = Shown(cut.whole).Expected;
            await client.Process.Output.Find($"{cut.whole} replies and the menu again", "10.7", Wait.Patience,
                _ => string.Equals(Transcript.Normalise(client.Process.Output.Text), shown, StringComparison.Ordinal) ? client : null);
            End(served, cut.reset);
            string because = $"the connection ended {Replies.Describe(Replies.StartOf(cut.whole))}, {By(cut.reset)}";
            if (cut.leaves)
            {
                client.Type("5\n");
                await Named(client, because, () => client.ExpectFarewell(onOwnLine: false));
                return;
            }

            TimeSpan moment = Moment.Now;
            client.Type(Session[cut.whole % Session.Length].Typed);
            await ExpectCut(client, moment, cut.whole, because);
        });

    [Case(Role.Client, "silence-in-replies", "10.10", "A server that falls silent at any edge of a token, or that takes no more of a request, ends the client 10 s after the request.", Exhaustive = true, Lane = Lane.Together, Seconds = 11)]
    public static async Task SilenceInReplies(Lab lab)
    {
        var starting = new SemaphoreSlim(AtATime / 3);
        // The first reply, and the ERR after two others.
        await Task.WhenAll(Replies.TokenEdges.Where(edge => Replies.WholeWithin(edge) is 0 or 3).Select(position => Silent(position, null))
            .Append(Silent(0, Corpus.Longest)));

        async Task Silent(int position, string? longSentence)
        {
            await starting.WaitAsync();
            using var server = new ScriptedServer(isNarrow: longSentence != null);
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            int whole = Replies.WholeWithin(position);
            client.Type(string.Concat(Session[..whole].Select(step => step.Typed)));
            await Serve(served, Session[..whole]);
            await client.Process.Output.Find("the prompt", "10.7", Wait.Patience,
                _ => string.Equals(Transcript.Normalise(client.Process.Output.Text), Shown(whole).Expected, StringComparison.Ordinal) ? client : null);
            starting.Release();

            TimeSpan typed = Moment.Now;
            client.Type(longSentence == null ? Session[whole].Typed : $"1\n{longSentence}\n");
            string because = $"nothing came for 10 s after {Replies.Describe(position)}";
            if (longSentence == null)
            {
                await Session[whole].ExpectRequest(served);
                await served.Send(Replies.Bytes[Replies.StartOf(whole)..position]);
            }
            else
            {
                because = $"the server took nothing of a request of {longSentence.Length} bytes for 10 s";
                await client.Process.Output.EndsWith("Input sentence: ", "10.2", Wait.Patience);
            }

            TimeSpan asked = Moment.Now;
            await Named(client, because, async () =>
            {
                await client.ExpectFault(because, ClientUnderTest.ReplyTime);
                Ending ending = await client.Process.Ended;
                Expect.Within(ending.At - typed, ReplyTime - TimeSpan.FromSeconds(0.1), asked - typed + ReplyTime + TimeSpan.FromSeconds(1), "10.10", $"an end 10 s after the request, when {because},");
                ExpectShown(client, whole);
            });
        }
    }

    private static async Task Each<T>(IEnumerable<T> cuts, Func<T, Task> judge) =>
        await Parallel.ForEachAsync(cuts, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (cut, _) => await judge(cut));

    private static async Task Serve(ServedClient served, Step[] steps)
    {
        foreach (Step step in steps)
        {
            await step.ExpectRequest(served);
            await served.Send(step.Reply);
        }
    }

    // The end that clause 10.10 asks for, with the whole replies shown and no other.
    private static Task ExpectCut(ClientUnderTest client, TimeSpan moment, int whole, string because) => Named(client, because, async () =>
    {
        await client.ExpectFault(because, ClientUnderTest.ReplyTime);
        Ending ending = await client.Process.Ended;
        Expect.Within(ending.At - moment, TimeSpan.Zero, NoticeTime, "10.10", $"an end sooner than for want of a reply, when {because},");
        ExpectShown(client, whole);
    });

    private static void ExpectShown(ClientUnderTest client, int whole)
    {
        string printed = Transcript.Normalise(client.Process.Output.Text);
        string prompt = Session[whole % Session.Length].Prompt;
        // Whether the line of the prompt is ended by an LF before the end is the client's affair.
        Expect.Same(Shown(whole).Expected + prompt, printed.EndsWith(": \n", StringComparison.Ordinal) ? printed[..^1] : printed, "10.10", $"{whole} whole replies and nothing of the one that was cut short");
    }

    private static Transcript Shown(int whole) =>
        Session[..whole].Aggregate(new Transcript("10.10"), (transcript, step) => transcript.StepToMenu(step.Typed, $"{step.Prompt}{step.Printed}RTT = # ms\n"));

    private static void End(ServedClient served, bool reset)
    {
        if (reset)
        {
            served.Reset();
        }
        else
        {
            served.Dispose();
        }
    }

    // With bytes unread, a close would be a reset.
    private static void EndSendingOr(ServedClient served, bool reset)
    {
        if (reset)
        {
            served.Reset();
        }
        else
        {
            served.EndSending();
        }
    }

    private static string By(bool reset) => reset ? "by RST" : "by FIN";

    // Of the many clients of a case, a failure shows the one that it is about.
    private static async Task Named(ClientUnderTest client, string because, Func<Task> judge)
    {
        try
        {
            await judge();
        }
        catch (CaseFailedException fault)
        {
            string expected = fault.Expected.Contains(because, StringComparison.Ordinal) ? fault.Expected : $"{fault.Expected}: {because}";
            string printed = client.Process.Output.Text;
            throw new CaseFailedException(fault.Clause, expected,
                $"{fault.Actual}; this client's stdout ended in {Excerpt.Of(printed[^Math.Min(60, printed.Length)..])}, its stderr was {Excerpt.Of(client.Process.Errors.Text)}")
            { Late = fault.Late, IsSilence = fault.IsSilence };
        }
    }

    // What is typed, the request that it makes, what the server replies, and what is printed then.
    private sealed record Step(string Typed, string Command, string Payload, string Reply, string Printed)
    {
        public string Prompt => Command is "UPPER" ? "Input sentence: " : "";

        public Task ExpectRequest(ServedClient served) => served.ExpectRequest(Command, Payload);
    }
}
