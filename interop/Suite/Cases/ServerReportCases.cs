// Servers: the report of how many clients are connected, and its time (part 7).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerReportCases
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.1);
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    [Case(Role.Server, "report-interval", "6.1", "An interval of 1.5 s is one and a half in a Turkish locale too, and reports tell the right number.", Also = ["7.1"], Lane = Lane.Together, Seconds = 3.4)]
    public static async Task ReportInterval(Lab lab)
    {
        ServerUnderTest server = await Start(lab, "1.5", Corpus.TurkishLocale);
        List<RawClient> clients = await server.ConnectInOrder(2);
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(2) - Moment.Now);
        clients[0].Dispose();
        await server.Disconnected(1);
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(3.4) - Moment.Now);
        History history = Judge(lab, server, TimeSpan.FromSeconds(1.5), Tolerance.ShortReport);
        Expect.Same("2, 1", string.Join(", ", history.Where(Told.Report).Select(report => report.Number)), "7.1", "the numbers reported");
        clients[1].Dispose();
    }

    [Case(Role.Server, "report-many", "7.2", "Forty reports, one each 0.1 s, to a server without clients: of each ten one within 0.05 s of its time, so no error that adds up or stays.", Lane = Lane.Together, Seconds = 4.2)]
    public static async Task ReportMany(Lab lab)
    {
        ServerUnderTest server = await Start(lab, "0.1");
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(4.15) - Moment.Now);
        History history = Judge(lab, server, Shortest, Tolerance.Report);
        ReportTimes.ExpectNoDrift(history, Shortest, server.Process.StartedAt);
    }

    [Case(Role.Server, "report-many-under-load", "7.2", "Forty reports, one each 0.1 s, in a flood and with clients that come and go: of each ten one within 0.05 s of its time.", Lane = Lane.Loaded, Seconds = 4.2)]
    public static async Task ReportManyUnderLoad(Lab lab)
    {
        ServerUnderTest server = await Start(lab, "0.1");
        await Flood.Run(server, stay: 1, comeAndGo: 1, until: server.ReadyAt + TimeSpan.FromSeconds(4.15));
        History history = Judge(lab, server, Shortest, Tolerance.Report);
        ReportTimes.ExpectNoDrift(history, Shortest, server.Process.StartedAt);
    }

    [Case(Role.Server, "report-under-load", "7.3", "With a 1 s interval, a flood and a storm of connects, each report is within 0.25 s of its time.", Lane = Lane.Loaded, Seconds = 3.4)]
    public static async Task ReportUnderLoad(Lab lab)
    {
        ServerUnderTest server = await Start(lab, "1");
        await Flood.Run(server, stay: 3, comeAndGo: 2, until: server.ReadyAt + TimeSpan.FromSeconds(3.4));
        Judge(lab, server, OneSecond, Tolerance.ShortReport);
    }

    [Case(Role.Server, "report-beside-stalled-clients", "7.3", "With a 1 s interval, a client that does not read what it is sent, one that stalls in mid-request and one that an error has sent off, each report is within 0.25 s of its time.", Lane = Lane.Loaded, Seconds = 3.4)]
    public static async Task ReportBesideStalledClients(Lab lab)
    {
        ServerUnderTest server = await Start(lab, "1");
        List<RawClient> clients = await server.ConnectInOrder(3);
        await clients[0].Send("UPPER 10\nhalf");
        await clients[2].FillUp(WireText.Request("UPPER", Corpus.Longest));
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(1.5) - Moment.Now); // its second is to be on when the next report is due
        await clients[1].Send("bad\n");
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(3.4) - Moment.Now);
        Judge(lab, server, OneSecond, Tolerance.ShortReport);
        clients.ForEach(client => client.Dispose());
    }

    [Case(Role.Server, "report-in-crowd", "7.3", "With a 1 s interval and two hundred clients, who all leave when a report is due, each is within 0.5 s of its time, or 0.9 s where supervisors tell of it.", Lane = Lane.Loaded, Seconds = 3.4)]
    public static async Task ReportInCrowd(Lab lab)
    {
        const int Crowd = 200;
        ServerUnderTest server = await Start(lab, "1");
        var clients = new List<RawClient>();
        try
        {
            for (int i = 0; i < Crowd; i++)
            {
                clients.Add(await server.Connect());
            }

            await server.Connected(Crowd);
            await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(1.99) - Moment.Now);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(3.4) - Moment.Now);
        Judge(lab, server, OneSecond, Place.Current.CrowdReport);
    }

    [Case(Role.Server, "report-overdue", "7.4", "A server that could not run for a while reports at once what is overdue, skips nothing and keeps its old schedule.", Lane = Lane.Together, Seconds = 5.4)]
    public static async Task ReportOverdue(Lab lab)
    {
        ServerUnderTest server = await Start(lab, "1");
        TimeSpan bound = BoundOf(server, Tolerance.ShortReport);
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(1.4) - Moment.Now);
        TimeSpan stopping = Moment.Now;
        await server.Process.Freeze();
        TimeSpan stopped = Moment.Now;
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(4.5) - Moment.Now);
        TimeSpan thawed = Moment.Now;
        server.Process.Thaw();
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(5.4) - Moment.Now);
        TimeSpan looked = Moment.Now;

        LogEvent[] reports = [.. History.Replay([.. server.Log.Lines.TakeWhile(line => line.IsWhole)]).Where(Told.Report)];
        string times = string.Join(", ", reports.Select(report => FormattableString.Invariant($"{(report.At - server.ReadyAt).TotalSeconds:0.000}")));
        string still = FormattableString.Invariant($"a server that stood still from {(stopped - server.ReadyAt).TotalSeconds:0.00} to {(thawed - server.ReadyAt).TotalSeconds:0.00} s");
        // Either the ready line or the first report may have been seen late.
        TimeSpan origin = reports.Length == 0 ? server.ReadyAt
            : TimeSpan.FromTicks(Math.Clamp((reports[0].At - OneSecond).Ticks, server.Process.StartedAt.Ticks, server.ReadyAt.Ticks));
        for (int n = 1; origin + (n * OneSecond) + bound <= looked; n++)
        {
            TimeSpan due = origin + (n * OneSecond);
            Expect.OfTime(reports.Length >= n, "7.4", $"report {n} of {still}", $"reports at {times} s", LateBy(due, looked));
            TimeSpan came = reports[n - 1].At;
            if (due > stopped && due < thawed)
            {
                Expect.OfTime(came >= thawed && came <= thawed + bound, "7.4", $"report {n} at once when it runs again, of {still}", $"reports at {times} s",
                    came > thawed ? LateBy(due, came) : null);
            }
            else if (due + bound < stopping || due >= thawed)
            {
                Expect.OfTime((came - due).Duration() <= bound, "7.2", $"report {n} on its old schedule, {n} s after the ready line, of {still}", $"reports at {times} s",
                    came > due ? LateBy(due, came) : null);
            }
        }

        // What it stood still for was the case's doing, and no machine's.
        Lateness LateBy(TimeSpan due, TimeSpan came) => new(due, came, came - due - Stall.Sum([new Stall(stopping, thawed)], due, came));

        int possible = (int)((looked - origin + bound) / OneSecond);
        Expect.That(reports.Length <= possible, "7.2", $"no more than {possible} reports, of {still}", $"reports at {times} s");
    }

    [Case(Role.Server, "report-true-minute", "7.3", "The report comes every 60 s, twice over, each within 1 s of its time, with idle clients, stalled ones and a flood; UPTIME turns to minutes; and a minute is no reason to drop anybody.", Also = ["9.1"], Lane = Lane.Together, TrueMinute = true)]
    public static async Task ReportTrueMinute(Lab lab)
    {
        TimeSpan interval = TimeSpan.FromSeconds(60);
        TimeSpan flood = TimeSpan.FromSeconds(4);
        ServerUnderTest server = await Start(lab, report: null); // 60 s is what is taken where none is given
        List<RawClient> idle = await server.ConnectInOrder(3);
        List<RawClient> stalled = await server.ConnectInOrder(3, before: idle.Count);
        await stalled[0].Send("UP");
        await stalled[1].Send("UPPER 10\nhalf");
        long sent = await stalled[2].FillUp(WireText.Request("UPPER", Corpus.Longest));
        for (int minute = 1; minute <= 2; minute++)
        {
            // The flood is on when the report is due, and before and after it.
            TimeSpan due = server.ReadyAt + (interval * minute);
            await Wait.LetPass(due - (flood / 2) - Moment.Now);
            await Task.WhenAll(
                Flood.Run(server, stay: 2, comeAndGo: 1, until: due + (minute == 1 ? flood / 2 : Tolerance.Report + Tolerance.ShortReport)),
                ExpectUptimeAt(due + TimeSpan.FromSeconds(0.4)));
            if (minute == 1)
            {
                await ServerTroubleCases.ReadAtLast(stalled[2], sent); // half a minute before it would be given up (clause 9.7)
            }
        }

        Judge(lab, server, interval, Tolerance.Report);
        foreach (RawClient client in idle)
        {
            await client.Send(WireText.Request("UPPER", "still here"));
            await client.ExpectReply("OK", "STILL HERE", "1.2", "the reply to a client that was idle for two minutes, which is no reason to drop it");
            client.Dispose();
        }

        await stalled[0].Send("PER 2\nhi");
        await stalled[0].ExpectReply("OK", "HI", "9.1", "the reply to a client that stalled in a header for two minutes");
        await stalled[1].Send(" a min");
        await stalled[1].ExpectReply("OK", "HALF A MIN", "9.1", "the reply to a client that stalled in a payload for two minutes");
        stalled.ForEach(client => client.Dispose());

        // In the first second of a minute: 00:01:00, and neither 00:00:60 nor 00:00:00.
        async Task ExpectUptimeAt(TimeSpan moment)
        {
            await Wait.LetPass(moment - Moment.Now);
            using RawClient asks = await server.Connect();
            await ServerUptimeCases.ExpectUptime(asks, server);
        }
    }

    private static async Task<ServerUnderTest> Start(Lab lab, string? report, string? locale = null)
    {
        ServerUnderTest server = await lab.StartServer(report: report, locale: locale);
        StallMeter.Watch(server.Process);
        return server;
    }

    // What the suite asks beyond the clause's second grows with a peer's slack; the second itself does not.
    private static TimeSpan BoundOf(ServerUnderTest server, TimeSpan bound) => TimeSpan.FromTicks(Math.Min((bound * server.Slack).Ticks, Tolerance.Report.Ticks));

    private static History Judge(Lab lab, ServerUnderTest server, TimeSpan interval, TimeSpan bound)
    {
        TimeSpan until = Moment.Now;
        History history = History.Replay([.. server.Log.Lines.TakeWhile(line => line.IsWhole)]);
        lab.Measure(ReportFigures.Measure(interval, ReportTimes.Deviations(history, interval, server.Process.StartedAt)));
        ReportTimes.Judge(history, interval, BoundOf(server, bound), until, server.Process.StartedAt);
        return history;
    }
}
