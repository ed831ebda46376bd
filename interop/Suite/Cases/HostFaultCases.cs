// What only hosts of their own can suffer: to be cut off their network, paused, out of memory, started again (parts 7 to 10).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class HostFaultCases
{
    // Clause 9.8: by then a client that vanished is told of.
    private static readonly TimeSpan Vanished = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Earliest = TimeSpan.FromSeconds(89.5); // 90, less what clocks differ by

    // Far less than a client's 10 s, and longer than the engine takes to connect it again.
    private static readonly TimeSpan CutOff = TimeSpan.FromSeconds(2);

    // A client's system sends a request again after 0.2, 0.6, 1.4, 3.0 and 6.2 s, and next after 12.6 s, when the client has given up.
    private static readonly TimeSpan LongestCutOff = TimeSpan.FromSeconds(5.5);

    [Case(Role.Pair, "client-cut-off", "10.10", "A client that is cut off its network in mid-request waits, and finishes when it is connected again; the server serves others.", Direct = true, Apart = true, Seconds = 10)]
    public static async Task ClientCutOff(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        ClientUnderTest client = lab.StartClient(server.Port, server.Process.Host);
        await client.Choose("1\nhello");
        ContainerProcess host = HostOf(client.Process);
        await host.Disconnect();
        TimeSpan typed = Moment.Now;
        client.Type("1\nare you there?\n");
        await server.ExpectServing("9.1", "another client's reply while one is cut off");
        await Wait.LetPass(typed + CutOff - Moment.Now);
        Expect.That(!client.Process.Ended.IsCompleted, "10.10", $"a client that waits for its reply after {Wait.Seconds(CutOff)} without a network", client.Process.Fate ?? "",
            hindrance: Moment.Now - typed > LongestCutOff ? "the suite came to look too late" : null);
        Expect.That(!client.Process.Output.Text.Contains("ARE YOU THERE?", StringComparison.Ordinal), "10.7", "no reply while the client has no network", "the reply");
        await host.Reconnect();
        TimeSpan away = Moment.Now - typed;
        Expect.That(away < LongestCutOff, "10.10", $"a client that is connected again within {Wait.Seconds(LongestCutOff)}", Wait.Seconds(away), hindrance: "it was the engine that took so long");
        _ = await client.Process.Output.Find("the reply after the network is back", "10.7", ClientUnderTest.ReplyTime,
            lines => lines.FirstOrDefault(line => line.Text.EndsWith("Reply from server: ARE YOU THERE?", StringComparison.Ordinal)));
        client.Type("5\n");
        await client.ExpectFarewell(onOwnLine: false);
        await server.Log.Line("Connected clients = {}", "6.4", Wait.Patience);
        await server.ExpectFarewell();
    }

    [Case(Role.Pair, "client-stays-cut-off", "10.10", "A client that is cut off its network in mid-request and stays so gives up after 10 s, with one line and exit status 1.", Direct = true, Apart = true, Seconds = 18)]
    public static async Task ClientStaysCutOff(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        ClientUnderTest client = lab.StartClient(server.Port, server.Process.Host);
        await client.Choose("1\nhello");
        ContainerProcess host = HostOf(client.Process);
        await host.Disconnect(isForGood: true);
        TimeSpan typed = Moment.Now;
        client.Type("1\nis anybody there?\n");
        await client.ExpectFault("it was cut off in mid-request, and its 10 s are over", ClientUnderTest.ReplyTime);
        Expect.Within((await client.Process.Ended).At - typed, TimeSpan.FromSeconds(9.8), TimeSpan.FromSeconds(11.5), "10.10", "the end of a client that has no network, counted from its request,");
        await server.ExpectServing("9.1", "another client's reply meanwhile");
        await server.ExpectFarewell();
    }

    [Case(Role.Pair, "client-vanishes", "9.8", "A client whose host is gone without a word is off the roster after a minute and a half.", Direct = true, Apart = true, Lane = Lane.Together, Seconds = 105, TrueMinute = true, Nightly = true, KeepsAddresses = true)]
    public static async Task ClientVanishes(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        ClientUnderTest client = lab.StartClient(server.Port, server.Process.Host);
        TimeSpan quietFrom = Moment.Now; // or a little later
        await client.Choose("1\nhello");
        await HostOf(client.Process).Disconnect(isForGood: true);
        TimeSpan vanished = Moment.Now;
        OutputLine told = await server.DisconnectedAsStated(1, Vanished + Tolerance.OneSecond);
        Expect.That(told.At - quietFrom >= Earliest, "9.8", $"the disconnect line of a client that vanished, not before {Wait.Seconds(Earliest)}", Wait.Seconds(told.At - quietFrom));
        lab.Measure("time until a client that vanished is off the roster", "s", [(told.At - vanished).TotalSeconds]);
        await server.ExpectServing("9.1", "another client's reply afterwards");
        await server.ExpectFarewell();
    }

    [Case(Role.Server, "twenty-clients-apart", "7.3", "Twenty clients of all languages, each on a host of its own, for two true minutes: the report is on time.", Apart = true, Lane = Lane.Few, Seconds = 130, TrueMinute = true, Nightly = true)]
    public static async Task TwentyClientsApart(Lab lab)
    {
        const int Crowd = 20;
        ServerUnderTest server = await lab.StartServer(report: null);
        TimeSpan end = server.ReadyAt + TimeSpan.FromSeconds(121.5);
        await Task.WhenAll(Enumerable.Range(0, Crowd).Select(i => lab.StartClient(server.Port, server.Process.Host, lab.Clients[i % lab.Clients.Count])).Select(async client =>
        {
            while (Moment.Now < end)
            {
                string printed = await client.Choose("1\nstill here");
                Expect.That(printed.Contains("STILL HERE", StringComparison.Ordinal), "10.5", "the reply to each of twenty clients", Excerpt.Of(printed));
                await Wait.LetPass(TimeSpan.FromSeconds(1));
            }

            client.Type("5\n");
            await client.ExpectFarewell(onOwnLine: false);
        }));
        History history = History.Replay([.. server.Log.Lines.TakeWhile(line => line.IsWhole)]);
        TimeSpan interval = TimeSpan.FromSeconds(60);
        lab.Measure(ReportFigures.Measure(interval, ReportTimes.Deviations(history, interval, server.Process.StartedAt)));
        ReportTimes.Judge(history, interval, Tolerance.Report, end, server.Process.StartedAt);
        Expect.That(history.Peak == Crowd, "6.6", $"{Crowd} clients at a time", $"{history.Peak}");
        await server.ExpectFarewell();
    }

    [Case(Role.Server, "server-cut-off", "9.1", "A server that was cut off its network serves those again whom it had, and new ones, when it is connected again.", Apart = true, Seconds = 8)]
    public static async Task ServerCutOff(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        await client.ExpectAnswer("UPPER", "before");
        ContainerProcess host = HostOf(server.Process);
        await host.Disconnect();
        await client.Send(WireText.Request("UPPER", "meanwhile"));
        await host.Reconnect();
        await client.ExpectReply("OK", "MEANWHILE", "1.2", "the reply to a request that was sent while the server was cut off");
        await server.ExpectServing("9.1", "a new client's reply when the server is back");
        await server.ExpectFarewell();
    }

    [Case(Role.Server, "server-paused", "7.4", "A server whose host is paused for 7 s reports at once, when it goes on, what is overdue at its 2 s interval, and keeps its old schedule.", Apart = true, Lane = Lane.Together, Seconds = 14)]
    public static Task ServerPaused(Lab lab) => ExpectOverdueReports(lab, "2", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(7), Tolerance.CrowdReport);

    [Case(Role.Server, "server-paused-long", "7.4", "The same at the true interval, after a pause of 90 s.", Apart = true, Lane = Lane.Together, Seconds = 270, TrueMinute = true, Nightly = true)]
    public static Task ServerPausedLong(Lab lab) => ExpectOverdueReports(lab, "60", TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(90), Tolerance.Report);

    [Case(Role.Server, "server-out-of-memory", "8.2", "A server that the system kills for want of memory is told of as that, and not as one that failed by itself; started again it counts from 1.", Apart = true, Lane = Lane.Few, Seconds = 5)]
    public static async Task ServerOutOfMemory(Lab lab)
    {
        const int Crowd = 1000;
        const long Limit = 6 * 1024 * 1024; // the least that the engine takes
        ServerUnderTest server = await lab.StartServer();
        ContainerProcess host = HostOf(server.Process);
        await host.LimitMemory(Limit);
        var clients = new List<RawClient>();
        try
        {
            byte[] request = WireText.Request("UPPER", Corpus.Longest);
            for (int i = 0; i < Crowd && !server.Process.Ended.IsCompleted; i++)
            {
                clients.Add(await server.Connect());
                clients[^1].SendWhatFits(request);
                clients[i / 2].SendWhatFits(request);
            }
        }
        catch (CaseFailedException)
        {
            // it went while somebody connected
        }

        Ending ending = await server.Process.End("9.1", 3 * Wait.Patience); // the system tries to do with less for a while
        clients.ForEach(client => client.Dispose());
        Expect.That(server.Process.Fate!.Contains("OOMKilled", StringComparison.Ordinal), "9.1", "'OOMKilled' in what the suite tells of a server that was killed for want of memory", server.Process.Fate);
        Expect.That(ending.ExitCode == 128 + PosixSignals.Kill, "9.1", "the status of a process that was killed", $"{ending.ExitCode}");
        await host.LimitMemory(16 * Limit);
        await ExpectFreshStart(await lab.StartAgain(server));
    }

    [Case(Role.Server, "server-restarted", "8.2", "A server whose host is started again counts from 1, and so do its IDs.", Apart = true, Seconds = 4)]
    public static async Task ServerRestarted(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(3);
        await clients[0].ExpectAnswer("UPPER", "before");
        await server.ExpectFarewell(PosixSignals.Terminate);
        clients.ForEach(client => client.Dispose());
        await ExpectFreshStart(await lab.StartAgain(server));
    }

    private static async Task ExpectFreshStart(ServerUnderTest server)
    {
        using RawClient client = await server.Connect();
        Message count = await client.Ask("COUNT");
        Expect.Same("1", count.Text, "3.3", "COUNT after a new start");
        await server.Connected(1);
        await server.ExpectFarewell();
    }

    // The pause begins between two reports, as its end does.
    private static async Task ExpectOverdueReports(Lab lab, string report, TimeSpan interval, TimeSpan pause, TimeSpan bound)
    {
        ServerUnderTest server = await lab.StartServer(report: report);
        ContainerProcess host = HostOf(server.Process);
        await Wait.LetPass(server.ReadyAt + (interval * 1.4) - Moment.Now);
        await host.Pause();
        TimeSpan paused = Moment.Now;
        await Wait.LetPass(pause);
        TimeSpan resumed = Moment.Now;
        await host.Resume();
        await Wait.LetPass(resumed + (interval * 1.5) - Moment.Now);
        TimeSpan looked = Moment.Now;

        TimeSpan[] reports = [.. server.Log.Lines.Where(line => line.Text.StartsWith("Number of connected clients = ", StringComparison.Ordinal)).Select(line => line.At)];
        string times = FormattableString.Invariant($"reports at {string.Join(", ", reports.Select(at => FormattableString.Invariant($"{(at - server.ReadyAt).TotalSeconds:0.000}")))} s, paused from {(paused - server.ReadyAt).TotalSeconds:0.00} to {(resumed - server.ReadyAt).TotalSeconds:0.00} s");
        // The ready line may have been seen late: the schedule is taken to begin as early as the reports say, but not before the start.
        var origin = TimeSpan.FromTicks(Math.Clamp(reports.Select((at, n) => (at - (interval * (n + 1))).Ticks).Append(server.ReadyAt.Ticks).Min(), server.Process.StartedAt.Ticks, server.ReadyAt.Ticks));
        int due = 0;
        for (int n = 1; origin + (n * interval) + bound <= looked; n++, due++)
        {
            TimeSpan own = origin + (n * interval);
            bool isOverdue = own > paused && own < resumed;
            TimeSpan expected = isOverdue ? resumed : own;
            Expect.OfTime(reports.Length >= n, "7.4", $"report {n}", times, Lateness.Of(expected, looked));
            TimeSpan came = reports[n - 1];
            Expect.OfTime((came - expected).Duration() <= bound, isOverdue ? "7.4" : "7.2", isOverdue ? $"report {n}, overdue, at once when the host goes on" : $"report {n} on the old schedule", times,
                came > expected ? Lateness.Of(expected, came) : null);
        }

        Expect.That(reports.Length <= due + 1, "7.4", $"no more than {due + 1} reports", times);
        await server.ExpectFarewell();
    }

    private static ContainerProcess HostOf(PeerProcess process) => (ContainerProcess)process;
}
