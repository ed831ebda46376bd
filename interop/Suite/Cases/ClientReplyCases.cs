// Clients: what a server may answer, and what it may not (clauses 10.5 to 10.7, 10.10 and 10.11).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ClientReplyCases
{
    // It comes as a whole, but late, and so is no reason to wait for what belongs to it any longer.
    private const string LateHeader = "OK 2\n1";

    [Case(Role.Client, "reply-in-single-bytes", "1.3", "A reply that comes one byte at a time is one reply.")]
    public static async Task ReplyInSingleBytes(Lab lab)
    {
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        await client.Prompt();
        client.Type("1\nhello world\n");
        await served.ExpectRequest("UPPER", "hello world");
        await served.SendByteByByte("OK 11\nHELLO WORLD");
        client.Type("4\n");
        await served.ExpectRequest("UPTIME");
        await served.SendByteByByte("OK 8\n00:00:07");
        client.Type("5\n");
        await client.ExpectFarewell(onOwnLine: false);
        await served.ExpectEnd();
        Expect.Same(new Transcript("1.3").Upper("hello world").Uptime().Exit().Expected, Transcript.Normalise(client.Process.Output.Text), "1.3", "the transcript");
    }

    [Case(Role.Client, "error-replies", "10.6", "An ERR reply prints its text and the round-trip time, and the menu comes again.")]
    public static async Task ErrorReplies(Lab lab)
    {
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        var transcript = new Transcript("10.6");
        foreach ((string option, string command, string text) in new[]
        {
            ("2", "ADDR", "unknown command"), ("3", "COUNT", "unexpected payload"), ("4", "UPTIME", ""), ("4", "UPTIME", Corpus.Format), ("3", "COUNT", "an error of another kind: \xe9\0!"), ("3", "COUNT", " spaces, and an LF at the end \n"), ("2", "ADDR", Corpus.Longest),
        })
        {
            transcript.StepToMenu($"{option}\n", $"Error from server: {text}\nRTT = # ms\n");
            client.Type($"{option}\n");
            await served.ExpectRequest(command);
            await served.Send($"ERR {text.Length}\n{text}");
        }

        transcript.Exit();
        client.Type("5\n");
        await client.ExpectFarewell(onOwnLine: false);
        Expect.Same(transcript.Expected, Transcript.Normalise(client.Process.Output.Text), "10.6", "the transcript");
    }

    [Case(Role.Client, "shown-as-received", "10.5", "Counts of twenty digits or with leading zeros, days of running time and IPv6 addresses are shown as received.")]
    public static async Task ShownAsReceived(Lab lab)
    {
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        foreach ((string option, string command, string text, string shown) in new[]
        {
            ("3", "COUNT", "18446744073709551616", "requests served = 18446744073709551616"),
            ("3", "COUNT", "007", "requests served = 007"),
            ("4", "UPTIME", "1234:59:59", "run time = 1234:59:59"),
            ("4", "UPTIME", "007:00:00", "run time = 007:00:00"),
            ("4", "UPTIME", "99999999999:00:00", "run time = 99999999999:00:00"),
            ("2", "ADDR", "[2001:db8::7]:50000", "client IP = 2001:db8::7, port = 50000"),
            ("2", "ADDR", "203.0.113.7:1", "client IP = 203.0.113.7, port = 1"),
            ("2", "ADDR", "[fe80::1]:65535", "client IP = fe80::1, port = 65535"),
            ("3", "COUNT", "1234567890123456789012345678901234567890", "requests served = 1234567890123456789012345678901234567890"),
            ("2", "ADDR", "[2001:db8:1234:5678:9abc:def0:1234:5678]:65535", "client IP = 2001:db8:1234:5678:9abc:def0:1234:5678, port = 65535"),
            ("1\nany", "UPPER", "two\nlines \0\xff", "two\nlines \0\xff"),
            ("1\nany", "UPPER", Corpus.Format, Corpus.Format),
        })
        {
            await client.Prompt();
            int before = client.Process.Output.Text.Length;
            client.Type($"{option}\n");
            await served.ExpectRequest(command, command is "UPPER" ? "any" : "");
            await served.Send($"OK {text.Length}\n{text}");
            await client.Process.Output.Find("the reply and the menu", "10.7", Wait.Patience, _ => client.Process.Output.Text.IndexOf("<Menu>", before, StringComparison.Ordinal) > 0 ? client : null);
            string printed = client.Process.Output.Text[before..];
            string reply = $"Reply from server: {shown}\nRTT = ";
            Expect.That(printed.Contains(reply, StringComparison.Ordinal), "10.5", Excerpt.Of(reply), Excerpt.Of(printed));
        }
    }

    [Case(Role.Client, "round-trip-time", "10.7", "RTT is the time from sending the request to the whole reply, in milliseconds with three decimals.", Seconds = 1)]
    public static async Task RoundTripTime(Lab lab)
    {
        TimeSpan half = TimeSpan.FromMilliseconds(200);
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        await client.Prompt();
        await Wait.LetPass(half); // the user thinks, which is no part of it
        TimeSpan typed = Moment.Now;
        client.Type("3\n");
        await served.ExpectRequest("COUNT");
        TimeSpan asked = Moment.Now;
        await Wait.LetPass(half);
        await served.Send("OK 2\n1");
        await Wait.LetPass(half); // a client that takes the first byte of a reply for all of it would stop its clock here
        TimeSpan answered = Moment.Now; // before the last byte leaves: no right client shows less
        await served.Send("7");
        await ExpectRoundTripTime(client, 1, answered - asked, typed);

        // Nor is what lies between option and sentence, or before this request.
        client.Type("1\n");
        await client.Process.Output.EndsWith(ClientUnderTest.SentencePrompt, "10.2", Wait.Patience);
        await Wait.LetPass(half);
        typed = Moment.Now;
        client.Type("hello\n");
        await served.ExpectRequest("UPPER", "hello");
        await served.Send("OK 5\nHELLO");
        await ExpectRoundTripTime(client, 2, TimeSpan.Zero, typed);

        await client.Prompt();
        typed = Moment.Now;
        client.Type("3\n");
        await served.ExpectRequest("COUNT");
        asked = Moment.Now;
        await Wait.LetPass(half);
        answered = Moment.Now;
        await served.Send("ERR 5\nsorry");
        await ExpectRoundTripTime(client, 3, answered - asked, typed);
        Expect.That(!RoundTripTimes(client).All(line => line.Text.EndsWith(".000 ms", StringComparison.Ordinal)), "10.7", "microseconds in three decimals", "three times that all end in .000");
    }

    [Case(Role.Client, "broken-replies", "10.11", "A reply that breaks the protocol ends the client with one line and exit 1.", Seconds = 2)]
    public static async Task BrokenReplies(Lab lab)
    {
        foreach ((string Option, string Reply, string Fault)[] some in BrokenReply.All.Chunk(10))
        {
            await Task.WhenAll(some.Select(each => ExpectBroken(lab, each.Option, each.Reply, each.Fault)));
        }
    }

    [Case(Role.Client, "unasked-bytes", "10.11", "Bytes that nobody asked for break the protocol: the next request says so; option 5 still ends well.")]
    public static async Task UnaskedBytes(Lab lab)
    {
        using var server = new ScriptedServer();
        foreach ((string surplus, bool asksAgain) in new[] { ("OK 1\n8", true), ("O", true), ("OK 1\n8", false) })
        {
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            await client.Prompt();
            client.Type("3\n");
            await served.ExpectRequest("COUNT");
            await served.Send($"OK 1\n7{surplus}");
            await client.Process.Output.Find("the first reply", "10.5", Wait.Patience, _ => client.Process.Output.Text.Contains("requests served = 7\n", StringComparison.Ordinal) ? client : null);
            await client.Prompt();
            client.Type(asksAgain ? "3\n" : "5\n");
            await (asksAgain ? client.ExpectFault($"{Excerpt.Of(surplus)} came behind the one reply asked for", TimeSpan.FromSeconds(8)) : client.ExpectFarewell(onOwnLine: false));
        }
    }

    [Case(Role.Client, "unasked-at-once", "10.11", "A reply that comes before any request breaks the protocol, be it OK or ERR; option 5 still ends well.")]
    public static async Task UnaskedAtOnce(Lab lab)
    {
        using var server = new ScriptedServer();
        foreach ((string unasked, string typed) in new[] { ("OK 1\n7", "3\n"), ("ERR 5\nhello", "4\n"), ("O", "2\n"), ("OK 1\n7", "5\n") })
        {
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            await served.Send(unasked);
            await client.Prompt();
            client.Type(typed);
            await (typed is "5\n" ? client.ExpectFarewell(onOwnLine: false) : client.ExpectFault($"nobody asked for {Excerpt.Of(unasked)}", TimeSpan.FromSeconds(8)));
        }
    }

    [Case(Role.Client, "reply-with-the-end", "10.7", "A reply that comes together with the end of its connection is shown; the next request notices that the server is gone.")]
    public static async Task ReplyWithTheEnd(Lab lab)
    {
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        await client.Prompt();
        client.Type("3\n");
        await served.ExpectRequest("COUNT");
        await client.Process.Freeze(); // so that it finds both at once
        await served.Send("OK 1\n1");
        served.Dispose();
        client.Process.Thaw();
        await client.Process.Output.Find("the reply that came with the end of the connection", "10.7", Wait.Soon, _ => client.Process.Output.Text.Contains("requests served = 1\nRTT", StringComparison.Ordinal) ? client : null);
        await client.Prompt();
        client.Type("3\n");
        await client.ExpectFault("the server is gone");
    }

    [Case(Role.Client, "half-a-reply", "10.10", "A connection that ends in the middle of a reply ends the client, whether by FIN or by reset.", Seconds = 3)]
    public static async Task HalfAReply(Lab lab)
    {
        foreach (string piece in new[] { "", "O", "OK 5", "OK 5\n", "OK 5\nHELL" })
        {
            foreach (bool reset in new[] { false, true })
            {
                using var server = new ScriptedServer();
                ClientUnderTest client = lab.StartClient(server.Port);
                using ServedClient served = await server.Accept(client);
                client.Type("1\nhello\n");
                await served.ExpectRequest("UPPER", "hello");
                await served.Send(piece);
                if (reset)
                {
                    served.Reset();
                }
                else
                {
                    served.Dispose();
                }

                await client.ExpectFault($"the connection ended after {Excerpt.Of(piece)}", TimeSpan.FromSeconds(8));
            }
        }
    }

    [Case(Role.Client, "reply-too-late", "10.10", "A reply that is not complete after 10 s ends the client then, whether nothing came, half of it, or a byte now and then.", Lane = Lane.Together, Seconds = 10.5)]
    public static Task ReplyTooLate(Lab lab) => Task.WhenAll(new[] { "", "OK 1", "OK 10\nhalf", "OK 9\n1234567", LateHeader }.Select(async piece =>
    {
        bool dribbles = piece is "OK 9\n1234567";
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        await client.Prompt();
        TimeSpan typed = Moment.Now;
        client.Type("3\n");
        await served.ExpectRequest("COUNT");
        TimeSpan asked = Moment.Now; // on a busy machine long after
        await Wait.LetPass(piece is LateHeader ? TimeSpan.FromSeconds(5) : TimeSpan.Zero);
        await served.Send(dribbles ? piece[..5] : piece);
        for (int next = 5; dribbles && next < 9; next++)
        {
            await Wait.LetPass(TimeSpan.FromSeconds(2)); // each byte comes soon after the one before; the last at 8 s
            await served.Send(piece[next].ToString());
        }

        await client.ExpectFault($"only {Excerpt.Of(piece)} came within 10 s", ClientUnderTest.ReplyTime);
        Ending ending = await client.Process.Ended;
        Expect.Within(ending.At - typed, TimeSpan.FromSeconds(9.9), asked - typed + TimeSpan.FromSeconds(11), "10.10", "an end 10 s after the request");
    }));

    [Case(Role.Client, "reply-late-but-in-time", "10.10", "A reply that is complete after 9 s is a reply, and whoever has it may think for as long as he likes.", Lane = Lane.Together, Seconds = 11)]
    public static async Task ReplyLateButInTime(Lab lab)
    {
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        await client.Prompt();
        TimeSpan typed = Moment.Now;
        client.Type("3\n");
        await served.ExpectRequest("COUNT");
        TimeSpan asked = Moment.Now;
        // By the clock, and from before the request: what this machine takes for each step must not add up to the tenth second.
        await Wait.LetPass(typed + TimeSpan.FromSeconds(4.5) - Moment.Now);
        await served.Send("OK 1");
        await Wait.LetPass(typed + TimeSpan.FromSeconds(9) - Moment.Now);
        TimeSpan answered = Moment.Now;
        await served.Send("\n7");
        await client.Process.Output.Find("the reply of 9 s later", "10.10", TimeSpan.FromSeconds(1), _ => client.Process.Output.Text.Contains("requests served = 7\n", StringComparison.Ordinal) ? client : null);
        await ExpectRoundTripTime(client, 1, answered - asked, typed);
        await client.Prompt();
        await Wait.LetPass(asked + TimeSpan.FromSeconds(10.5) - Moment.Now); // the time of that reply would be over by now
        client.Type("3\n");
        await served.ExpectRequest("COUNT");
        await served.Send("OK 1\n8");
        await client.Process.Output.Find("the reply after that", "10.10", Wait.Soon, _ => client.Process.Output.Text.Contains("requests served = 8\n", StringComparison.Ordinal) ? client : null);
        await client.Prompt();
        client.Type("5\n");
        await client.ExpectFarewell(onOwnLine: false);
    }

    private static IEnumerable<OutputLine> RoundTripTimes(ClientUnderTest client) =>
        client.Process.Output.Lines.Where(line => line.IsWhole && line.Text.StartsWith("RTT", StringComparison.Ordinal));

    // The n-th one shown: at least as long as the server took, and no longer than since the request was typed.
    private static async Task ExpectRoundTripTime(ClientUnderTest client, int number, TimeSpan atLeast, TimeSpan typed)
    {
        OutputLine line = await client.Process.Output.Find("the line 'RTT = N.NNN ms'", "10.7", Wait.Patience, _ => RoundTripTimes(client).ElementAtOrDefault(number - 1));
        Expect.Same("RTT = # ms", Transcript.Normalise($"\n{line.Text}\n").Trim('\n'), "10.7", "the line of the round-trip time");
        var shown = TimeSpan.FromMilliseconds(double.Parse(line.Text.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture));
        Expect.Within(shown, atLeast - TimeSpan.FromMilliseconds(1), line.At - typed, "10.7", "a round-trip time");
    }

    private static async Task ExpectBroken(Lab lab, string option, string reply, string fault)
    {
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        client.Type($"{option}\n");
        await served.ExpectRequest(option switch { "2" => "ADDR", "3" => "COUNT", _ => "UPTIME" });
        await served.Send(reply);
        // Sooner than the 10 s after which it would give up on any reply.
        await client.ExpectFault($"{Excerpt.Of(reply)} has {fault}", TimeSpan.FromSeconds(8));
        Expect.That(!client.Process.Output.Text.Contains(" from server: ", StringComparison.Ordinal), "10.10", $"nothing but a line on stderr of {Excerpt.Of(reply)}, which has {fault}", Excerpt.OfEnd(client.Process.Output.Text));
    }
}
