// Who is connected: IDs, the roster, and the lines that tell of them (clauses 6.3 to 6.6), with the reports among them (part 7).
namespace EasyTcp.Servers;

/// <summary>
/// The clients of a server. Every change and its lines happen under one lock, so that the lines together are one true
/// history (clause 6.6). Each call costs the same with ten clients and with ten thousand.
/// </summary>
/// <param name="console">Where the lines go.</param>
/// <param name="reports">When a report is due. Whoever has the lock looks, so that no report waits for its turn among thousands who
/// come or leave (clause 7.3).</param>
public sealed class ClientRegistry(ServerConsole console, ReportSchedule reports)
{
    // The roster names this many of a larger crowd (clause 6.5).
    private const int RosterLength = 10;

    // IDs only grow, so adding at the end keeps the list in ID order.
    private readonly LinkedList<long> _clients = new();
    private readonly Lock _history = new();
    private long _lastId;

    /// <summary>The ready line (clause 6.2).</summary>
    public void Ready(int port)
    {
        lock (_history)
        {
            console.Write("The server is ready to receive on port "u8);
            console.Write(port);
            console.EndLine();
            console.Flush();
        }
    }

    /// <summary>A client was accepted: gives it the next ID and tells so (clause 6.3).</summary>
    /// <returns>Its place, to be given to <see cref="Leave"/>.</returns>
    public LinkedListNode<long> Join()
    {
        lock (_history)
        {
            TellDueReports();
            LinkedListNode<long> place = _clients.AddLast(++_lastId);
            Tell(place.Value, "connected"u8);
            return place;
        }
    }

    /// <summary>A client's connection is over (clause 6.4).</summary>
    public void Leave(LinkedListNode<long> place)
    {
        ArgumentNullException.ThrowIfNull(place);
        lock (_history)
        {
            TellDueReports();
            _clients.Remove(place);
            Tell(place.Value, "disconnected"u8);
        }
    }

    /// <summary>The report line (clause 7.1).</summary>
    public void Report()
    {
        lock (_history)
        {
            TellNumber();
            console.EndLine();
        }
    }

    /// <summary>Prints the reports that are due, and writes them out. Cheap if none is.</summary>
    /// <param name="waits">True to wait for the lock; false to leave them to whoever has it, or has it next.</param>
    public void PrintDueReports(bool waits)
    {
        if (!reports.IsDue)
        {
            return;
        }

        if (waits)
        {
            _history.Enter();
        }
        else if (!_history.TryEnter())
        {
            return;
        }

        try
        {
            TellDueReports();
        }
        finally
        {
            _history.Exit();
        }
    }

    /// <summary>Writes out all lines: whoever waits calls this first.</summary>
    public void Flush()
    {
        lock (_history)
        {
            TellDueReports();
            console.Flush();
        }
    }

    /// <summary>The last line: whatever happens afterwards is not told (clause 8.1).</summary>
    public void Farewell()
    {
        lock (_history)
        {
            console.Write("Bye bye~"u8);
            console.EndLine();
            console.Close();
        }
    }

    private void TellDueReports()
    {
        while (reports.TakeDue())
        {
            Report();
            console.Flush();
        }
    }

    private void Tell(long id, ReadOnlySpan<byte> change)
    {
        console.Write("Client "u8);
        console.Write(id);
        console.Write(" "u8);
        console.Write(change);
        console.Write(". "u8);
        TellNumber();
        console.EndLine();
        TellRoster();
        console.EndLine();
    }

    private void TellNumber()
    {
        console.Write("Number of connected clients = "u8);
        console.Write(_clients.Count);
    }

    private void TellRoster()
    {
        console.Write("Connected clients = {"u8);
        LinkedListNode<long>? client = _clients.First;
        for (int named = 0; client != null && named < RosterLength; named++, client = client.Next)
        {
            console.Write(named == 0 ? "client "u8 : ", client "u8);
            console.Write(client.Value);
        }

        if (_clients.Count > RosterLength)
        {
            console.Write(", "u8);
            console.Write(_clients.Count - RosterLength);
            console.Write(" more"u8);
        }

        console.Write("}"u8);
    }
}
