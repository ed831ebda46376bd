// The server with a thread per client: each thread waits for one client, and waiting is all that it does otherwise.
using System.Net.Sockets;
using EasyTcp.Servers;

return ServerProgram.Run("MultiThreadTcpServer", "a thread per client", args, Serve);

static void Serve(Service service)
{
    // Its clients' sockets block as well then. One that did not from its begin is only made to look so by the runtime: a thread
    // of its own would wait for all, and wake the others.
    service.Acceptor.Listener.Blocking = true;
    var admission = new Lock();
    new Thread(() => Report(service)) { IsBackground = true }.Start();
    while (true)
    {
        service.Acceptor.WaitForClient();
        while (service.Acceptor.TryAccept(out Socket? socket))
        {
            Admit(service, socket, admission);
            service.PrintDueReports(); // a crowd that comes may keep this thread, and the processor, for long
        }
    }
}

// A thread waits for the time of each report.
static void Report(Service service)
{
    using var time = new ManualResetEventSlim();
    while (true)
    {
        time.Wait(service.Reports.UntilDue.RoundedUp());
        service.PrintDueReports(waits: true);
    }
}

// The thread must be had before the ID is given, and the connect lines must be out before the thread's first reply: so
// it starts under a lock, and passing that lock is the first thing that it does.
static void Admit(Service service, Socket socket, Lock admission)
{
    const int Stack = 256 * 1024;
    lock (admission)
    {
        var client = new ClientSession(socket, service);
        try
        {
            new Thread(() => ServeClient(service, client, admission), Stack) { IsBackground = true }.Start();
        }
        catch (OutOfMemoryException)
        {
            service.Acceptor.Refuse(socket, "no thread can be had for it");
            return;
        }

        client.Join();
        service.Clients.Flush();
    }
}

// A thread waits for its client, in Advance. It looks for reports as well, also when it ends: where thousands want the processor,
// the thread that waits for their time may get it seconds late (clause 7.3).
static void ServeClient(Service service, ClientSession client, Lock admission)
{
    lock (admission)
    {
    }

    while (client.Advance())
    {
        service.PrintDueReports();
    }

    client.Leave();
    service.Clients.Flush();
    service.Acceptor.ClientLeft();
    service.PrintDueReports();
}
