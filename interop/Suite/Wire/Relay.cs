// The tap on the wire: a client under test connects to it instead of to its server; every byte is forwarded at once and
// recorded with its direction and time. With a fault it is also what goes wrong between the two.
using System.Net;
using System.Net.Sockets;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>Relays connections to a server.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _server;
    private readonly Fault? _fault;
    private readonly long _seed;
    private readonly Lock _lock = new();
    private readonly List<Exchange> _exchanges = [];
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private bool _isClosed;

    /// <summary>Begins to listen.</summary>
    /// <param name="server">Where the server listens.</param>
    /// <param name="fault">What happens to every connection; null for nothing.</param>
    /// <param name="seed">What jitter is drawn from.</param>
    public Relay(IPEndPoint server, Fault? fault = null, long seed = 0)
    {
        (_server, _fault, _seed) = (server, fault, seed);
        _listener.Bind(new IPEndPoint(Place.Current.Listening(AddressFamily.InterNetwork), 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _accepting = Accept();
    }

    public int Port { get; }

    /// <summary>The connections so far, in the order of their coming.</summary>
    public IReadOnlyList<Exchange> Exchanges
    {
        get
        {
            lock (_lock)
            {
                return [.. _exchanges];
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        lock (_lock)
        {
            _isClosed = true;
            _sockets.ForEach(socket => socket.Dispose());
        }

        await _accepting;
    }

    private async Task Accept()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(Serve(await _listener.AcceptAsync()));
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections); // closed
        }
    }

    private async Task Serve(Socket client)
    {
        using Socket near = client;
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Exchange exchange;
        try
        {
            Keep(client, server);
            await server.ConnectAsync(_server);
            exchange = new Exchange(server.LocalEndPoint!.ToString()!, _server.ToString(), Part.Relay, _fault);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            Abort(client); // as the client would have found it
            return;
        }

        lock (_lock)
        {
            _exchanges.Add(exchange);
        }

        await Task.WhenAll(Pump(client, server, Direction.ToServer, exchange), Pump(server, client, Direction.ToClient, exchange));
    }

    private void Keep(params Socket[] sockets)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _sockets.AddRange(sockets);
        }

        foreach (Socket socket in sockets)
        {
            socket.NoDelay = true;
        }
    }

    private async Task Pump(Socket from, Socket to, Direction direction, Exchange exchange)
    {
        byte[] page = new byte[64 * 1024];
        var delivery = new Delivery(direction, _fault, async bytes => await to.SendAsync(bytes), _seed);
        try
        {
            while (await Receive(from, page, direction, exchange) is > 0 and int count)
            {
                if (delivery.Gathering > TimeSpan.Zero)
                {
                    await Wait.LetPass(delivery.Gathering);
                    while (from.Available > 0 && count < page.Length && await Receive(from, page.AsMemory(count), direction, exchange) is > 0 and int more)
                    {
                        count += more;
                    }
                }

                if (!exchange.IsCut && !await delivery.Pass(page.AsMemory(0, count)))
                {
                    exchange.RecordCut();
                    CutOff(from, to);
                }
            }

            if (exchange.EndOf(direction) is { IsReset: false })
            {
                to.Shutdown(SocketShutdown.Send);
                return;
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // the receiver is gone, the other direction was torn down, or the relay is closed
        }

        Abort(to);
        Abort(from);
    }

    // Receives and records; 0 at an end in order, -1 if the connection was torn down.
    private static async Task<int> Receive(Socket from, Memory<byte> room, Direction direction, Exchange exchange)
    {
        try
        {
            return await exchange.Heard(direction, room, from.ReceiveAsync(room));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return -1;
        }
    }

    // Ends the connection as the fault says; after a FIN and in silence what still comes is read, and dropped.
    private void CutOff(Socket from, Socket to)
    {
        if (_fault!.Kind == FaultKind.Fin)
        {
            to.Shutdown(SocketShutdown.Send);
            from.Shutdown(SocketShutdown.Send);
        }
        else if (_fault.Kind == FaultKind.Reset)
        {
            Abort(to);
            Abort(from);
        }
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // it is gone already
        }

        socket.Dispose();
    }
}
