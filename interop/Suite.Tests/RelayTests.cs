// The relay: what it forwards is what came, it records both directions, and each fault does what it is called.
using System.Net;
using System.Net.Sockets;
using System.Text;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class RelayTests
{
    private const string Request = "UPPER 5\nhello";
    private const string Reply = "OK 5\nHELLO";

    [Test]
    public async Task Bytes_and_ends_go_through_both_ways_and_are_recorded()
    {
        await using Line line = await Line.Open(null);
        await line.Client.SendAsync(Bytes(Request + Request));
        Assert.That(await Read(line.Server, 2 * Request.Length), Is.EqualTo(Request + Request));
        await line.Server.SendAsync(Bytes(Reply));
        Assert.That(await Read(line.Client, Reply.Length), Is.EqualTo(Reply));
        line.Client.Shutdown(SocketShutdown.Send);
        Assert.That(await Read(line.Server, 1), Is.Empty);
        await line.Server.SendAsync(Bytes(Reply)); // a half-closed connection still carries the other direction
        Assert.That(await Read(line.Client, Reply.Length), Is.EqualTo(Reply));
        line.Server.Dispose();
        Assert.That(await Read(line.Client, 1), Is.Empty);

        Exchange exchange = line.Relay.Exchanges.Single();
        Assert.That(exchange.BytesOf(Direction.ToServer), Is.EqualTo(Bytes(Request + Request)));
        Assert.That(exchange.BytesOf(Direction.ToClient), Is.EqualTo(Bytes(Reply + Reply)));
        Assert.That(exchange.EndOf(Direction.ToServer), Is.Not.Null.And.Property(nameof(StreamEnd.IsReset)).False);
        Assert.That(exchange.EndOf(Direction.ToClient), Is.Not.Null.And.Property(nameof(StreamEnd.IsReset)).False);
        Assert.That(exchange.AddressTold, Is.EqualTo(line.ServersView));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_reset_goes_through(bool byClient)
    {
        await using Line line = await Line.Open(null);
        (Socket resets, Socket other) = byClient ? (line.Client, line.Server) : (line.Server, line.Client);
        await line.Client.SendAsync(Bytes("x"));
        await Read(line.Server, 1);
        resets.LingerState = new LingerOption(true, 0);
        resets.Dispose();

        Assert.That(async () => await Read(other, 1), Throws.InstanceOf<SocketException>());
        Assert.That(line.Relay.Exchanges.Single().EndOf(byClient ? Direction.ToServer : Direction.ToClient)?.IsReset, Is.True);
    }

    [TestCase(FaultKind.Split)]
    [TestCase(FaultKind.Join)]
    [TestCase(FaultKind.Latency)]
    [TestCase(FaultKind.Bandwidth)]
    [TestCase(FaultKind.Stall)]
    public async Task A_fault_of_delivery_loses_nothing(FaultKind kind)
    {
        await using Line line = await Line.Open(new Fault(kind, Direction.ToServer, 2, 3));
        TimeSpan start = Moment.Now;
        await line.Client.SendAsync(Bytes(Request));
        await line.Client.SendAsync(Bytes(Request));
        Assert.That(await Read(line.Server, 2 * Request.Length), Is.EqualTo(Request + Request));
        await line.Server.SendAsync(Bytes(Reply));
        Assert.That(await Read(line.Client, Reply.Length), Is.EqualTo(Reply));
        if (kind == FaultKind.Stall)
        {
            Assert.That(Moment.Now - start, Is.GreaterThanOrEqualTo(Fault.StallTime));
        }
    }

    [Test]
    public async Task Pieces_are_split_and_joined()
    {
        foreach ((FaultKind kind, int pieces) in new[] { (FaultKind.Split, 2 * Request.Length), (FaultKind.Join, 1) })
        {
            var sent = new List<int>();
            var delivery = new Delivery(Direction.ToServer, new Fault(kind, Direction.ToServer, 1, 0), bytes =>
            {
                sent.Add(bytes.Length);
                return Task.CompletedTask;
            }, 1);
            await delivery.Pass(Bytes(Request + Request));

            Assert.That(sent, Has.Count.EqualTo(pieces));
            Assert.That(delivery.Gathering > TimeSpan.Zero, Is.EqualTo(kind == FaultKind.Join));
        }
    }

    [TestCase(FaultKind.Fin, 1, 0, "")]
    [TestCase(FaultKind.Fin, 2, 0, Request)]
    [TestCase(FaultKind.Fin, 2, 9, Request + "UPPER 5\nh")]
    [TestCase(FaultKind.Silence, 2, 9, Request + "UPPER 5\nh")]
    [TestCase(FaultKind.Reset, 2, 9, "")]
    public async Task A_cut_lies_at_its_byte(FaultKind kind, int message, int at, string passes)
    {
        await using Line line = await Line.Open(new Fault(kind, Direction.ToServer, message, at));
        await line.Client.SendAsync(Bytes(Request + Request + Request));
        if (kind == FaultKind.Reset)
        {
            Assert.That(async () => await Read(line.Server, 100), Throws.InstanceOf<SocketException>());
            Assert.That(async () => await Read(line.Client, 1), Throws.InstanceOf<SocketException>());
        }
        else if (kind == FaultKind.Fin)
        {
            Assert.That(await Read(line.Server, 100), Is.EqualTo(passes));
            Assert.That(await Read(line.Client, 1), Is.Empty);
        }
        else
        {
            Assert.That(await Read(line.Server, passes.Length), Is.EqualTo(passes));
            await line.Server.SendAsync(Bytes(Reply));
            await line.Client.SendAsync(Bytes(Request));
            line.Client.Shutdown(SocketShutdown.Send); // the end alone goes through: somebody gave up
            Assert.That(await Read(line.Server, 1), Is.Empty);
            Assert.That(line.Client.Available, Is.Zero);
        }

        Assert.That(line.Relay.Exchanges.Single().IsCut);
    }

    [Test]
    public void The_same_seed_draws_the_same_fault_and_seeds_draw_every_kind()
    {
        int[] requests = [13, 7];
        int[] replies = [10];
        Fault[] cuts = [.. Enumerable.Range(0, 200).Select(seed => Fault.DrawCut(seed, requests, replies))];
        IReadOnlyList<Fault> deliveries = Fault.Deliveries(1, requests, replies);

        Assert.That(cuts.Concat(deliveries).Select(fault => fault.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<FaultKind>()));
        Assert.That(deliveries, Has.None.Matches<Fault>(fault => fault.IsCut));
        Assert.That(cuts, Is.EqualTo(Enumerable.Range(0, 200).Select(seed => Fault.DrawCut(seed, requests, replies))));
        Assert.That(cuts.Select(fault => (fault.Direction, fault.Message, fault.Byte)).Distinct().Count(), Is.EqualTo(13 + 7 + 10), "every point is drawn");
        Assert.That(cuts.All(fault => fault.IsCut && fault.Byte < (fault.Direction == Direction.ToServer ? requests : replies)[fault.Message - 1]));
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    // Reads so many bytes, or all until the end.
    private static async Task<string> Read(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        using var patience = new CancellationTokenSource(Wait.Patience);
        int read = 0;
        while (read < count && await socket.ReceiveAsync(bytes.AsMemory(read), patience.Token) is > 0 and int more)
        {
            read += more;
        }

        return Encoding.Latin1.GetString(bytes, 0, read);
    }

    // A client and a server socket with a relay between them.
    private sealed class Line(Relay relay, Socket client, Socket server) : IAsyncDisposable
    {
        public Relay Relay => relay;

        public Socket Client => client;

        public Socket Server => server;

        public string ServersView { get; } = server.RemoteEndPoint!.ToString()!;

        public static async Task<Line> Open(Fault? fault)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var relay = new Relay((IPEndPoint)listener.LocalEndPoint!, fault, seed: 1);
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await client.ConnectAsync(IPAddress.Loopback, relay.Port);
            return new Line(relay, client, await listener.AcceptAsync());
        }

        public async ValueTask DisposeAsync()
        {
            await relay.DisposeAsync();
            client.Dispose();
            server.Dispose();
        }
    }
}
