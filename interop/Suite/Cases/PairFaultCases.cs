// Pairs: what a network does to a session between the two, drawn from the run's seed (clauses 1.3, 6.4, 9.1 and 10.10).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class PairFaultCases
{
    private const string Sentence = "a sentence that is long enough to be cut in many places";

    // The lengths of what the client sends in its session, in order, and the least of what it is answered: a point in these is in any session.
    private static readonly int[] Requests = [$"UPPER 55\n{Sentence}".Length, "ADDR 0\n".Length, "COUNT 0\n".Length, "UPPER 2\nhi".Length, "UPTIME 0\n".Length];
    private static readonly int[] Replies = [$"OK 55\n{Sentence}".Length, "OK 11\n127.0.0.1:1".Length, "OK 1\n7".Length, "OK 2\nHI".Length, "OK 8\n00:00:00".Length];

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(8); // surely not by giving up after 10 s
    private static readonly TimeSpan Latest = TimeSpan.FromSeconds(11);

    [Case(Role.Pair, "fault-delivery", "1.3", "Pieces split or joined, latency, a stall, a bandwidth limit: the session goes on and its transcript is exact.", Seconds = 2)]
    public static async Task FaultDelivery(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        await Task.WhenAll(Fault.Deliveries(lab.Seed, Requests, Replies).Select(fault => Named(fault, async () =>
        {
            ClientUnderTest client = lab.StartClient(server.Port, fault: fault);
            await client.ExpectTranscript(Session().Exit());
            if (fault.Kind == FaultKind.Stall)
            {
                double shown = RoundTripTime(client, fault.Message);
                Expect.That(shown >= Fault.StallTime.TotalMilliseconds - 1, "10.7", $"a round-trip time {fault.Message} of at least {Fault.StallTime.TotalMilliseconds} ms", $"{shown} ms");
            }
        })));
        await server.Log.Line("Connected clients = {}", "6.4", Wait.Patience);
        await server.ExpectFarewell();
    }

    [Case(Role.Pair, "fault-cut", "10.10", "A connection that is cut in mid-message, by FIN, RST or silence, ends the client with one line, is told of by the server, and harms nobody else.", Lane = Lane.Together, Seconds = 10)]
    public static async Task FaultCut(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        Fault fault = Fault.DrawCut(lab.Seed, Requests, Replies);
        ClientUnderTest client = lab.StartClient(server.Port, fault: fault);
        await client.Prompt();
        await server.Connected(1);
        TimeSpan typed = Moment.Now;
        client.Type(Session().Input);
        await server.ExpectServing("9.1", "another client's reply meanwhile");
        await client.ExpectFault($"the connection was cut: {fault}", fault.Kind == FaultKind.Silence ? ClientUnderTest.ReplyTime : AtOnce);
        TimeSpan ended = (await client.Process.Ended).At - typed;
        if (fault.Kind == FaultKind.Silence)
        {
            Expect.Within(ended, TimeSpan.FromSeconds(9.9), Latest, "10.10", "an end 10 s after the request");
        }

        ExpectWholeRepliesOnly(client, fault.Message - 1);
        await server.Disconnected(1);
        await server.ExpectServing("9.1", "the next client's reply");
        await server.ExpectFarewell();
    }

    // Of several sessions side by side, a failure says which it was.
    private static async Task Named(Fault fault, Func<Task> session)
    {
        try
        {
            await session();
        }
        catch (CaseFailedException failed)
        {
            throw failed.When($", with {fault}");
        }
    }

    private static Transcript Session() => new Transcript("1.3").Upper(Sentence).Address().Count().Upper("hi").Uptime();

    // What came whole is shown, what did not is not.
    private static void ExpectWholeRepliesOnly(ClientUnderTest client, int replies)
    {
        int shown = client.Process.Output.Lines.Count(line => line.Text.Contains("Reply from server: ", StringComparison.Ordinal));
        Expect.That(shown == replies, "10.10", $"the {replies} replies that came whole, shown", $"{shown} replies shown");
        string printed = Transcript.Normalise(client.Process.Output.Text);
        string[] whole = Session().Expected.Split("<Menu>");
        string prefix = string.Join("<Menu>", whole[..(replies + 1)]);
        Expect.That(printed.StartsWith(prefix, StringComparison.Ordinal), "10.5", $"a transcript that begins {Excerpt.Of(prefix, prefix.Length)}", Excerpt.Of(printed));
    }

    private static double RoundTripTime(ClientUnderTest client, int request)
    {
        string line = client.Process.Output.Lines.Where(line => line.Text.StartsWith("RTT = ", StringComparison.Ordinal)).ElementAt(request - 1).Text;
        return double.Parse(line.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
    }
}
