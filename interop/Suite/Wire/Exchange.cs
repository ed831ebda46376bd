// What passed over one connection, as the relay between its two ends saw it.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>Which way bytes go.</summary>
internal enum Direction
{
    ToServer,
    ToClient,
}

/// <summary>How a direction of a connection stands.</summary>
internal enum StreamEnd
{
    /// <summary>More may come.</summary>
    Open,

    /// <summary>Its sender has ended it.</summary>
    Fin,

    /// <summary>Its sender has torn the connection down.</summary>
    Reset,
}

/// <summary>Bytes that came together.</summary>
/// <param name="At">When they came.</param>
/// <param name="Order">How many pieces came before, in both directions together.</param>
/// <param name="Direction">Which way they go.</param>
/// <param name="Offset">How many bytes went that way before them.</param>
/// <param name="Bytes">The bytes, as the sender sent them.</param>
internal sealed record Piece(TimeSpan At, int Order, Direction Direction, long Offset, byte[] Bytes);

/// <summary>A recorded connection.</summary>
/// <param name="addressTold">The client's address as the server sees it: the relay's own, as clause 3.2 writes it.</param>
internal sealed class Exchange(string addressTold)
{
    private readonly Lock _lock = new();
    private readonly List<Piece> _pieces = [];
    private readonly long[] _lengths = new long[2];
    private readonly StreamEnd[] _ends = new StreamEnd[2];

    public string AddressTold => addressTold;

    /// <summary>What the relay did to the connection, beside forwarding it; null for nothing.</summary>
    public string? Cut { get; private set; }

    /// <summary>All pieces so far, in the order in which they came.</summary>
    public IReadOnlyList<Piece> Pieces
    {
        get
        {
            lock (_lock)
            {
                return [.. _pieces];
            }
        }
    }

    /// <summary>How a direction stands.</summary>
    public StreamEnd EndOf(Direction direction)
    {
        lock (_lock)
        {
            return _ends[(int)direction];
        }
    }

    /// <summary>All bytes of a direction so far.</summary>
    public byte[] BytesOf(Direction direction) => [.. Pieces.Where(piece => piece.Direction == direction).SelectMany(piece => piece.Bytes)];

    /// <summary>Notes bytes that came; they are recorded before they are forwarded, so that an answer always comes after its question.</summary>
    public void Record(Direction direction, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            _pieces.Add(new Piece(Moment.Now, _pieces.Count, direction, _lengths[(int)direction], bytes.ToArray()));
            _lengths[(int)direction] += bytes.Length;
        }
    }

    /// <summary>Notes the end of a direction.</summary>
    public void Record(Direction direction, StreamEnd end)
    {
        lock (_lock)
        {
            _ends[(int)direction] = end;
        }
    }

    /// <summary>Notes that the relay itself cut the connection: from then on neither end is to blame for it.</summary>
    public void RecordCut(string what)
    {
        lock (_lock)
        {
            Cut = what;
        }
    }
}
