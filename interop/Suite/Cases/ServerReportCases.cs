// Servers: the report of how many clients are connected, and its time (part 7).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerReportCases
{
    [Case(Role.Server, "report-interval", "6.1", "An interval of 1.5 s is one and a half in a Turkish locale too, and reports tell the right number.", Lane = Lane.Together, Seconds = 3.4)]
    public static async Task ReportInterval(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer(report: "1.5", locale: Corpus.TurkishLocale);
        List<RawClient> clients = await server.ConnectInOrder(2);
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(2) - Moment.Now);
        clients[0].Dispose();
        await server.Disconnected(1);
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(3.4) - Moment.Now);
        History history = Judge(server, TimeSpan.FromSeconds(1.5), Tolerance.ShortReport);
        Expect.Same("2, 1", string.Join(", ", history.Where(Told.Report).Select(report => report.Number)), "7.1", "the numbers reported");
        clients[1].Dispose();
    }

    [Case(Role.Server, "report-under-load", "7.3", "With a 1 s interval, a flood and a storm of connects, each report is within 0.25 s of its time.", Lane = Lane.Together, Seconds = 3.4)]
    public static async Task ReportUnderLoad(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer(report: "1");
        await Flood.Run(server, stay: 3, comeAndGo: 2, until: server.ReadyAt + TimeSpan.FromSeconds(3.4));
        Judge(server, TimeSpan.FromSeconds(1), Tolerance.ShortReport);
    }

    [Case(Role.Server, "report-overdue", "7.4", "A server that could not run for a while reports at once what is overdue, skips nothing and keeps its old schedule.", Lane = Lane.Together, Seconds = 5.4)]
    public static async Task ReportOverdue(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer(report: "1");
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(1.4) - Moment.Now);
        await server.Process.Freeze();
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(4.5) - Moment.Now);
        server.Process.Thaw();
        TimeSpan thawed = Moment.Now;
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(5.4) - Moment.Now);

        LogEvent[] reports = [.. History.Replay(server.Log.Lines).Where(Told.Report)];
        string times = string.Join(", ", reports.Select(report => FormattableString.Invariant($"{(report.At - server.ReadyAt).TotalSeconds:0.000}")));
        Expect.OfTime(reports.Length == 5, "7.4", "five reports in 5.4 s, of which the server stood still from 1.4 to 4.5 s", $"{reports.Length}, at {times} s");
        foreach (LogEvent overdue in reports[1..4])
        {
            Expect.OfTime(overdue.At >= thawed - Tolerance.ShortReport && overdue.At <= thawed + Tolerance.ShortReport, "7.4", "reports 2, 3 and 4 at once when the server runs again, at 4.5 s", $"reports at {times} s");
        }

        TimeSpan oldSchedule = reports[0].At + TimeSpan.FromSeconds(4);
        Expect.OfTime((reports[4].At - oldSchedule).Duration() <= Tolerance.ShortReport, "7.2", "report 5 on the old schedule, 4 s after report 1", $"reports at {times} s");
    }

    [Case(Role.Server, "report-true-minute", "7.3", "The report comes every 60 s, twice over, each within 1 s of its time, with idle clients and with a flood.", Lane = Lane.Together, TrueMinute = true)]
    public static async Task ReportTrueMinute(Lab lab)
    {
        TimeSpan interval = TimeSpan.FromSeconds(60);
        TimeSpan flood = TimeSpan.FromSeconds(4);
        ServerUnderTest server = await lab.StartServer(report: "60");
        List<RawClient> idle = await server.ConnectInOrder(3);
        for (int minute = 1; minute <= 2; minute++)
        {
            // The flood is on when the report is due, and before and after it.
            TimeSpan due = server.ReadyAt + (interval * minute);
            await Wait.LetPass(due - (flood / 2) - Moment.Now);
            await Flood.Run(server, stay: 2, comeAndGo: 1, until: due + (minute == 1 ? flood / 2 : Tolerance.Report + Tolerance.ShortReport));
        }

        Judge(server, interval, Tolerance.Report);
        foreach (RawClient client in idle)
        {
            await client.ExpectAnswer("UPPER", "still here");
            client.Dispose();
        }
    }

    private static History Judge(ServerUnderTest server, TimeSpan interval, TimeSpan bound)
    {
        TimeSpan until = Moment.Now;
        History history = History.Replay([.. server.Log.Lines.TakeWhile(line => line.IsWhole)]);
        ReportTimes.Judge(history, interval, bound, until, server.Process.StartedAt);
        return history;
    }
}
