// Both queues, held to the same: they hand out whoever is ready, for what his session wants, and nobody else.
using System.Net;
using System.Net.Sockets;
using EasyTcp.Servers;
using EasyTcp.Servers.Tests;

namespace EventLoopTcpServer.Tests;

[TestFixture("epoll")]
[TestFixture("async")]
internal sealed class ReadinessQueueTests(string kind)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Never = TimeSpan.FromSeconds(0.1);

    private readonly List<IDisposable> _sockets = [];
    private Socket _listener = null!;
    private Service _service = null!;
    private IReadinessQueue _queue = null!;

    [OneTimeSetUp]
    public void Choose()
    {
        if (string.Equals(kind, "epoll", StringComparison.Ordinal) && !OperatingSystem.IsLinux())
        {
            Assert.Ignore("epoll is Linux's");
        }
    }

    [SetUp]
    public void Open()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        var reports = new ReportSchedule(TimeProvider.System, TimeSpan.FromMinutes(1));
        _service = new Service(_listener, new ClientRegistry(new ServerConsole(Stream.Null), reports), reports, _ => { }, TimeProvider.System);
        _service.Begin();
        _queue = string.Equals(kind, "epoll", StringComparison.Ordinal) ? new EpollQueue(_listener) : new AsyncSocketQueue(_listener);
    }

    [TearDown]
    public void Close()
    {
        _listener.Dispose();
        _sockets.ForEach(socket => socket.Dispose());
        _sockets.Clear();
    }

    [Test]
    public void Who_waits_at_the_listener_is_told_of_only_while_it_is_watched()
    {
        _queue.WatchListener(false);
        using Socket client = Connected();
        _queue.Wait(Never, out bool before);
        _queue.WatchListener(true);
        bool after = Until(() =>
        {
            _queue.Wait(Soon, out bool someoneWaits);
            return someoneWaits;
        });

        Assert.Multiple(() =>
        {
            Assert.That(before, Is.False);
            Assert.That(after, Is.True);
        });
    }

    [Test]
    public void Who_has_sent_something_is_handed_out_and_nobody_else()
    {
        (Socket first, Guest one) = Admitted();
        (_, Guest other) = Admitted();
        Assert.That(Handed(Never), Is.Empty);

        first.Send("COUNT 0\n"u8);

        Assert.That(Handed(Soon), Is.EqualTo(new[] { one }));
        Assert.That(one.Advance(), Is.True);
        _queue.Await(one);
        Assert.That(Handed(Never), Is.Empty, "it has been served");
        byte[] reply = new byte[6];
        Assert.That(first.Receive(reply), Is.EqualTo(6));
        Assert.That(reply, Is.EqualTo("OK 1\n1"u8.ToArray()));
        Assert.That(other.HasLeft, Is.False);
    }

    [Test]
    public void The_end_of_a_client_is_handed_out()
    {
        (Socket client, Guest guest) = Admitted();

        client.Dispose();

        Assert.That(Handed(Soon), Is.EqualTo(new[] { guest }));
        Assert.That(guest.Advance(), Is.False);
    }

    [Test]
    public void Who_does_not_take_his_replies_is_not_listened_to_and_goes_on_when_he_does()
    {
        (Socket client, Guest guest) = Admitted();
        byte[] payload = new byte[65535];
        Array.Fill(payload, (byte)'x');
        byte[] request = [.. "UPPER 65535\n"u8, .. payload];
        client.Blocking = false;
        long sent = 0;
        bool isStuck = Until(() =>
        {
            int count = client.Send(request.AsSpan((int)(sent % request.Length)), SocketFlags.None, out _);
            sent += Math.Max(count, 0);
            Serve(TimeSpan.FromMilliseconds(20));
            return guest.WantsToSend && count <= 0;
        });
        Assert.That(isStuck, Is.True);
        Assert.That(Handed(Never), Is.Empty, "there is no room, and it is not listened to");

        client.Blocking = true;
        long whole = sent / request.Length * ("OK 65535\n".Length + payload.Length);
        byte[] room = new byte[256 * 1024];
        long read = 0;
        bool isAll = Until(() =>
        {
            read += client.Available > 0 ? client.Receive(room) : 0;
            Serve(TimeSpan.FromMilliseconds(1));
            return read == whole;
        });
        Assert.That(isAll, Is.True, $"{read} of {whole} bytes");
    }

    [Test]
    public void Who_has_been_removed_is_never_handed_out_and_his_place_is_taken_by_another()
    {
        (Socket gone, Guest left) = Admitted();
        gone.Send("COUNT 0\n"u8);
        left.HasLeft = true;
        _queue.Remove(left);
        left.Leave();

        (Socket client, Guest guest) = Admitted();
        client.Send("COUNT 0\n"u8);

        Assert.That(Handed(Soon), Is.EqualTo(new[] { guest }));
    }

    [Test]
    public void Hundreds_are_handed_out_each_once()
    {
        const int Crowd = 700; // more than have a turn in one pass
        (Socket Client, Guest Guest)[] all = [.. Enumerable.Range(0, Crowd).Select(_ => Admitted())];
        foreach ((Socket client, _) in all)
        {
            client.Send("COUNT 0\n"u8);
        }

        var handed = new List<Guest>();
        Until(() =>
        {
            foreach (Guest guest in Handed(Soon))
            {
                handed.Add(guest);
                Assert.That(guest.Advance(), Is.True);
                _queue.Await(guest);
            }

            return handed.Count >= Crowd;
        });

        Assert.That(handed, Is.EquivalentTo(all.Select(each => each.Guest)));
    }

    // The whole way, on the thread that serves: out of the queue, received, answered, sent, back to the queue.
    [Test]
    public void A_request_makes_no_garbage()
    {
        const int Turns = 50;
        Socket[] clients = [.. Enumerable.Range(0, 20).Select(_ => Admitted().Client)];
        byte[] reply = new byte["OK 4\nWARM".Length];

        long allocated = Steady.AllocatedBytes(() =>
        {
            for (int turn = 0; turn < Turns; turn++)
            {
                AskAll(clients, reply);
            }
        });

        Assert.Multiple(() =>
        {
            Assert.That(reply, Is.EqualTo("OK 4\nWARM"u8.ToArray()));
            Assert.That(allocated, Is.Zero);
        });
    }

    private void AskAll(Socket[] clients, byte[] reply)
    {
        foreach (Socket client in clients)
        {
            client.Send("UPPER 4\nwarm"u8);
        }

        for (int served = 0; served < clients.Length;)
        {
            int now = Serve(Soon);
            served += now > 0 ? now : throw new TimeoutException($"{served} of {clients.Length} requests were handed out");
        }

        foreach (Socket client in clients)
        {
            client.Receive(reply);
        }
    }

    private static bool Until(Func<bool> condition)
    {
        TimeProvider clock = TimeProvider.System;
        long start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < Soon)
        {
            if (condition())
            {
                return true;
            }
        }

        return false;
    }

    private Guest[] Handed(TimeSpan within)
    {
        TimeProvider clock = TimeProvider.System;
        long start = clock.GetTimestamp();
        do
        {
            Guest[] ready = [.. _queue.Wait(within, out _)];
            if (ready.Length > 0)
            {
                return ready;
            }
        }
        while (clock.GetElapsedTime(start) < within);

        return [];
    }

    private int Serve(TimeSpan within)
    {
        ReadOnlySpan<Guest> ready = _queue.Wait(within, out _);
        foreach (Guest guest in ready)
        {
            _service.PrintDueReports();
            if (guest.Advance())
            {
                _queue.Await(guest);
            }
        }

        return ready.Length;
    }

    private Socket Connected()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(_listener.LocalEndPoint!);
        _sockets.Add(client);
        return client;
    }

    private (Socket Client, Guest Guest) Admitted()
    {
        Socket client = Connected();
        Socket accepted = _listener.Accept();
        accepted.Blocking = false;
        _sockets.Add(accepted);
        var guest = new Guest(accepted, _service);
        guest.Join();
        Assert.That(_queue.TryAdd(guest, out string? obstacle), Is.True, obstacle);
        return (client, guest);
    }
}
