// The readiness queue of any system: the runtime's own asynchronous sockets wait, and what they have done is handed to the loop.
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EventLoopTcpServer;

/// <summary>The queue by asynchronous sockets. A receive of no bytes ends when there are some; there is no such send, so
/// replies that wait are handed over; and a thread waits for the listener, for nothing else tells without taking the client.</summary>
internal sealed class AsyncSocketQueue : IReadinessQueue
{
    private const int ReadyAtMost = 512;

    private readonly Socket _listener;
    private readonly object _gate = new(); // of what the other threads see, too
    private readonly Queue<Operation> _done = new();
    private readonly Guest[] _ready = new Guest[ReadyAtMost];
    private readonly Dictionary<Guest, Operation> _operations = [];
    private bool _isWatched; // the listener
    private bool _isListening; // the thread is to wait for it
    private bool _someoneWaits;

    public AsyncSocketQueue(Socket listener)
    {
        _listener = listener;
        new Thread(Listen) { IsBackground = true }.Start();
    }

    public void WatchListener(bool isWatched)
    {
        lock (_gate)
        {
            _isWatched = isWatched;
            if (isWatched && !_isListening)
            {
                _isListening = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    public bool TryAdd(Guest guest, [NotNullWhen(false)] out string? obstacle)
    {
        var operation = new Operation(guest, Tell);
        try
        {
            operation.Start();
        }
        catch (Exception fault) when (fault is SocketException or OutOfMemoryException)
        {
            obstacle = fault.Message;
            return false;
        }

        obstacle = null;
        _operations.Add(guest, operation);
        return true;
    }

    public void Await(Guest guest) => _operations[guest].Start();

    public void Remove(Guest guest) => _operations.Remove(guest);

    public ReadOnlySpan<Guest> Wait(TimeSpan timeout, out bool someoneWaits)
    {
        int count = 0;
        lock (_gate)
        {
            if (_done.Count == 0 && !(_someoneWaits && _isWatched))
            {
                Monitor.Wait(_gate, timeout);
            }

            while (count < ReadyAtMost && _done.TryDequeue(out Operation? operation))
            {
                if (!operation.Guest.HasLeft)
                {
                    operation.Finish();
                    _ready[count++] = operation.Guest;
                }
            }

            someoneWaits = _someoneWaits && _isWatched;
            if (someoneWaits)
            {
                _someoneWaits = _isListening = false; // until it is watched again
            }
        }

        return _ready.AsSpan(0, count);
    }

    private void Tell(Operation operation)
    {
        lock (_gate)
        {
            _done.Enqueue(operation);
            Monitor.PulseAll(_gate);
        }
    }

    private void Listen()
    {
        while (true)
        {
            lock (_gate)
            {
                while (!_isListening || _someoneWaits)
                {
                    Monitor.Wait(_gate);
                }
            }

            _listener.Poll(-1, SelectMode.SelectRead);
            lock (_gate)
            {
                _someoneWaits = true;
                Monitor.PulseAll(_gate);
            }
        }
    }

    // What is under way for a client: one thing at a time.
    private sealed class Operation : SocketAsyncEventArgs
    {
        private readonly Action<Operation> _tell;
        private bool _isSend;

        public Operation(Guest guest, Action<Operation> tell)
            : base(true) => (Guest, _tell) = (guest, tell);

        public Guest Guest { get; }

        public void Start()
        {
            _isSend = Guest.WantsToSend;
            SetBuffer(_isSend ? MemoryMarshal.AsMemory(Guest.RepliesForLater) : Memory<byte>.Empty);
            if (!(_isSend ? Guest.Socket.SendAsync(this) : Guest.Socket.ReceiveAsync(this)))
            {
                _tell(this);
            }
        }

        // An error is met again by the session itself.
        public void Finish()
        {
            if (_isSend && SocketError == SocketError.Success)
            {
                Guest.SentLater(BytesTransferred);
            }
        }

        protected override void OnCompleted(SocketAsyncEventArgs e) => _tell(this);
    }
}
