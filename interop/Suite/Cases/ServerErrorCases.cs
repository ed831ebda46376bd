// Servers: errors, and how a connection ends after one (parts 4 and 5).
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerErrorCases
{
    // Long enough for a hasty server to answer, short enough to wait for in vain.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(0.15);

    [Case(Role.Server, "unknown-command", "4.1", "An unknown command's payload is dropped, then comes the ERR, and the connection stays open.")]
    public static Task UnknownCommand(Lab lab) =>
        ExpectDropped(lab, "4.1", "unknown command", "NOSUCH", "UPPE", "UPPERX", "OK", "A", "ABCDEFGHIJKLMNOP", "EXIT");

    [Case(Role.Server, "unexpected-payload", "4.2", "A question's payload is dropped, then comes the ERR, and the connection stays open.")]
    public static Task UnexpectedPayload(Lab lab) =>
        ExpectDropped(lab, "4.2", "unexpected payload", "ADDR", "COUNT", "UPTIME");

    [Case(Role.Server, "malformed-header", "4.3", "A header that is not of the form of part 2 gets its ERR, then a clean end.")]
    public static async Task MalformedHeader(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        foreach ((string header, string fault) in Corpus.MalformedHeaders)
        {
            using RawClient client = await server.Connect();
            await client.Send("UPPER 2\nok" + header);
            await client.ExpectReply("OK", "OK", "5.1", $"the reply before a header with {fault}");
            await client.ExpectErr("malformed header", "4.3", $"the reply to a header with {fault}");
            await client.ExpectEnd("5.2", $"after a header with {fault}");
        }
    }

    [Case(Role.Server, "header-not-judged-early", "2.3", "A header is judged at its LF or at 23 bytes, not before.", Seconds = 1)]
    public static async Task HeaderNotJudgedEarly(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        foreach ((string early, string late) in new[] { ("x", "\n"), ("UPPER 5 oops", "\n"), ("ABCDEFGHIJKLMNOPQRSTUV", "W"), ("UPPER 999999", "\n"), ("\0", "\n") })
        {
            using RawClient client = await server.Connect();
            await client.Send(early);
            Expect.That(!await client.HasNews(Silence), "2.3", $"no judgement of {Excerpt.Of(early)} before its LF or 23 bytes", "a reply, or the end of the connection");
            await client.Send(late);
            await client.ExpectErr("malformed header", "2.3", $"the reply to {Excerpt.Of(early + late)}");
            await client.ExpectEnd("5.2", $"after {Excerpt.Of(early + late)}");
        }
    }

    [Case(Role.Server, "longest-header", "2.1", "The longest legal header is taken: 16 letters, SP, 5 digits, LF.")]
    public static async Task LongestHeader(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        await client.Send($"ABCDEFGHIJKLMNOP 65535\n{Corpus.Longest}UPPER 2\nok");
        await client.ExpectReply("ERR", "unknown command", "2.1", "the reply to the longest legal header");
        await client.ExpectReply("OK", "OK", "4.1", "the reply to the request after it");
    }

    [Case(Role.Server, "payload-too-large", "4.4", "A well-formed length above 65535 gets its ERR, whatever the command, then a clean end.")]
    public static async Task PayloadTooLarge(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        foreach (string header in new[] { "UPPER 65536\n", "UPPER 99999\n", "NOSUCH 65536\n", "COUNT 70000\n", "ABCDEFGHIJKLMNOP 99999\n" })
        {
            using RawClient client = await server.Connect();
            await client.Send("UPPER 2\nok" + header);
            await client.ExpectReply("OK", "OK", "5.1", $"the reply before {Excerpt.Of(header)}");
            await client.ExpectErr("payload too large", "4.4", $"the reply to {Excerpt.Of(header)}");
            await client.ExpectEnd("5.2", $"after {Excerpt.Of(header)}");

            using RawClient inPieces = await server.Connect();
            await inPieces.SendByteByByte(header);
            await inPieces.ExpectErr("payload too large", "4.4", $"the reply to {Excerpt.Of(header)} in single bytes");
        }
    }

    [Case(Role.Server, "ending-order", "5.1", "Earlier requests are answered before the last ERR, and nothing that follows is answered.")]
    public static async Task EndingOrder(Lab lab)
    {
        const int Earlier = 200;
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        Task sending = client.Send(string.Concat(Enumerable.Repeat("UPPER 2\nab", Earlier)) + "bad\nUPPER 2\nabCOUNT 0\n");
        for (int i = 0; i < Earlier; i++)
        {
            await client.ExpectReply("OK", "AB", "5.1", $"reply {i + 1} of {Earlier} before the error");
        }

        await client.ExpectReply("ERR", "malformed header", "5.1", "the ERR after them");
        await client.ExpectEnd("5.1", "after the ERR");
        await sending;
        using RawClient asks = await server.Connect();
        await asks.Send("COUNT 0\n");
        await asks.ExpectReply("OK", $"{Earlier + 1}", "5.1", "COUNT, to which requests after the error do not add");
    }

    [Case(Role.Server, "ending-without-reset", "5.3", "A client that goes on sending for a while reads the ERR and a clean end, and no reset.", Seconds = 0.6)]
    public static async Task EndingWithoutReset(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        foreach (string bad in new[] { "no header\n", "UPPER 65536\n" })
        {
            using RawClient client = await server.Connect();
            await client.Send(bad + Corpus.Longest);
            TimeSpan start = Moment.Now;
            while (Moment.Now - start < TimeSpan.FromSeconds(0.3))
            {
                await client.Send(Corpus.Longest[..1000]);
                await Wait.LetPass(TimeSpan.FromMilliseconds(5));
            }

            await client.ExpectReply("ERR", bad.StartsWith("UPPER", StringComparison.Ordinal) ? "payload too large" : "malformed header", "5.3", $"the reply to {Excerpt.Of(bad)}");
            await client.ExpectEnd("5.3", $"after {Excerpt.Of(bad)}, with the client sending on");
        }
    }

    [Case(Role.Server, "ending-takes-a-second", "5.2", "A client that does not close is dropped one second after the ERR, not earlier and not later; if it closes, at once, and whoever comes next is not dropped in its place.", Seconds = 1.3)]
    public static async Task EndingTakesASecond(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient silent = await server.Connect();
        await server.Connected(1);
        using RawClient closes = await server.Connect();
        await closes.Send("bad\n");
        await closes.ExpectReply("ERR", "malformed header", "4.3", "the reply to 'bad'");
        TimeSpan closed = Moment.Now;
        closes.Dispose();
        OutputLine gone = await server.Disconnected(2);
        // Well below the second that one waits for who does not close: on a busy machine a part of that is over when the ERR is heard.
        Expect.OfTime(gone.At - closed < TimeSpan.FromSeconds(0.6), "5.2", "the connection closed as soon as the client closes", $"closed after {Wait.Seconds(gone.At - closed)}", Lateness.Of(closed, gone.At));

        using RawClient next = await server.Connect(); // a server may give it what the one before had: a descriptor, a slot
        await server.Connected(3);
        TimeSpan sent = Moment.Now;
        await silent.Send("bad\n");
        await silent.ExpectReply("ERR", "malformed header", "4.3", "the reply to 'bad'");
        await silent.ExpectEnd("5.2", "after the ERR, at once,", TimeSpan.FromSeconds(0.8)); // the server's sending side; it closes later
        TimeSpan heard = Moment.Now;
        gone = await server.Disconnected(1, TimeSpan.FromSeconds(3));
        Expect.OfTime(gone.At >= sent + TimeSpan.FromSeconds(1) && gone.At <= heard + server.OneSecond, "5.2",
            "the connection closed one second after the ERR, as the client did not close it", $"closed after {Wait.Seconds(gone.At - heard)}",
            gone.At > heard + server.OneSecond ? Lateness.Of(heard + TimeSpan.FromSeconds(1), gone.At) : null);
        await silent.ExpectRefused("5.2", "that a connection is closed, and not only shut down, one second after the ERR: what comes in then is answered by a reset");
        await next.Send(WireText.Request("UPPER", "still here"));
        await next.ExpectReply("OK", "STILL HERE", "5.2", "a reply to the client that came next after one that an error has sent off, more than a second after that error");
    }

    [Case(Role.Server, "ending-for-a-slow-reader", "5.1", "A client that takes more than a second over each reply that it is owed gets them all, the ERR after them and a clean end: the second begins when the ERR is sent.", Also = ["5.2"], Lane = Lane.Together, Seconds = 5.5)]
    public static async Task EndingForASlowReader(Lab lab)
    {
        const int Owed = 4;
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await RawClient.Connect(server.EndPoint, isNarrow: true);
        Task sending = client.Send(string.Concat(Enumerable.Repeat(Encoding.Latin1.GetString(WireText.Request("UPPER", Corpus.Longest)), Owed)) + "bad\n");
        for (int i = 1; i <= Owed; i++)
        {
            await Wait.LetPass(TimeSpan.FromSeconds(1.3));
            await client.ExpectReply("OK", Corpus.Longest.ToUpperInvariant(), "5.1", $"reply {i} of {Owed} to a client that reads one in 1.3 s");
        }

        await client.ExpectReply("ERR", "malformed header", "5.1", "the ERR after them");
        await client.ExpectEnd("5.3", "after the ERR");
        await sending;
    }

    [Case(Role.Server, "ending-not-put-off", "5.2", "A client that goes on sending after the ERR is dropped one second after it all the same.", Seconds = 1.3)]
    public static async Task EndingNotPutOff(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        await server.Connected(1);
        TimeSpan sent = Moment.Now;
        await client.Send("bad\n");
        await client.ExpectReply("ERR", "malformed header", "4.3", "the reply to 'bad'");
        TimeSpan heard = Moment.Now;
        Task<OutputLine> disconnected = server.Disconnected(1, TimeSpan.FromSeconds(3));
        while (!disconnected.IsCompleted)
        {
            _ = client.SendWhatFits("more"u8);
            await Wait.LetPass(TimeSpan.FromMilliseconds(50));
        }

        OutputLine gone = await disconnected;
        Expect.OfTime(gone.At >= sent + TimeSpan.FromSeconds(1) && gone.At <= heard + server.OneSecond, "5.2",
            "the connection closed one second after the ERR, though the client went on sending", $"closed after {Wait.Seconds(gone.At - heard)}",
            gone.At > heard + server.OneSecond ? Lateness.Of(heard + TimeSpan.FromSeconds(1), gone.At) : null);
    }

    // Payloads of several sizes: no ERR before the whole payload has come, and the next request is answered.
    private static async Task ExpectDropped(Lab lab, string clause, string error, params string[] commands)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        foreach (string command in commands)
        {
            foreach (string payload in new[] { "x", "UPPER 1\na", Corpus.Longest })
            {
                await client.Send(WireText.Request(command, payload));
                await client.ExpectReply("ERR", error, clause, $"the reply to {command} with {payload.Length} bytes");
            }

            await client.Send("UPPER 2\nok");
            await client.ExpectReply("OK", "OK", clause, $"the reply to the request after {command}");
        }

        await client.Send($"{commands[0]} 6\nhello");
        Expect.That(!await client.HasNews(Silence), clause, "no reply before the whole payload has come", "a reply, or the end of the connection");
        await client.Send("!");
        await client.ExpectReply("ERR", error, clause, "the reply once the payload is whole");
        if (clause is "4.1")
        {
            await client.Send("NOSUCH 0\n");
            await client.ExpectReply("ERR", error, clause, "the reply to an unknown command without payload");
            foreach (string command in new[] { "EXIT", "QUIT", "BYE", "HELP", "LOWER", "TIME", "ECHO" })
            {
                await client.Send($"{command} 0\n");
                await client.ExpectReply("ERR", error, clause, $"the reply to {command}, which is no command");
            }
        }
    }
}
