// Frames as they could have been on the wire. The suite saw bytes and ends, not packets: times and bytes are true, the
// headers around them are made up so that each end has said, numbered and acknowledged what it must have.
using System.Net;
using System.Net.Sockets;
using PacketDotNet;

namespace EasyTcp.Interop.Evidence;

/// <summary>An IP packet.</summary>
/// <param name="At">Seconds since the run began.</param>
/// <param name="Bytes">The packet, from its IP header on.</param>
/// <param name="Comments">What broke a clause in it.</param>
internal sealed record Frame(double At, byte[] Bytes, IReadOnlyList<string> Comments);

/// <summary>Makes a connection's frames.</summary>
internal sealed class Frames
{
    /// <summary>The most payload of a segment: with headers of 20 bytes it fits an IP packet of 65535.</summary>
    internal const int MostPayload = 65535 - 20 - 20;

    private readonly ConnectionEvidence _connection;
    private readonly List<Frame> _frames = [];
    private readonly HashSet<ViolationEvidence> _told = [];
    private readonly IPEndPoint[] _ends;   // the client's, the server's
    private readonly uint[] _next;         // sequence number that each sends next
    private readonly bool[] _isReset = new bool[2];

    private Frames(ConnectionEvidence connection, int number)
    {
        _connection = connection;
        _ends = EndPoints(connection);
        // A port may come again in an attempt: other first numbers (of 65,535) tell that its connection is another.
        _next = [((uint)number + 1) << 16, (((uint)number + 1) << 16) + (1 << 15)];
    }

    /// <summary>The frames of a connection, in order.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="number">How many came before it.</param>
    public static IReadOnlyList<Frame> Of(ConnectionEvidence connection, int number)
    {
        var frames = new Frames(connection, number);
        frames.Make();
        return frames._frames;
    }

    private void Make()
    {
        Send(_connection.Opened, 0, tcp => (tcp.Synchronize, tcp.Acknowledgment) = (true, false));
        Send(_connection.Opened, 1, tcp => tcp.Synchronize = true);
        Send(_connection.Opened, 0);
        // After what is not kept, nobody knows an end's number.
        IEnumerable<(double At, Action Make)> events = _connection.Pieces.Select<PieceEvidence, (double, Action)>(piece => (piece.At, () => Make(piece)))
            .Concat((_connection.IsCutShort ? [] : _connection.Ends).Select<EndEvidence, (double, Action)>(end => (end.At, () => Make(end))));
        foreach ((_, Action make) in events.OrderBy(each => each.At)) // which keeps the pieces' order, and ends after them
        {
            make();
        }

        string[] left = [.. _connection.Violations.Where(_told.Add).Select(ViolationText.Of)];
        _frames[^1] = _frames[^1] with { Comments = [.. _frames[^1].Comments, .. left] };
    }

    private void Make(PieceEvidence piece)
    {
        int sender = piece.IsReply ? 1 : 0;
        for (int start = 0; start < piece.Bytes.Length; start += MostPayload)
        {
            byte[] payload = piece.Bytes[start..Math.Min(piece.Bytes.Length, start + MostPayload)];
            long end = piece.Offset + start + payload.Length;
            Send(piece.At, sender, tcp => (tcp.Push, tcp.PayloadData) = (true, payload), violation => violation.IsReply == piece.IsReply && violation.Offset < end);
            Acknowledge(piece.At, 1 - sender);
        }
    }

    private void Make(EndEvidence end)
    {
        int sender = end.IsReply ? 1 : 0;
        bool BelongsHere(ViolationEvidence violation) => violation.IsReply == end.IsReply;
        if (end.IsReset)
        {
            Send(end.At, sender, tcp => tcp.Reset = true, BelongsHere);
            _isReset[sender] = true;
            return;
        }

        Send(end.At, sender, tcp => tcp.Finished = true, BelongsHere);
        Acknowledge(end.At, 1 - sender);
    }

    private void Acknowledge(double at, int sender)
    {
        if (!_isReset[sender])
        {
            Send(at, sender);
        }
    }

    // The sender has heard all that the other end has said.
    private void Send(double at, int sender, Action<TcpPacket>? shape = null, Func<ViolationEvidence, bool>? isHere = null)
    {
        IPEndPoint from = _ends[sender];
        IPEndPoint to = _ends[1 - sender];
        var tcp = new TcpPacket((ushort)from.Port, (ushort)to.Port) { SequenceNumber = _next[sender], Acknowledgment = true, WindowSize = ushort.MaxValue };
        shape?.Invoke(tcp);
        tcp.AcknowledgmentNumber = tcp.Acknowledgment ? _next[1 - sender] : 0;
        IPPacket ip = from.AddressFamily == AddressFamily.InterNetwork ? new IPv4Packet(from.Address, to.Address) : new IPv6Packet(from.Address, to.Address);
        ip.PayloadPacket = tcp;
        ip.UpdateCalculatedValues();
        tcp.UpdateTcpChecksum();
        (ip as IPv4Packet)?.UpdateIPChecksum();
        _frames.Add(new Frame(at, ip.Bytes, isHere == null ? [] : [.. _connection.Violations.Where(violation => isHere(violation) && _told.Add(violation)).Select(ViolationText.Of)]));
        _next[sender] += (uint)((tcp.PayloadData?.Length ?? 0) + (tcp.Synchronize || tcp.Finished ? 1 : 0));
    }

    // A packet has addresses of one family: IPv4 if both can be written so.
    private static IPEndPoint[] EndPoints(ConnectionEvidence connection)
    {
        IPEndPoint[] told = [EndPoint(connection.ClientAddress), EndPoint(connection.ServerAddress)];
        bool isOld = told.All(end => end.AddressFamily == AddressFamily.InterNetwork || end.Address.IsIPv4MappedToIPv6);
        return [.. told.Select(end => new IPEndPoint(isOld ? end.Address.MapToIPv4() : end.Address.MapToIPv6(), end.Port))];
    }

    private static IPEndPoint EndPoint(string text) => IPEndPoint.TryParse(text, out IPEndPoint? end) ? end : new IPEndPoint(IPAddress.Any, 0);
}
