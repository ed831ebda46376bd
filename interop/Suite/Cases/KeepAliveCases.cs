// Servers: clients that vanish without a word (clauses 9.5 to 9.8).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

/// <summary>
/// It takes a minute and a half until the system gives up a client that has vanished. So a quick run looks whether the server
/// has told the system to, where the system lets the suite look at the server's socket; and `make nightly` lets clients vanish.
/// </summary>
internal static class KeepAliveCases
{
    private static readonly TimeSpan Earliest = TimeSpan.FromSeconds(89.5); // 90, less what clocks differ by
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(100);

    // Numbers of Linux.
    private static readonly (string Name, string Clause, int Level, int Option, int Value)[] Options =
    [
        ("SO_KEEPALIVE", "9.5", SocketFacts.SocketLevel, 9, 1),
        ("TCP_KEEPIDLE", "9.5", SocketFacts.TcpLevel, 4, 60),
        ("TCP_KEEPINTVL", "9.5", SocketFacts.TcpLevel, 5, 10),
        ("TCP_KEEPCNT", "9.5", SocketFacts.TcpLevel, 6, 3),
        ("TCP_USER_TIMEOUT", "9.6", SocketFacts.TcpLevel, 18, 90_000),
    ];

    [Case(Role.Server, "keep-alive", "9.5", "A server has told the system to look for clients that vanish, and when to give them up.", Also = ["9.6"], Seconds = 0.3, Here = true)]
    public static async Task KeepAlive(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        await client.ExpectAnswer("UPPER", "accepted by now");
        foreach ((string name, string clause, int level, int option, int value) in Options)
        {
            int? actual = SocketFacts.Option(server.Process.ProcessId, server.Port, client.Port, level, option);
            Expect.That(actual == null || actual == value, clause, $"{name} = {value} on the server's side of a connection", $"{actual}, says the system");
        }
    }

    [Case(Role.Server, "vanished-clients", "9.8", "Clients that vanish while idle, in mid-request, or with replies that they have not acknowledged, and one that never reads, are off the roster after a minute and a half; an idle one that lives is not.", Also = ["9.7"], Seconds = 97, Lane = Lane.Together, TrueMinute = true, Nightly = true)]
    public static async Task VanishedClients(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(6);
        TimeSpan quietFrom = Moment.Now; // some fall silent soon, and some a little later
        await Task.WhenAll(clients.Select(client => client.ExpectAnswer("UPPER", "hello")));
        (RawClient living, RawClient idle, RawClient stalled, RawClient asking, RawClient full, RawClient deaf) = (clients[0], clients[1], clients[2], clients[3], clients[4], clients[5]);

        byte[] request = WireText.Request("UPPER", new byte[1000]);
        await stalled.Send("UPPER 5\nhelloUPPER 100\nhalf of it");
        await stalled.ExpectReply("OK", "HELLO", "3.1", "the reply to UPPER, which acknowledges the half of a request behind it too");
        await Task.WhenAll(deaf.FillUp(request), full.FillUp(request));
        TimeSpan vanishedAt = Moment.Now;
        full.Vanish();
        idle.Vanish();
        stalled.Vanish();
        asking.Vanish();
        await asking.Send(WireText.Request("UPPER", "nobody hears the reply"));

        string[] who = ["vanishes while idle", "vanishes in mid-request", "vanishes with a reply unacknowledged", "vanishes with more replies than it has room for", "lives and never reads"];
        double[] times = await Task.WhenAll(who.Select(async (what, index) =>
        {
            TimeSpan at = (await server.DisconnectedAsStated(index + 2, Latest)).At;
            Expect.That(at - quietFrom >= Earliest, "9.8", $"the disconnect line of a client that {what}, not before {Wait.Seconds(Earliest)}", Wait.Seconds(at - quietFrom));
            return (at - vanishedAt).TotalSeconds;
        }));
        lab.Measure("time until a client that vanished is off the roster", "s", times);
        await living.ExpectAnswer("UPPER", "idle and alive");
        clients.ForEach(client => client.Dispose());
        await server.ExpectFarewell();
    }
}
