// Bytes waiting between a socket and a conversation, in memory that is borrowed while there are any.
using System.Buffers;

namespace EasyTcp.Servers;

/// <summary>A queue of bytes. It holds an array of the shared pool while it is in use, and none when it is empty. It stands in
/// its owner, so that a client's state is few places in memory: among thousands of clients each is read anew.</summary>
public struct ByteBuffer()
{
    // Less is not worth growing from: the replies to a few requests fit.
    private const int Smallest = 1024;

    private byte[] _array = [];
    private int _start;
    private int _end;

    /// <summary>Bytes waiting.</summary>
    public readonly int Count => _end - _start;

    /// <summary>The bytes waiting, oldest first; valid until the next call that changes the buffer.</summary>
    public readonly ReadOnlySpan<byte> Waiting => _array.AsSpan(_start, Count);

    /// <summary>The same, for whoever needs them after this call; valid as long.</summary>
    public readonly ReadOnlyMemory<byte> WaitingMemory => _array.AsMemory(_start, Count);

    /// <summary>Room for at least <paramref name="size"/> more bytes; what was written there is added by <see cref="Added"/>.</summary>
    public Span<byte> Room(int size)
    {
        if (_array.Length - _end < size)
        {
            MakeRoom(size);
        }

        return _array.AsSpan(_end);
    }

    /// <summary>The first <paramref name="count"/> bytes of the room were written and now wait.</summary>
    public void Added(int count) => _end += count;

    /// <summary>Adds a copy of <paramref name="bytes"/>.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Added(bytes.Length);
    }

    /// <summary>Drops the oldest <paramref name="count"/> bytes.</summary>
    public void Remove(int count) => _start += count;

    /// <summary>Drops all bytes.</summary>
    public void Clear() => _start = _end;

    /// <summary>Gives the array back if nothing waits in it: an idle client costs no buffer.</summary>
    public void ReleaseIfEmpty()
    {
        if (Count == 0 && _array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
            (_array, _start, _end) = ([], 0, 0);
        }
    }

    private void MakeRoom(int size)
    {
        byte[] array = _array.Length >= Count + size ? _array : ArrayPool<byte>.Shared.Rent(Math.Max(Count + size, Smallest));
        int count = Count;
        Waiting.CopyTo(array);
        if (array != _array && _array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        (_array, _start, _end) = (array, 0, count);
    }
}
