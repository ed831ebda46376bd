// Servers: clients that misbehave, and a system that runs out (part 9).
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerTroubleCases
{
    [Case(Role.Server, "stalled-clients", "9.1", "Clients that stall in mid-request, or that reset, keep nobody else waiting.")]
    public static async Task StalledClients(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> stalled = await server.ConnectInOrder(6);
        string[] pieces = ["", "U", "UPPER 10", "UPPER 10\n", "UPPER 10\nhalf", "NOSUCH 10\nhalf"];
        for (int i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Length > 0)
            {
                await stalled[i].Send(pieces[i]);
            }
        }

        await server.ExpectServing("9.1", "another client's reply beside six that stall");
        stalled[3].Reset();
        await server.Disconnected(4);
        await server.ExpectServing("9.1", "another client's reply after a reset");
        await stalled[4].Send("andhal");
        await stalled[4].ExpectReply("OK", "HALFANDHAL", "1.3", "the reply to a request that stalled and went on", Wait.Soon);
        stalled.ForEach(client => client.Dispose());
    }

    [Case(Role.Server, "never-reads", "1.5", "A client that sends and never reads is not read from for ever, slows nobody and costs a bounded amount.", Lane = Lane.Few, Seconds = 2, Here = true)]
    public static async Task NeverReads(Lab lab)
    {
        const long Bound = 64L * 1024 * 1024;
        const long Step = 1024 * 1024;
        ServerUnderTest server = await lab.StartServer();
        using RawClient other = await server.Connect();
        await other.Ask("UPPER", "warm");
        long memory = ProcessFacts.Memory(server.Process.ProcessId);

        using RawClient greedy = await server.Connect();
        byte[] request = WireText.Request("UPPER", Corpus.Longest);
        long sent = 0;
        long held = memory;
        TimeSpan lastProgress = Moment.Now;
        while (Moment.Now - lastProgress < TimeSpan.FromSeconds(1))
        {
            int count = greedy.SendWhatFits(request.AsSpan((int)(sent % request.Length)));
            sent += count;
            Expect.That(sent < Bound, "1.5", $"that the server stops reading from a client that does not read, before {Bound} bytes", $"{sent} bytes taken");
            if (count > 0)
            {
                lastProgress = Moment.Now;
                continue;
            }

            long now = ProcessFacts.Memory(server.Process.ProcessId);
            if (now - held >= Step)
            {
                (held, lastProgress) = (now, Moment.Now); // it takes nothing more, but is not done with what it has
            }

            await other.Send(WireText.Request("UPPER", "still quick"));
            await other.ExpectReply("OK", "STILL QUICK", "9.1", "another client's reply beside one that never reads", Wait.Soon);
        }

        long grown = ProcessFacts.Memory(server.Process.ProcessId) - memory;
        // A runtime that collects its garbage lets some lie, the more the larger the processor's cache is: 84 MB were seen.
        Expect.That(grown < 4 * Bound, "1.5", $"that the server grows by less than {4 * Bound} bytes", $"{grown} bytes");

        await ReadAtLast(greedy, sent);
    }

    /// <summary>Has a client read after all that has asked UPPER of the longest sentence again and again: it is owed a reply for each.</summary>
    /// <param name="client">The client.</param>
    /// <param name="sent">How many bytes it has sent so far, the last request perhaps in part.</param>
    public static async Task ReadAtLast(RawClient client, long sent)
    {
        byte[] request = WireText.Request("UPPER", Corpus.Longest);
        int rest = (int)((request.Length - (sent % request.Length)) % request.Length);
        Task sending = client.Send(request.AsMemory(request.Length - rest));
        long whole = (sent + rest) / request.Length;
        string upper = Corpus.Longest.ToUpperInvariant();
        for (long i = 0; i < whole; i++)
        {
            await client.ExpectReply("OK", upper, "1.2", $"reply {i + 1} of {whole} to a client that reads at last");
        }

        await sending;
    }

    [Case(Role.Server, "others-beside-a-pipeline", "9.1", "A client that sends requests without a pause, and takes the replies, keeps nobody waiting: others get their replies, and a signal ends the server within a second.", Also = ["8.1"], Lane = Lane.Few, Seconds = 1)]
    public static async Task OthersBesideAPipeline(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(2);
        Task pouring = clients[0].Pour(WireText.Request("UPPER", ""));
        await Wait.LetPass(TimeSpan.FromSeconds(0.3));
        await ExpectQuick(server, clients[1], "9.1", "beside one that sends without a pause");
        History history = await server.ExpectFarewell();
        Expect.That(history.Connected.Count == clients.Count, "8.1", $"{clients.Count} clients served until the farewell", $"{history.Connected.Count} connected at the end of the log");
        await pouring;
        clients.ForEach(client => client.Dispose());
    }

    [Case(Role.Server, "out-of-descriptors", "9.2", "Out of descriptors a server serves on, says so once an episode, does not spin, and takes new clients when others leave.", Seconds = 4, Here = true)]
    public static async Task OutOfDescriptors(Lab lab)
    {
        const int SoftLimit = 100; // which it raises to the hard one
        const int Limit = 200;
        const int Late = 40;
        ServerUnderTest server = await lab.StartServer(prefix: ["sh", "-c", $"ulimit -Sn {SoftLimit} && ulimit -Hn {Limit} && exec \"$@\"", "sh"]);
        int connected = 0;
        for (int episode = 1; episode <= 2; episode++)
        {
            var clients = new List<RawClient>();
            try
            {
                for (int i = 0; i < Limit + Late; i++)
                {
                    clients.Add(await server.Connect());
                }

                int lines = episode;
                await server.Process.Errors.Find($"a line on stderr about the lack of descriptors, in episode {episode}", "9.2", Wait.Soon,
                    all => all.Count(line => line.IsWhole) >= lines ? all : null);
                await ExpectQuick(server, clients[0], "9.2", "while there are no descriptors");
                if (episode == 1)
                {
                    TimeSpan wanted = await ProcessFacts.MostWantedIn(TimeSpan.FromSeconds(1.5), server.Process.ProcessId);
                    // One that spins wants all of it; one that rests wants little, but on a busy machine waits for that too.
                    Expect.That(wanted < TimeSpan.FromSeconds(1), "9.2", "a server that rests while it has no descriptors (no thread of it wants more than 1 s of processor time in 1.5 s)", Wait.Seconds(wanted));
                }

                // What is said on stderr may be read before what was printed earlier.
                await Wait.Until($"more clients than the soft limit of {SoftLimit} descriptors, which is raised to the hard one of {Limit}", "9.2", Wait.Soon,
                    () => Connected(server) - connected > SoftLimit, () => $"{Connected(server) - connected}");
                int served = Connected(server) - connected;
                Expect.That(served < Limit, "9.2", $"fewer clients than the limit of {Limit} descriptors", $"{served}");

                // Those who wait are taken in when others leave, in their order, and get the next IDs.
                for (int i = 0; i < Late; i++)
                {
                    clients[i].Dispose();
                }

                await server.Connected(connected + served + Late, Wait.Soon);
                await clients[served + Late - 1].Send("COUNT 0\n");
                Message late = await clients[served + Late - 1].Reply("the reply to a client that had waited for a descriptor");
                Expect.That(late.Word is "OK", "9.2", "OK to a client that had waited for a descriptor", late.Word);
                Expect.That(server.Process.Errors.Lines.Count == episode, "9.2", $"one line on stderr an episode, in the {episode} so far", $"{server.Process.Errors.Lines.Count}: {Excerpt.Of(server.Process.Errors.Text)}");
            }
            finally
            {
                clients.ForEach(client => client.Dispose());
            }

            connected += Limit + Late;
            int all = connected;
            await Wait.Until($"that all {all} have been taken in and have left", "9.2", Wait.Patience,
                () => Connected(server) == all && server.Log.Lines[^1].Text is "Connected clients = {}", () => $"{Connected(server)} connect lines, and last {Excerpt.Of(server.Log.Lines[^1].Text)}");
            await server.ExpectServing("9.2", "a reply after the crowd has left");
            connected++;
        }

        await ServerIdleCases.ExpectRest(server, "after it has been out of descriptors", (_, _) => Task.FromResult<RawClient[]>([]));
        History.Replay([.. server.Log.Lines.TakeWhile(line => line.IsWhole)]);
    }

    [Case(Role.Server, "more-than-it-can-serve", "9.3", "Of 1100 clients at once each is served, or closed at once without an ID and told of in one line on stderr.", Also = ["11.2"], Lane = Lane.Few, Seconds = 2)]
    public static async Task MoreThanItCanServe(Lab lab)
    {
        const int Crowd = 1100;
        ServerUnderTest server = await lab.StartServer();
        var clients = new List<RawClient>();
        try
        {
            for (int i = 0; i < Crowd; i++)
            {
                clients.Add(await server.Connect());
            }

            bool[] served = await Task.WhenAll(clients.Select(client => client.IsServed(server.Slack)));
            int refused = served.Count(each => !each);
            await Wait.Until($"{Crowd - refused} connect lines, with {refused} of {Crowd} clients refused", "9.3", Wait.Soon,
                () => Connected(server) == Crowd - refused, () => $"{Connected(server)} connect lines");
            await Wait.Until($"{(refused == 0 ? "no line" : "one line")} on stderr, with {refused} of {Crowd} clients refused", "9.3", Wait.Soon,
                () => server.Process.Errors.Lines.Count == (refused == 0 ? 0 : 1), () => $"{server.Process.Errors.Lines.Count}: {Excerpt.Of(server.Process.Errors.Text)}");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await server.Log.Line("Connected clients = {}", "6.4", Wait.Patience);
        await server.ExpectServing("9.3", "a reply after the crowd has left");
        History.Replay([.. server.Log.Lines.TakeWhile(line => line.IsWhole)]);
    }

    [Case(Role.Server, "crowd-comes-and-goes", "9.1", "After four crowds of two hundred, who leave in every way, a server has neither more descriptors or threads nor much more memory than after two.", Lane = Lane.Few, Seconds = 2, Here = true)]
    public static async Task CrowdComesAndGoes(Lab lab)
    {
        const int Crowd = 200;
        ServerUnderTest server = await lab.StartServer();
        (int descriptors, int threads, long memory) = (0, 0, 0);
        for (int round = 1; round <= 4; round++)
        {
            var clients = new List<RawClient>();
            for (int i = 0; i < Crowd; i++)
            {
                clients.Add(await server.Connect());
            }

            await Task.WhenAll(clients.Select(client => client.ExpectAnswer("UPPER", Encoding.Latin1.GetString(new byte[2000]))));
            await Task.WhenAll(clients.Select(Leave));
            await Wait.Until("that all of the crowd have left", "6.4", Wait.Patience, () => server.Log.Lines[^1].Text is "Connected clients = {}", () => server.Log.Lines[^1].Text);
            int Open() => ProcessFacts.Descriptors(server.Process.ProcessId);
            long used = ProcessFacts.Memory(server.Process.ProcessId);
            if (round <= 2)
            {
                // A first crowd may be what pools and stacks grow by for good.
                (descriptors, threads, memory) = (Open(), ProcessFacts.Threads(server.Process.ProcessId), used);
            }

            // Fewer more than those who left in one way.
            await Wait.Until($"about {descriptors} open descriptors after crowd {round}, as after the second crowd", "9.1", Wait.Soon, () => Open() < descriptors + (Crowd / 4), () => $"{Open()}");
            // A sanitizer keeps a history of its own for each thread that it has seen; it tells of leaks by itself.
            Expect.That(server.Slack > 1 || used < memory + Tolerance.GrowthByCrowd, "9.1", $"about {memory / 1024} KiB of memory, as after the second crowd", $"{used / 1024} KiB after crowd {round}");
            await Wait.Until($"about {threads} threads after crowd {round}, as after the second crowd", "9.1", TimeSpan.FromSeconds(5),
                () => ProcessFacts.Threads(server.Process.ProcessId) < threads + (Crowd / 2), () => $"{ProcessFacts.Threads(server.Process.ProcessId)} threads");
        }
    }

    // A server that rests as a whole for a second lets a client wait for most of it, two times of three at least.
    private static async Task ExpectQuick(ServerUnderTest server, RawClient client, string clause, string when)
    {
        TimeSpan most = TimeSpan.FromSeconds(0.5) * server.Slack;
        var asked = new List<(TimeSpan At, TimeSpan Took)>();
        for (int i = 0; i < 3; i++)
        {
            TimeSpan at = Moment.Now;
            await client.Send(WireText.Request("UPPER", "still here"));
            await client.ExpectReply("OK", "STILL HERE", clause, $"an established client's reply {when}", Wait.Soon);
            asked.Add((at, Moment.Now - at));
        }

        (TimeSpan begin, TimeSpan took) = asked.OrderBy(each => each.Took).ElementAt(1);
        Expect.OfTime(took < most, clause, $"two of three replies to an established client within {Wait.Seconds(most)} {when}",
            string.Join(", ", asked.Select(each => Wait.Seconds(each.Took))), Lateness.Of(begin, begin + took));
    }

    // In each of four ways, one after another.
    private static async Task Leave(RawClient client, int number)
    {
        switch (number % 4)
        {
            case 1:
                client.Reset();
                return;
            case 2:
                await client.Send("UPPER 10\nhalf");
                break;
            case 3:
                await client.Send("bad\n");
                await client.ExpectReply("ERR", "malformed header", "4.3", "the reply to 'bad'");
                break;
        }

        client.Dispose();
    }

    private static int Connected(ServerUnderTest server) =>
        server.Log.Lines.Count(line => line.Text.Contains(" connected. ", StringComparison.Ordinal));
}
