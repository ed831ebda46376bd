// Pairs: a client's whole session with a server, as a person would have it (parts 3 and 10).
using System.Globalization;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

internal static class PairSessionCases
{
    [Case(Role.Pair, "menu-end-to-end", "10.2", "Every option of the menu works in one session, and the transcript is exact to the byte.", Also = ["1.7", "10.3", "10.12"])]
    public static async Task MenuEndToEnd(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        await lab.StartClient(server.Port).ExpectTranscript(
            new Transcript("10.2").Upper("hello").Address().Count().Uptime().Invalid("9").Upper("and again").Exit());
        await server.Disconnected(1);
        await server.ExpectFarewell();
    }

    [Case(Role.Pair, "upper-full-range", "3.1", "Sentences of any bytes come back whole, with a-z alone turned to A-Z.")]
    public static async Task UpperFullRange(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        await lab.StartClient(server.Port).ExpectTranscript(
            new Transcript("3.1").Upper("").Upper(Corpus.EveryByteButLineFeed).Upper(Corpus.Utf8).Upper("\x01\x1b[2J\x7f tab\tand nul\0.").Exit());
    }

    [Case(Role.Pair, "upper-largest", "2.2", "A sentence of 65535 bytes goes out and comes back.")]
    public static async Task UpperLargest(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        await lab.StartClient(server.Port).ExpectTranscript(new Transcript("2.2").Upper(Corpus.Longest).Upper("short").Upper(Corpus.Longest).Exit());
    }

    [Case(Role.Pair, "upper-turkish", "3.1", "Under a Turkish locale i becomes I, and no other byte changes.")]
    public static async Task UpperTurkish(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer(locale: Corpus.TurkishLocale);
        await lab.StartClient(server.Port, locale: Corpus.TurkishLocale).ExpectTranscript(
            new Transcript("3.1").Upper(Corpus.TurkishI).Upper("iiii").Uptime().Exit());
    }

    [Case(Role.Pair, "address-told", "3.2", "The address told is the client's own, over IPv4, over IPv6 and by name: a session straight to the server.", Direct = true, Seconds = 1)]
    public static async Task AddressTold(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        await Task.WhenAll((await Place.Current.Names(server)).Select(host => AddressTold(lab, server, host)));
    }

    [Case(Role.Pair, "count-across-languages", "3.3", "COUNT is of all clients together, of whatever language.", Seconds = 1)]
    public static async Task CountAcrossLanguages(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        Peer other = lab.Clients.FirstOrDefault(peer => !string.Equals(peer.Language, lab.Client.Language, StringComparison.Ordinal)) ?? lab.Client;
        ClientUnderTest client = lab.StartClient(server.Port);
        ClientUnderTest otherClient = lab.StartClient(server.Port, peer: other);
        await client.Choose("1\none");
        await otherClient.Choose("2");
        await client.Choose("7");
        await otherClient.Choose("4");
        ExpectCount(await client.Choose("3"), 4);
        ExpectCount(await otherClient.Choose("3"), 5);
    }

    [Case(Role.Pair, "uptime-grows", "3.4", "The running time is the time since the ready line, and it grows.", Seconds = 1.5)]
    public static async Task UptimeGrows(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        long first = await Uptime(client, server);
        await Wait.LetPass(server.ReadyAt + TimeSpan.FromSeconds(first + 1.5) - Moment.Now);
        long second = await Uptime(client, server);
        Expect.That(second > first, "3.4", $"more than {first} s after 1.5 s more", $"{second} s");
    }

    private static async Task AddressTold(Lab lab, ServerUnderTest server, string host)
    {
        ClientUnderTest client = lab.StartClient(server.Port, host);
        int port = await client.Port();
        string printed = await client.Choose("2");
        string[] addresses = await Place.Current.AddressesOf(client, host);
        Expect.That(addresses.Any(address => printed.StartsWith(string.Create(CultureInfo.InvariantCulture,
                $"Reply from server: client IP = {address}, port = {port}\n"), StringComparison.Ordinal)),
            "3.2", $"'Reply from server: client IP = {string.Join(" or ", addresses)}, port = {port}' to the client that says it is running on that port",
            Excerpt.Of(printed));
        // What goes through the relay elsewhere goes without it too.
        foreach (string choice in new[] { "1\nhello", "3", "4" })
        {
            printed = await client.Choose(choice);
            Expect.That(printed.Contains("Reply from server: ", StringComparison.Ordinal), "10.5", $"a reply to option {choice[0]}", Excerpt.Of(printed));
        }

        client.Type("5\n");
        await client.ExpectFarewell(onOwnLine: false);
    }

    private static void ExpectCount(string printed, int count) =>
        Expect.That(printed.StartsWith($"Reply from server: requests served = {count}\n", StringComparison.Ordinal), "3.3",
            $"'requests served = {count}': all OK replies so far, to both clients", Excerpt.Of(printed));

    // Asks for the running time and checks it against the suite's own clock.
    private static async Task<long> Uptime(ClientUnderTest client, ServerUnderTest server)
    {
        await client.Prompt();
        TimeSpan asked = Moment.Now;
        string printed = await client.Choose("4");
        Match time = Regex.Match(printed, @"\AReply from server: run time = ([0-9]{2,}):([0-5][0-9]):([0-5][0-9])\n", RegexOptions.CultureInvariant, Wait.Patience);
        Expect.That(time.Success, "3.4", "'Reply from server: run time = HH:MM:SS'", Excerpt.Of(printed));
        long[] parts = [.. time.Groups.Values.Skip(1).Select(part => long.Parse(part.ValueSpan, CultureInfo.InvariantCulture))];
        long seconds = (parts[0] * 3600) + (parts[1] * 60) + parts[2];
        long atLeast = (long)(asked - server.ReadyAt).TotalSeconds;
        long atMost = (long)(Moment.Now - server.Process.StartedAt).TotalSeconds;
        Expect.That(seconds >= atLeast && seconds <= atMost, "3.4", $"a running time from {atLeast} to {atMost} s, whole seconds cut off", Excerpt.Of(printed));
        return seconds;
    }
}
