// What a server is made of, but for its way of waiting.
using System.Net.Sockets;

namespace EasyTcp.Servers;

/// <summary>The parts that every way of waiting works with.</summary>
public sealed class Service
{
    /// <summary>Makes the parts of a server that is about to say that it is ready.</summary>
    /// <param name="listener">A listening, non-blocking socket.</param>
    /// <param name="clients">The registry.</param>
    /// <param name="reports">When it reports.</param>
    /// <param name="tell">Takes one line for stderr.</param>
    /// <param name="clock">The monotonic clock.</param>
    public Service(Socket listener, ClientRegistry clients, ReportSchedule reports, Action<string> tell, TimeProvider clock)
    {
        (Clients, Reports, Clock) = (clients, reports, clock);
        Acceptor = new Acceptor(listener, clock, tell);
        Desk = new RequestDesk(clock);
    }

    public TimeProvider Clock { get; }

    public Acceptor Acceptor { get; }

    public ClientRegistry Clients { get; }

    public RequestDesk Desk { get; }

    public ReportSchedule Reports { get; }

    /// <summary>The ready line is out: the running time and the report's schedule begin.</summary>
    public void Begin()
    {
        Desk.Open();
        Reports.Start();
    }

    /// <summary>Prints the reports that are due (part 7). Cheap if none is.</summary>
    /// <inheritdoc cref="ClientRegistry.PrintDueReports"/>
    public void PrintDueReports(bool waits = false) => Clients.PrintDueReports(waits);
}
