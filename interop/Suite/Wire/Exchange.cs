// What passed over one connection, as the suite saw it: as the relay between its two ends, or as one of them.
using System.Net.Sockets;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>Which way bytes go.</summary>
internal enum Direction
{
    ToServer,
    ToClient,
}

/// <summary>The end of a direction.</summary>
/// <param name="At">When it came.</param>
/// <param name="IsReset">True if its sender has torn the connection down, false if it has ended its sending in order.</param>
internal sealed record StreamEnd(TimeSpan At, bool IsReset);

/// <summary>Bytes that came together.</summary>
/// <param name="At">When they came.</param>
/// <param name="Order">How many pieces came before, in both directions together.</param>
/// <param name="Direction">Which way they go.</param>
/// <param name="Offset">How many bytes went that way before them.</param>
/// <param name="Bytes">The bytes, as the sender sent them.</param>
internal sealed record Piece(TimeSpan At, int Order, Direction Direction, long Offset, byte[] Bytes);

/// <summary>What the suite is in a connection.</summary>
internal enum Part
{
    Relay,
    Client,
    Server,
}

/// <summary>A recorded connection.</summary>
/// <param name="addressTold">The client's address as the server sees it, as clause 3.2 writes it; a relay's own.</param>
/// <param name="serverAddress">The server's, likewise.</param>
/// <param name="part">What the suite is in it.</param>
/// <param name="fault">What the relay does to the connection, beside forwarding it; null for nothing.</param>
internal sealed class Exchange(string addressTold, string serverAddress, Part part, Fault? fault = null)
{
    // What a relay sees is judged, so all of it is kept; what a case says and hears itself is kept to be shown.
    private const long MostShown = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Piece> _pieces = [];
    private readonly long[] _lengths = new long[2];
    private readonly StreamEnd?[] _ends = new StreamEnd?[2];

    public string AddressTold => addressTold;

    public string ServerAddress => serverAddress;

    public Part Part => part;

    /// <summary>When it was made.</summary>
    public TimeSpan OpenedAt { get; } = Moment.Now;

    /// <summary>True if more passed than is kept.</summary>
    public bool IsCutShort { get; private set; }

    public Fault? Fault => fault;

    /// <summary>What broke a clause in it; null for nothing, as far as it was judged.</summary>
    public CaseFailedException? Violation { get; set; }

    /// <summary>True once the relay itself has cut the connection: from then on neither end is to blame for it.</summary>
    public bool IsCut { get; private set; }

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

    /// <summary>The end of a direction; null while more may come.</summary>
    public StreamEnd? EndOf(Direction direction)
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
            if (bytes.IsEmpty || IsCutShort)
            {
                return;
            }

            if (part != Part.Relay && _lengths.Sum() + bytes.Length > MostShown)
            {
                IsCutShort = true;
                return;
            }

            _pieces.Add(new Piece(Moment.Now, _pieces.Count, direction, _lengths[(int)direction], bytes.ToArray()));
            _lengths[(int)direction] += bytes.Length;
        }
    }

    /// <summary>Sends what fits without waiting, and notes it in the same step: an answer that is there at once is noted after it.</summary>
    /// <param name="direction">Which way it goes.</param>
    /// <param name="socket">A socket that does not block.</param>
    /// <param name="bytes">What to send.</param>
    /// <returns>How many bytes that was; 0 also if the connection is broken.</returns>
    public int SendWhatFits(Direction direction, Socket socket, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            int sent = socket.Send(bytes, SocketFlags.None, out SocketError error);
            sent = error == SocketError.Success ? sent : 0;
            Record(direction, bytes[..sent]);
            return sent;
        }
    }

    /// <summary>Sends all, and notes it as it goes.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public async Task Send(Direction direction, Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        socket.Blocking = false;
        for (int sent = 0; sent < bytes.Length;)
        {
            int count = SendWhatFits(direction, socket, bytes.Span[sent..]);
            if (count == 0)
            {
                count = await socket.SendAsync(bytes[sent..], cancel); // waits for room, or says what is broken
                Record(direction, bytes.Span.Slice(sent, count));
            }

            sent += count;
        }
    }

    /// <summary>Notes what is received, bytes or an end.</summary>
    public async ValueTask<int> Heard(Direction direction, ReadOnlyMemory<byte> room, ValueTask<int> receiving)
    {
        try
        {
            int count = await receiving;
            if (count > 0)
            {
                Record(direction, room.Span[..count]);
            }
            else
            {
                RecordEnd(direction, isReset: false);
            }

            return count;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            RecordEnd(direction, isReset: true);
            throw;
        }
    }

    /// <summary>Notes the end of a direction, which is its first.</summary>
    public void RecordEnd(Direction direction, bool isReset)
    {
        lock (_lock)
        {
            _ends[(int)direction] ??= new StreamEnd(Moment.Now, isReset);
        }
    }

    /// <summary>Notes that the relay cuts the connection.</summary>
    public void RecordCut()
    {
        lock (_lock)
        {
            IsCut = true;
        }
    }
}
