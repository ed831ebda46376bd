// A queue of replies without bound, which no correct server has (clause 1.5).
using System.Collections.Concurrent;
using System.Net.Sockets;

namespace EasyTcp.Saboteurs;

/// <summary>Sends on a thread of its own, which exists only once something was added.</summary>
internal sealed class Outbox(Socket socket)
{
    private BlockingCollection<byte[]>? _queue;
    private Thread? _sender;

    public void Add(byte[] bytes)
    {
        if (_queue == null)
        {
            _queue = [];
            _sender = new Thread(Send) { IsBackground = true };
            _sender.Start();
        }

        _queue.Add(bytes);
    }

    /// <summary>Awaits that all is sent.</summary>
    public void Finish() => Finish(Timeout.InfiniteTimeSpan);

    /// <summary>Awaits that all is sent, but no longer than that; true if it is.</summary>
    public bool Finish(TimeSpan longest)
    {
        if (_queue is { IsAddingCompleted: false })
        {
            _queue.CompleteAdding();
            return _sender!.Join(longest);
        }

        return true;
    }

    private void Send()
    {
        try
        {
            foreach (byte[] bytes in _queue!.GetConsumingEnumerable())
            {
                socket.Send(bytes);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // the client is gone, and its session notices too
        }
    }
}
