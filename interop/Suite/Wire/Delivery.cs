// How the relay passes the bytes of one direction on: at once, or as a fault says.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>One direction of a relayed connection.</summary>
/// <param name="direction">Which.</param>
/// <param name="fault">The fault of the connection; null for none.</param>
/// <param name="send">Sends bytes as one piece.</param>
/// <param name="seed">What jitter is drawn from.</param>
internal sealed class Delivery(Direction direction, Fault? fault, Func<ReadOnlyMemory<byte>, Task> send, long seed)
{
    private const int BytesPerSecond = 4000;
    private const int LargestPiece = 200;

    // So that bytes sent one by one are also taken one by one, and do not meet again in the receiver's buffer.
    private static readonly TimeSpan ByteTime = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan JoinTime = TimeSpan.FromSeconds(0.05);
    private static readonly TimeSpan LongestJitter = TimeSpan.FromSeconds(0.06);

    private readonly MessageCounter _position = new();
    private bool _hasStalled;
    private int _pieces;

    /// <summary>How long to wait for more before a piece goes on.</summary>
    public TimeSpan Gathering => fault?.Kind == FaultKind.Join ? JoinTime : TimeSpan.Zero;

    /// <summary>Passes a piece on.</summary>
    /// <returns>False if the connection is to be cut here: what lies behind the point was not sent.</returns>
    public async Task<bool> Pass(ReadOnlyMemory<byte> piece)
    {
        int point = fault is { HasPoint: true } && fault.Direction == direction && !_hasStalled ? _position.BytesUntil(fault.Message, fault.Byte, piece.Span) : -1;
        _position.Advance(piece.Span);
        if (point < 0)
        {
            await Shape(piece);
            return true;
        }

        if (point > 0)
        {
            await send(piece[..point]);
        }

        if (fault!.IsCut)
        {
            return false;
        }

        _hasStalled = true;
        await Wait.LetPass(Fault.StallTime);
        await send(piece[point..]);
        return true;
    }

    private async Task Shape(ReadOnlyMemory<byte> piece)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Split:
                await Chopped(piece, 1, _ => ByteTime);
                break;
            case FaultKind.Latency:
                await Wait.LetPass(LongestJitter * (Chance.Derive(seed, $"jitter {direction} {_pieces++}") % 100 / 100.0));
                await send(piece);
                break;
            case FaultKind.Bandwidth:
                await Chopped(piece, LargestPiece, length => TimeSpan.FromSeconds((double)length / BytesPerSecond));
                break;
            default:
                await send(piece);
                break;
        }
    }

    private async Task Chopped(ReadOnlyMemory<byte> piece, int most, Func<int, TimeSpan> pause)
    {
        for (int start = 0; start < piece.Length; start += most)
        {
            ReadOnlyMemory<byte> part = piece.Slice(start, Math.Min(most, piece.Length - start));
            await send(part);
            await Wait.LetPass(pause(part.Length));
        }
    }
}

/// <summary>Knows which byte of which message a stream is at; a stream that is none of messages stays in its last one.</summary>
internal sealed class MessageCounter
{
    private readonly List<byte> _header = [];
    private int _message = 1;
    private int _byte;
    private int _payloadLeft = -1;

    /// <summary>How many of the bytes that come next lie before a point: 0 to all of them; -1 if the point is not reached by them.</summary>
    public int BytesUntil(int message, int offset, ReadOnlySpan<byte> bytes)
    {
        var ahead = new MessageCounter { _message = _message, _byte = _byte, _payloadLeft = _payloadLeft };
        ahead._header.AddRange(_header);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (ahead._message == message && ahead._byte == offset)
            {
                return i;
            }

            ahead.Step(bytes[i]);
        }

        return -1;
    }

    /// <summary>Goes on by these bytes.</summary>
    public void Advance(ReadOnlySpan<byte> bytes)
    {
        foreach (byte each in bytes)
        {
            Step(each);
        }
    }

    private void Step(byte each)
    {
        _byte++;
        if (_payloadLeft < 0)
        {
            _header.Add(each);
            if (each == '\n')
            {
                _payloadLeft = WireText.ReadHeader(System.Text.Encoding.Latin1.GetString([.. _header]))?.Length ?? int.MaxValue;
                _header.Clear();
            }
        }
        else
        {
            _payloadLeft--;
        }

        if (_payloadLeft == 0)
        {
            (_message, _byte, _payloadLeft) = (_message + 1, 0, -1);
        }
    }
}
