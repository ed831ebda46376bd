// Linux's readiness queue: the kernel keeps the list of what is awaited, and hands out what is ready (epoll(7)).
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EventLoopTcpServer;

/// <summary>The queue by epoll, level-triggered: whoever is not done is handed out again.</summary>
internal sealed partial class EpollQueue : IReadinessQueue
{
    private const int ReadyAtMost = 512; // so many have a turn before others are asked for
    private const int CloseOnExec = 0x80000;
    private const uint Readable = 1;
    private const uint Writable = 4;
    private const int TheListener = 0;

    // struct epoll_event: 32 bits of events and 64 of the caller's own, without a gap between them on x86 alone.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;
    private static readonly int EventSize = DataAt + 8;

    private readonly int _queue;
    private readonly int _listener;
    private readonly byte[] _events = GC.AllocateArray<byte>(ReadyAtMost * EventSize, pinned: true);
    private readonly Guest[] _ready = new Guest[ReadyAtMost];
    private readonly Stack<int> _free = new();
    private Guest?[] _guests = new Guest?[64]; // by slot; none has the listener's
    private int _slots = TheListener + 1;
    private bool _isListening;

    /// <summary>Opens a queue.</summary>
    /// <exception cref="IOException">The system has none left.</exception>
    public EpollQueue(Socket listener)
    {
        _queue = Create(CloseOnExec);
        _listener = (int)listener.Handle;
        _isListening = true;
        if (_queue < 0 || !Control(Operation.Add, _listener, Readable, TheListener))
        {
            throw new IOException($"cannot make a queue: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private enum Operation
    {
        Add = 1,
        Change = 3,
    }

    public void WatchListener(bool isWatched)
    {
        if (isWatched != _isListening)
        {
            _isListening = isWatched;
            Control(Operation.Change, _listener, isWatched ? Readable : 0, TheListener);
        }
    }

    public bool TryAdd(Guest guest, [NotNullWhen(false)] out string? obstacle)
    {
        int slot = _free.TryPop(out int free) ? free : _slots++;
        if (slot == _guests.Length)
        {
            Array.Resize(ref _guests, 2 * slot);
        }

        (guest.Slot, _guests[slot]) = (slot, guest);
        bool isAdded = Control(Operation.Add, (int)guest.Socket.Handle, Readable, slot);
        obstacle = isAdded ? null : Marshal.GetLastPInvokeErrorMessage();
        if (!isAdded)
        {
            Release(guest);
        }

        return isAdded;
    }

    public void Await(Guest guest)
    {
        bool wantsToSend = guest.WantsToSend;
        if (wantsToSend != guest.AwaitsRoom) // a call that would change nothing is not made
        {
            guest.AwaitsRoom = wantsToSend;
            Control(Operation.Change, (int)guest.Socket.Handle, wantsToSend ? Writable : Readable, guest.Slot);
        }
    }

    // The kernel takes it off the queue when its socket is closed, which is next.
    public void Remove(Guest guest) => Release(guest);

    public ReadOnlySpan<Guest> Wait(TimeSpan timeout, out bool someoneWaits)
    {
        someoneWaits = false;
        int count = Wait(_queue, ref _events[0], ReadyAtMost, (int)timeout.TotalMilliseconds); // below 0: a signal
        int clients = 0;
        for (int i = 0; i < count; i++)
        {
            int slot = (int)MemoryMarshal.Read<long>(_events.AsSpan((i * EventSize) + DataAt));
            if (slot == TheListener)
            {
                someoneWaits = true;
            }
            else
            {
                _ready[clients++] = _guests[slot]!;
            }
        }

        return _ready.AsSpan(0, clients);
    }

    private void Release(Guest guest)
    {
        _guests[guest.Slot] = null;
        _free.Push(guest.Slot);
    }

    private bool Control(Operation operation, int descriptor, uint events, long data)
    {
        Span<byte> change = stackalloc byte[EventSize];
        MemoryMarshal.Write(change, in events);
        MemoryMarshal.Write(change[DataAt..], in data);
        return Control(_queue, (int)operation, descriptor, ref change[0]) == 0;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int queue, int operation, int descriptor, ref byte change);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    private static partial int Wait(int queue, ref byte events, int count, int milliseconds);
}
