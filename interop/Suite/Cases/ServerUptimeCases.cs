// Servers: the time that they have been running (clause 3.4).
using System.Globalization;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerUptimeCases
{
    [Case(Role.Server, "uptime-is-since-ready", "3.4", "UPTIME is HH:MM:SS since the ready line, whole seconds cut off.", Seconds = 2.1)]
    public static async Task UptimeIsSinceReady(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(1.25) - Moment.Now); // counted from the first client, this would be 0
        using RawClient client = await server.Connect();
        await ExpectUptime(client, server);
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(1.7) - Moment.Now); // rounded, this would be 2
        await ExpectUptime(client, server);
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(2.1) - Moment.Now);
        using RawClient late = await server.Connect();
        await ExpectUptime(late, server);
    }

    [Case(Role.Server, "uptime-beyond-a-day", "3.4", "UPTIME goes on after an hour, a day and a hundred hours; those pass at once, for the server's clock is put ahead.", Seconds = 0.3, Here = true)]
    public static async Task UptimeBeyondADay(Lab lab)
    {
        // A sanitizer wants to be loaded before all others.
        using ClockAhead? clock = lab.Slack > 1 ? null : ClockAhead.TryMake();
        ServerUnderTest server = await lab.StartServer(report: "86400", prefix: clock?.Prefix);
        using RawClient client = await server.Connect();
        // By the ready line a server has looked at its clock; one that asks the system in a way of its own has the system's time.
        foreach (double hours in clock is { IsAsked: true } ? new[] { 0, 0.999, 1, 23.999, 24, 25, 100, 1000 } : [0])
        {
            TimeSpan ahead = TimeSpan.FromSeconds(Math.Ceiling(hours * 3600));
            clock?.Set(ahead);
            await ExpectUptime(client, server, ahead);
        }
    }

    /// <summary>Asks UPTIME and holds the reply against the suite's own clock.</summary>
    /// <param name="client">Who asks.</param>
    /// <param name="server">Who is asked.</param>
    /// <param name="ahead">How far the server's clock is ahead of the suite's, in whole seconds.</param>
    public static async Task ExpectUptime(RawClient client, ServerUnderTest server, TimeSpan ahead = default)
    {
        TimeSpan asked = Moment.Now;
        Message reply = await client.Ask("UPTIME");
        long atLeast = (long)(asked - server.ReadyAt + ahead).TotalSeconds;
        // The ready line was printed a moment before the suite saw it.
        long atMost = (long)(Moment.Now - server.ReadyAt + ahead + TimeSpan.FromSeconds(0.1)).TotalSeconds;
        string[] legal = [.. Enumerable.Range(0, (int)(atMost - atLeast + 1)).Select(i => Uptime(atLeast + i))];
        Expect.OfTime(string.Equals(reply.Word, "OK", StringComparison.Ordinal) && legal.Contains(reply.Text, StringComparer.Ordinal),
            "3.4", $"OK {string.Join(" or ", legal)}", $"{reply.Word} {Excerpt.Of(reply.Payload)}",
            new Lateness(server.Process.StartedAt, server.ReadyAt, Tolerance.Seeing)); // a ready line that was seen late
    }

    private static string Uptime(long seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
}
