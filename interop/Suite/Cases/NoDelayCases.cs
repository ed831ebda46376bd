// Both sides: small pieces leave at once (clause 1.6).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

/// <summary>
/// Without TCP_NODELAY a small piece waits while one before it is not acknowledged, and the suite's own sockets put that off:
/// the system then lets 40 ms pass. That shows from outside, wherever the peer runs, and on a busy machine too, for there
/// some of several attempts are quick all the same, and with a delay none. Where the system lets the suite look at the
/// peer's socket, it looks as well: a program that happens to send nothing in two pieces shows no delay.
/// </summary>
internal static class NoDelayCases
{
    private const int Attempts = 9;
    private const int Quick = 3; // so many of them at least

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(30);

    [Case(Role.Server, "reply-without-delay", "1.6", "A reply leaves at once, also while the one before it is not acknowledged (TCP_NODELAY).", Seconds = 0.4, Here = true)]
    public static async Task ReplyWithoutDelay(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        // More than a server reads at once, and all of it here before the first reply: so nothing but an acknowledgement of
        // its own can acknowledge that.
        byte[] request = WireText.Request("NOSUCH", new byte[20_000]);
        byte[] requests = [.. request, .. request, .. request];
        var times = new List<TimeSpan>();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            client.DelayAcknowledgements();
            TimeSpan start = Moment.Now;
            await client.Send(requests);
            await client.ExpectReplies(3, "ERR", "unknown command", "4.1", "three replies to requests sent at once");
            times.Add(Moment.Now - start);
        }

        lab.Measure("time for three replies", "ms", times.Select(time => time.TotalMilliseconds));
        ExpectQuick(times, "three small replies sent one after another");
        ExpectSet(SocketFacts.NoDelay(server.Process.ProcessId, server.Port, client.Port), "server");
    }

    [Case(Role.Client, "request-without-delay", "1.6", "A request leaves at once and as a whole (TCP_NODELAY).", Seconds = 0.4, Here = true)]
    public static async Task RequestWithoutDelay(Lab lab)
    {
        using var server = new ScriptedServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        using ServedClient served = await server.Accept(client);
        var times = new List<TimeSpan>();
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            await client.Prompt();
            served.DelayAcknowledgements();
            client.Type("1\nhello\n");
            await served.HasNews(Wait.Patience);
            TimeSpan start = Moment.Now;
            await served.ExpectRequest("UPPER", "hello");
            times.Add(Moment.Now - start);
            await served.Send("OK 5\nHELLO");
        }

        ExpectQuick(times, "a request, from its first byte to its last");
        ExpectSet(SocketFacts.NoDelay(client.Process.ProcessId, served.Port, server.Port), "client");
    }

    private static void ExpectQuick(List<TimeSpan> times, string what) => Expect.OfTime(times.Count(time => time < Delay) >= Quick, "1.6",
        FormattableString.Invariant($"{what}, without waiting for an acknowledgement: in less than {Delay.TotalMilliseconds} ms in {Quick} of {Attempts} attempts at least"),
        $"{string.Join(", ", times.Select(time => FormattableString.Invariant($"{time.TotalMilliseconds:0.0}")))} ms, as without TCP_NODELAY");

    private static void ExpectSet(bool? isSet, string who) =>
        Expect.That(isSet != false, "1.6", $"that the {who} has set TCP_NODELAY on its side of the connection", "it has not, says the system");
}
