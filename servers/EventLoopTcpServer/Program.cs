// The server with one thread around the kernel's readiness queue: a pass costs what is ready, and not what is connected.
using System.Net.Sockets;
using EasyTcp.Servers;
using EventLoopTcpServer;

return ServerProgram.Run("EventLoopTcpServer", "one thread around the kernel's readiness queue", args, Serve);

static void Serve(Service service)
{
    // Clients who wait are accepted at most this many a pass, so that a storm of them does not keep the others waiting.
    const int AcceptsPerPass = 256;

    IReadinessQueue queue = ReadinessQueue.Open(service.Acceptor.Listener);
    var ending = new Queue<Guest>(); // the first to end first: each has the same second (clause 5.2)
    while (true)
    {
        TimeSpan timeout = TimeLeft(service, queue, ending);
        service.Clients.Flush();
        ReadOnlySpan<Guest> ready = queue.Wait(timeout, out bool someoneWaits);

        foreach (Guest guest in ready)
        {
            Advance(service, queue, ending, guest);
        }

        for (int i = 0; someoneWaits && i < AcceptsPerPass && service.Acceptor.TryAccept(out Socket? socket); i++)
        {
            Admit(service, queue, socket);
        }

        service.PrintDueReports();
    }
}

// How long to wait: until the next report is due, an ending client's time is up or the listener has rested, worked out anew
// from the clock.
static TimeSpan TimeLeft(Service service, IReadinessQueue queue, Queue<Guest> ending)
{
    TimeSpan rest = service.Acceptor.RestLeft;
    TimeSpan timeout = TimeSpan.FromTicks(Math.Min(service.Reports.UntilDue.Ticks, WaitingTime.Longest.Ticks));
    queue.WatchListener(rest == TimeSpan.Zero);
    if (rest > TimeSpan.Zero)
    {
        timeout = rest < timeout ? rest : timeout;
    }

    while (ending.TryPeek(out Guest? first))
    {
        TimeSpan left = first.TimeLeft;
        if (!first.HasLeft && left > TimeSpan.Zero)
        {
            timeout = left < timeout ? left : timeout;
            break;
        }

        ending.Dequeue();
        Leave(service, queue, first);
    }

    return timeout.RoundedUp();
}

static void Admit(Service service, IReadinessQueue queue, Socket socket)
{
    socket.Blocking = false;
    var guest = new Guest(socket, service);
    if (queue.TryAdd(guest, out string? obstacle))
    {
        guest.Join();
    }
    else
    {
        service.Acceptor.Refuse(socket, obstacle);
    }
}

static void Advance(Service service, IReadinessQueue queue, Queue<Guest> ending, Guest guest)
{
    service.PrintDueReports(); // also in the middle of a pass, which may take its time
    bool wasEnding = guest.IsEnding;
    if (!guest.Advance())
    {
        Leave(service, queue, guest);
        return;
    }

    queue.Await(guest);
    if (!wasEnding && guest.IsEnding)
    {
        ending.Enqueue(guest);
    }
}

static void Leave(Service service, IReadinessQueue queue, Guest guest)
{
    if (!guest.HasLeft)
    {
        guest.HasLeft = true;
        queue.Remove(guest);
        guest.Leave();
        service.Acceptor.ClientLeft();
    }
}
