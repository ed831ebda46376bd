// Servers: requests and replies as bytes (parts 1 to 3).
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerWireCases
{
    // A session with a request of every kind that leaves the connection open, and the replies to it.
    private const string Session = "UPPER 5\nhelloNOSUCH 3\nabcUPPER 0\nCOUNT 2\nxxUPPER 13\na\nb OK 1\nz.\0\rUPTIME 7\nUPPER 1ABCDEFGHIJKLMNOP 0\nUPPER 3\nxyz";
    private const string Replies = "OK 5\nHELLOERR 15\nunknown commandOK 0\nERR 18\nunexpected payloadOK 13\nA\nB OK 1\nZ.\0\rERR 18\nunexpected payloadERR 15\nunknown commandOK 3\nXYZ";

    // As UTF-8, which some programs drop.
    private const string ByteOrderMark = "\u00ef\u00bb\u00bf";

    [Case(Role.Server, "upper-every-byte", "3.1", "UPPER turns a-z to A-Z and leaves each of the other 230 bytes as it is, at any length.")]
    public static async Task UpperEveryByte(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        // Payloads, whole requests and whole replies that just fill a buffer of a usual size: 1024 bytes to 64 KiB.
        IEnumerable<int> full = Enumerable.Range(10, 7).Select(power => 1 << power).SelectMany(size => new[] { size, size - $"UPPER {size}\n".Length, size - $"OK {size}\n".Length });
        foreach (string payload in new[] { Corpus.EveryByte, "", "a", ByteOrderMark + "abc", Corpus.Utf8, Corpus.TurkishI, Corpus.Longest, Corpus.Longest[..^1], Corpus.Longest[..4097] }
            .Concat(full.Where(length => length <= WireText.MaxPayload).Select(length => Corpus.Longest[..length])))
        {
            byte[] bytes = Encoding.Latin1.GetBytes(payload);
            await client.Send(WireText.Request("UPPER", bytes));
            await client.ExpectReply("OK", Encoding.Latin1.GetString(WireText.Upper(bytes)), "3.1", $"the reply to UPPER of {payload.Length} bytes", Wait.Soon);
        }
    }

    [Case(Role.Server, "upper-any-sentence", "3.1", "UPPER takes a sentence as bytes, also if it looks like a farewell, a format or a header, or has blanks or line ends around it.")]
    public static async Task UpperAnySentence(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        foreach (string sentence in Corpus.Sentences.Concat(["ends in LF\n", "CR LF within\r\nand at the end\r\n", "\n", " "]))
        {
            await client.Send(WireText.Request("UPPER", sentence));
            await client.ExpectReply("OK", sentence.ToUpperInvariant(), "3.1", $"the reply to UPPER of {Excerpt.Of(sentence)}");
        }
    }

    [Case(Role.Server, "split-at-every-byte", "1.3", "A session cut in two at any byte gets the same replies.")]
    public static async Task SplitAtEveryByte(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        var clients = new List<RawClient>();
        try
        {
            for (int cut = 1; cut < Session.Length; cut++)
            {
                clients.Add(await server.Connect());
                await clients[^1].Send(Session[..cut]);
            }

            // By now the first pieces are long in the server's hands: a hundred round trips of others lie between.
            for (int cut = 1; cut < Session.Length; cut++)
            {
                await clients[cut - 1].Send(Session[cut..]);
            }

            for (int cut = 1; cut < Session.Length; cut++)
            {
                await ExpectReplies(clients[cut - 1], Replies, $"the session cut after byte {cut}, {Excerpt.Of(Session, cut)}");
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    [Case(Role.Server, "single-bytes", "1.3", "A session that comes one byte at a time gets the same replies.", Seconds = 1)]
    public static async Task SingleBytes(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        await client.SendByteByByte(Session);
        await ExpectReplies(client, Replies, "the session in single bytes");
    }

    [Case(Role.Server, "joined-requests", "1.2", "A thousand requests sent at once get a thousand replies, in order.")]
    public static async Task JoinedRequests(Lab lab)
    {
        const int Requests = 1000;
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        Task sending = client.Send(string.Concat(Enumerable.Range(1, Requests).Select(i => i % 2 == 0 ? "COUNT 0\n" : $"UPPER {i.ToString(CultureInfo.InvariantCulture).Length + 1}\nr{i}")));
        for (int i = 1; i <= Requests; i++)
        {
            await client.ExpectReply("OK", i % 2 == 0 ? $"{i}" : $"R{i}", i % 2 == 0 ? "3.3" : "1.2", $"reply {i} of {Requests} to requests sent at once");
        }

        await sending;
    }

    [Case(Role.Server, "half-close-owed", "1.4", "A client that ends its sending still gets every reply that it is owed, then a clean end.", Seconds = 1)]
    public static async Task HalfCloseOwed(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        await client.Send(string.Concat(Enumerable.Repeat(Encoding.Latin1.GetString(WireText.Request("UPPER", Corpus.Longest)), 20)) + "UPPER 4\nlast");
        client.EndSending();
        for (int i = 0; i < 20; i++)
        {
            await client.ExpectReply("OK", Corpus.Longest.ToUpperInvariant(), "1.4", $"reply {i + 1} of 21 after the end of sending");
        }

        await client.ExpectReply("OK", "LAST", "1.4", "the last reply after the end of sending");
        await client.ExpectEnd("1.4", "after the last reply");
    }

    [Case(Role.Server, "half-close-cut", "1.4", "A header or a payload cut short by the client's end gets no reply, and does not count.")]
    public static async Task HalfCloseCut(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        string[] cut = ["U", "UPPER", "UPPER ", "UPPER 5", "UPPER 5\n", "UPPER 5\nhell", "NOSUCH 5\nhell", "COUNT 1\n", "lower", "UPPER 65535\nx"];
        foreach (string piece in cut)
        {
            using RawClient client = await server.Connect();
            await client.Send("UPPER 2\nok" + piece);
            client.EndSending();
            await client.ExpectReply("OK", "OK", "1.4", $"the reply owed before {Excerpt.Of(piece)}");
            await client.ExpectEnd("1.4", $"after {Excerpt.Of(piece)}, cut short");
        }

        using RawClient asks = await server.Connect();
        await asks.Send("COUNT 0\n");
        await asks.ExpectReply("OK", $"{cut.Length + 1}", "3.3", "COUNT, to which requests cut short do not add");
    }

    [Case(Role.Server, "address-by-family", "3.2", "ADDR tells the client's address, over IPv4 and over IPv6, from one listener.", Also = ["1.1"])]
    public static async Task AddressByFamily(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        foreach (AddressFamily family in Place.Current.CarriesIPv6 ? new[] { AddressFamily.InterNetwork, AddressFamily.InterNetworkV6 } : [AddressFamily.InterNetwork])
        {
            using RawClient client = await server.Connect(family);
            using RawClient second = await server.Connect(family);
            await client.Send("ADDR 0\n");
            await second.Send("ADDR 0\n");
            await client.ExpectReply("OK", client.Address, "3.2", $"ADDR over {family}");
            await second.ExpectReply("OK", second.Address, "3.2", $"a second client's ADDR over {family}");
        }

        if (OperatingSystem.IsLinux() && Place.Current is ThisMachine) // where all of 127/8 is this machine
        {
            using RawClient other = await RawClient.Connect(server.EndPoint, from: IPAddress.Parse("127.1.2.3"));
            await other.Send("ADDR 0\n");
            await other.ExpectReply("OK", other.Address, "3.2", "ADDR of a client with another address than the server's");
        }
    }

    [Case(Role.Server, "count-is-of-ok-replies", "3.3", "COUNT is of OK replies to all clients, this one included; ERR replies never count.")]
    public static async Task CountIsOfOkReplies(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        using RawClient first = await server.Connect();
        using RawClient second = await server.Connect();
        await first.Send("COUNT 0\n");
        await first.ExpectReply("OK", "1", "3.3", "the first COUNT");
        await second.Ask("UPPER", "x");
        await first.Ask("ADDR");
        await second.Ask("UPTIME");
        await first.Ask("NOSUCH", "x");
        await second.Ask("COUNT", "x");
        using (RawClient broken = await server.Connect())
        {
            await broken.Ask("COUNT", "");
            await broken.Send("count 0\n");
            await broken.ExpectReply("ERR", "malformed header", "4.3", "the reply to 'count 0'");
        }

        await second.Send("COUNT 0\n");
        await second.ExpectReply("OK", "6", "3.3", "COUNT after five OK replies and three ERR");
    }

    [Case(Role.Server, "count-in-a-rush", "3.3", "Clients that ask at once get each number once: no request is lost or counted twice.", Lane = Lane.Few, Seconds = 0.5)]
    public static async Task CountInARush(Lab lab)
    {
        const int Clients = 8;
        const int Requests = 2000;
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(Clients);
        long[][] numbers = await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            Task sending = client.Send(string.Concat(Enumerable.Repeat("COUNT 0\n", Requests)));
            long[] mine = new long[Requests];
            for (int i = 0; i < Requests; i++)
            {
                Message reply = await client.Reply($"the reply to COUNT {i + 1} of {Requests}");
                Expect.That(reply.Word is "OK" && long.TryParse(reply.Text, NumberStyles.None, CultureInfo.InvariantCulture, out mine[i]), "3.3", "OK and a number", $"{reply.Word} {Excerpt.Of(reply.Payload)}");
            }

            await sending;
            return mine;
        })));
        clients.ForEach(client => client.Dispose());
        long[] all = [.. numbers.SelectMany(mine => mine).Order()];
        int wrong = all.Index().Where(each => each.Item != each.Index + 1).Select(each => each.Index).FirstOrDefault(-1);
        Expect.That(wrong < 0, "3.3", $"each number from 1 to {Clients * Requests} once, in the replies to {Clients} clients that ask at once",
            wrong < 0 ? "" : $"{all[wrong]} where {wrong + 1} was due");
        Expect.That(numbers.All(mine => mine.SequenceEqual(mine.Order())), "3.3", "numbers that grow from reply to reply", "one that is smaller than one before it");
    }

    [Case(Role.Server, "replies-side-by-side", "1.2", "Eight clients who ask at once, each for a letter of its own, get their own replies and no byte of another's.", Lane = Lane.Few, Seconds = 0.5)]
    public static async Task RepliesSideBySide(Lab lab)
    {
        const int Requests = 25;
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(8);
        await Task.WhenAll(clients.Select((client, n) => Task.Run(async () =>
        {
            string letters = new((char)('a' + n), WireText.MaxPayload - n);
            byte[] request = WireText.Request("UPPER", letters);
            Task sending = client.Send(Enumerable.Repeat(request, Requests).SelectMany(each => each).ToArray());
            await client.ExpectReplies(Requests, "OK", letters.ToUpperInvariant(), "1.2", $"{Requests} replies to client {n + 1} of {clients.Count}, who ask at once");
            await sending;
        })));
        clients.ForEach(client => client.Dispose());
    }

    [Case(Role.Server, "count-beyond-16-bits", "3.3", "COUNT goes on after 32767 and after 65535.", Lane = Lane.Few, Seconds = 1)]
    public static async Task CountBeyond16Bits(Lab lab)
    {
        const int Between = 32767;
        ServerUnderTest server = await lab.StartServer();
        using RawClient client = await server.Connect();
        foreach (int count in new[] { Between + 1, 2 * (Between + 1) })
        {
            Task sending = client.Send(string.Concat(Enumerable.Repeat("UPPER 0\n", Between)) + "COUNT 0\n");
            await client.ExpectReplies(Between, "OK", "", "3.1", $"{Between} replies to UPPER of nothing");
            await client.ExpectReply("OK", $"{count}", "3.3", $"COUNT as request {count} since the start");
            await sending;
        }
    }

    private static async Task ExpectReplies(RawClient client, string replies, string what)
    {
        for (int at = 0; at < replies.Length;)
        {
            int lineFeed = replies.IndexOf('\n', at);
            (string word, int length) = WireText.ReadHeader(replies[at..(lineFeed + 1)])!.Value;
            await client.ExpectReply(word, replies.Substring(lineFeed + 1, length), "1.3", $"{what}, the reply at byte {at}");
            at = lineFeed + 1 + length;
        }
    }
}
