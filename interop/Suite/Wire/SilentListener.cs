// An address at which nobody answers, not even to refuse: what a client meets when a firewall drops its packets.
using System.Net;
using System.Net.Sockets;

namespace EasyTcp.Interop.Wire;

/// <summary>A listener whose queue is full: the system drops what else wants to connect.</summary>
internal sealed class SilentListener : IDisposable
{
    // Over loopback a connection takes microseconds, unless the queue is full.
    private static readonly TimeSpan LongForLoopback = TimeSpan.FromSeconds(0.3);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _queue = [];

    private SilentListener(IPAddress address, int port)
    {
        _listener.Bind(new IPEndPoint(address, port));
        _listener.Listen(0);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Listens, and fills the queue.</summary>
    /// <param name="address">Where.</param>
    /// <param name="port">0 lets the system choose.</param>
    public static async Task<SilentListener> Start(IPAddress address, int port = 0)
    {
        var silent = new SilentListener(address, port);
        while (true)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            silent._queue.Add(socket);
            using var time = new CancellationTokenSource(LongForLoopback);
            try
            {
                await socket.ConnectAsync(silent._listener.LocalEndPoint!, time.Token);
            }
            catch (OperationCanceledException)
            {
                return silent;
            }
        }
    }

    public void Dispose()
    {
        _queue.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}
