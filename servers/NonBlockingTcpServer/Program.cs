// The server with one thread: select() waits for the listener, for all clients and for the time of the next report.
using System.Net.Sockets;
using EasyTcp.Servers;

return ServerProgram.Run("NonBlockingTcpServer", "one thread around select()", args, Serve);

static void Serve(Service service)
{
    // Clients who wait are accepted at most this many a pass, so that a storm of them does not keep the others waiting.
    const int AcceptsPerPass = 256;

    var clients = new Dictionary<Socket, ClientSession>();
    var readable = new List<Socket>();
    var writable = new List<Socket>();
    while (true)
    {
        TimeSpan timeout = Gather(service, clients, readable, writable);
        service.Clients.Flush();
        Socket.Select(readable, writable, null, timeout);

        bool someoneWaits = readable.Remove(service.Acceptor.Listener);
        foreach (Socket socket in readable)
        {
            Advance(service, clients, clients[socket]);
        }

        foreach (Socket socket in writable)
        {
            Advance(service, clients, clients[socket]);
        }

        for (int i = 0; someoneWaits && i < AcceptsPerPass && service.Acceptor.TryAccept(out Socket? socket); i++)
        {
            Admit(service, clients, socket);
        }

        service.PrintDueReports();
    }
}

// Lists the sockets to wait on. Returns how long to wait: until the next report is due, an ending client's time is up or
// the listener has rested, worked out anew from the clock.
static TimeSpan Gather(Service service, Dictionary<Socket, ClientSession> clients, List<Socket> readable, List<Socket> writable)
{
    readable.Clear();
    writable.Clear();
    TimeSpan rest = service.Acceptor.RestLeft;
    TimeSpan timeout = TimeSpan.FromTicks(Math.Min(service.Reports.UntilDue.Ticks, WaitingTime.Longest.Ticks));
    if (rest == TimeSpan.Zero)
    {
        readable.Add(service.Acceptor.Listener); // first, where it is found quickly afterwards
    }
    else
    {
        timeout = rest < timeout ? rest : timeout;
    }

    foreach (ClientSession client in clients.Values)
    {
        TimeSpan left = client.TimeLeft;
        if (left <= TimeSpan.Zero)
        {
            Leave(service, clients, client);
            continue;
        }

        timeout = left < timeout ? left : timeout;
        (client.WantsToSend ? writable : readable).Add(client.Socket);
    }

    return timeout.RoundedUp();
}

static void Admit(Service service, Dictionary<Socket, ClientSession> clients, Socket socket)
{
    socket.Blocking = false;
    var client = new ClientSession(socket, service);
    client.Join();
    clients.Add(socket, client);
}

static void Advance(Service service, Dictionary<Socket, ClientSession> clients, ClientSession client)
{
    service.PrintDueReports(); // also in the middle of a pass, which may take its time
    if (!client.Advance())
    {
        Leave(service, clients, client);
    }
}

static void Leave(Service service, Dictionary<Socket, ClientSession> clients, ClientSession client)
{
    clients.Remove(client.Socket);
    client.Leave();
    service.Acceptor.ClientLeft();
}
