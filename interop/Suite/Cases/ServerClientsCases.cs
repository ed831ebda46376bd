// Servers: IDs, the roster and the lines that tell of clients (clauses 6.3 to 6.6).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerClientsCases
{
    [Case(Role.Server, "three-languages-at-once", "1.2", "Three clients of three languages overlap, and nobody is blocked: the assignment's own experiment.", Seconds = 1)]
    public static async Task ThreeLanguagesAtOnce(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        var clients = new List<ClientUnderTest>();
        foreach (Peers.Peer peer in lab.Clients)
        {
            clients.Add(lab.StartClient(server.Port, server.EndPoint.Address.ToString(), peer));
            await clients[^1].Prompt();
            await server.Connected(clients.Count);
        }

        foreach (string choice in new[] { "1\nhello", "2", "3", "4" })
        {
            foreach (ClientUnderTest client in Enumerable.Reverse(clients))
            {
                await client.Choose(choice);
            }
        }

        foreach (ClientUnderTest client in clients)
        {
            client.Type("5\n");
            await client.ExpectFarewell(onOwnLine: false);
            await server.Disconnected(clients.IndexOf(client) + 1);
        }

        History history = await server.ExpectFarewell();
        Expect.That(history.Peak == clients.Count, "6.6", $"{clients.Count} clients at a time", $"{history.Peak}");
    }

    [Case(Role.Server, "ids-scenario", "6.3", "IDs start at 1, grow by one and are not used again: the assignment's own scenario, line by line.", Also = ["6.2"])]
    public static async Task IdsScenario(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(3);
        clients[1].Dispose();
        await server.Disconnected(2);
        using RawClient fourth = await server.Connect();
        await server.Connected(4);
        clients[2].Dispose();
        await server.Disconnected(3);
        clients[0].Dispose();
        await server.Disconnected(1);
        fourth.Dispose();
        await server.Disconnected(4);
        using RawClient fifth = await server.Connect();
        await server.Connected(5);
        await server.ExpectFarewell();
        Expect.Same($$"""
            The server is ready to receive on port {{server.Port}}
            Client 1 connected. Number of connected clients = 1
            Connected clients = {client 1}
            Client 2 connected. Number of connected clients = 2
            Connected clients = {client 1, client 2}
            Client 3 connected. Number of connected clients = 3
            Connected clients = {client 1, client 2, client 3}
            Client 2 disconnected. Number of connected clients = 2
            Connected clients = {client 1, client 3}
            Client 4 connected. Number of connected clients = 3
            Connected clients = {client 1, client 3, client 4}
            Client 3 disconnected. Number of connected clients = 2
            Connected clients = {client 1, client 4}
            Client 1 disconnected. Number of connected clients = 1
            Connected clients = {client 4}
            Client 4 disconnected. Number of connected clients = 0
            Connected clients = {}
            Client 5 connected. Number of connected clients = 1
            Connected clients = {client 5}
            Bye bye~

            """, server.Log.Text, "6.3", "the log");
    }

    [Case(Role.Server, "roster-of-twelve", "6.5", "The roster names the ten lowest IDs and says how many more there are.", Also = ["11.1"])]
    public static async Task RosterOfTwelve(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(12);
        await server.Log.Line("Connected clients = {client 1, client 2, client 3, client 4, client 5, client 6, client 7, client 8, client 9, client 10, 2 more}", "6.5", Wait.Patience);
        clients[4].Dispose();
        await server.Disconnected(5);
        clients[11].Dispose();
        await server.Disconnected(12);
        await server.Log.Line("Connected clients = {client 1, client 2, client 3, client 4, client 6, client 7, client 8, client 9, client 10, client 11}", "6.5", Wait.Patience);
        await server.ExpectFarewell();
        clients.ForEach(client => client.Dispose());
    }

    [Case(Role.Server, "connect-lines-first", "6.3", "A client's connect lines are out before its first reply.")]
    public static async Task ConnectLinesFirst(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        for (int id = 1; id <= 10; id++)
        {
            using RawClient client = await server.Connect();
            await client.Ask("ADDR");
            await server.Process.Freeze(); // what comes from now on was out before the reply
            await server.Log.Find($"the connect lines of client {id} before its first reply", "6.3", TimeSpan.FromSeconds(2),
                lines => lines.Count(line => line.Text.StartsWith("Connected clients = ", StringComparison.Ordinal)) >= (2 * id) - 1 ? lines : null);
            server.Process.Thaw();
            client.Dispose();
            await server.Disconnected(id);
        }
    }

    [Case(Role.Server, "every-end-is-told", "6.4", "A client's end is told within a second, whether it closes, half-closes, resets, or leaves in mid-request or while it is answered.", Seconds = 1)]
    public static async Task EveryEndIsTold(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(5);
        clients[0].Dispose();
        await server.Disconnected(1);
        clients[1].EndSending();
        await server.Disconnected(2);
        clients[2].Reset();
        await server.Disconnected(3);
        await clients[3].Send("UPPER 100\nhalf of it");
        clients[3].Reset();
        await server.Disconnected(4);
        await clients[4].Send("UPPER 100\nhalf of it");
        clients[4].Dispose();
        await server.Disconnected(5);

        // What it is owed fills every buffer, so the server is in the middle of sending when the client goes.
        byte[] much = [.. Enumerable.Repeat(WireText.Request("UPPER", Corpus.Longest), 200).SelectMany(request => request)];
        foreach (bool reset in new[] { true, false })
        {
            using RawClient leaves = await server.Connect();
            int id = reset ? 6 : 7;
            await server.Connected(id);
            long sent = 0;
            for (TimeSpan last = Moment.Now; Moment.Now - last < TimeSpan.FromSeconds(0.1) && sent < much.Length;)
            {
                int count = leaves.SendWhatFits(much.AsSpan((int)sent));
                (sent, last) = (sent + count, count > 0 ? Moment.Now : last);
            }

            if (reset)
            {
                leaves.Reset();
            }
            else
            {
                leaves.Dispose();
            }

            await server.Disconnected(id);
        }

        await server.ExpectServing("6.4", "the next client's reply");
        await server.Disconnected(8);
        await server.ExpectFarewell();
        clients.ForEach(client => client.Dispose());
    }

    [Case(Role.Server, "ids-storm", "6.6", "Hundreds come and go at once: IDs have no gap and no repetition, and the log is one true history.", Lane = Lane.Few, Seconds = 1, HasCrowd = true)]
    public static async Task IdsStorm(Lab lab)
    {
        const int AtATime = 40;
        const int Rounds = 10;
        ServerUnderTest server = await lab.StartServer();
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(async each =>
        {
            for (int round = 0; round < Rounds; round++)
            {
                using RawClient client = await server.Connect();
                await client.Send(WireText.Request("UPPER", $"client {each} round {round}"));
                await client.ExpectReply("OK", $"CLIENT {each} ROUND {round}", "3.1", "a reply in the storm");
                if ((each + round) % 3 == 0)
                {
                    client.Reset();
                }
            }
        }));
        using (RawClient asks = await server.Connect())
        {
            await asks.Send("COUNT 0\n");
            await asks.ExpectReply("OK", $"{(AtATime * Rounds) + 1}", "3.3", "COUNT after the storm, of which no reply was lost or counted twice");
        }

        await server.Log.Find($"{AtATime * Rounds} disconnect lines", "6.4", server.OneSecond,
            lines => lines.Count(line => line.Text.Contains(" disconnected. ", StringComparison.Ordinal)) > AtATime * Rounds ? lines : null);
        History history = await server.ExpectFarewell();
        Expect.That(history.Where(Told.Connected).Count() == (AtATime * Rounds) + 1, "6.3", $"{(AtATime * Rounds) + 1} clients in all", $"{history.Where(Told.Connected).Count()}");
        Expect.That(history.Connected.Count == 0, "6.4", "nobody connected at the end", $"{history.Connected.Count}");
    }

    [Case(Role.Server, "thousand-clients", "9.1", "A thousand clients at once are all answered, and the farewell still takes no more than a second.", Lane = Lane.Few, Seconds = 2, HasCrowd = true)]
    public static async Task ThousandClients(Lab lab)
    {
        const int Crowd = 1000;
        ServerUnderTest server = await lab.StartServer();
        var clients = new List<RawClient>();
        try
        {
            for (int i = 0; i < Crowd; i++)
            {
                clients.Add(await server.Connect());
            }

            await Task.WhenAll(clients.Select(async (client, i) =>
            {
                await client.Send(WireText.Request("UPPER", $"client {i}"));
                await client.ExpectReply("OK", $"CLIENT {i}", "9.1", $"the reply to one of {Crowd} clients", 4 * Wait.Patience); // a thousand threads take their time on a busy machine
            }));
            await server.Connected(Crowd); // megabytes of lines: a farewell is judged where stdout is read (7.5)
            StallMeter.Watch(server.Process);
            History history = await server.ExpectFarewell();
            Expect.That(history.Peak == Crowd, "6.6", $"{Crowd} clients at a time", $"{history.Peak}");
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }
}
