// One client's side of the service as a state machine: bytes in, bytes out. No socket, no clock, no waiting.
using EasyTcp.Protocol;

namespace EasyTcp.Servers;

/// <summary>What a conversation needs next from its socket.</summary>
public enum Want
{
    /// <summary>More bytes of the client's.</summary>
    Input,

    /// <summary>Its replies sent, before it takes more input (clause 1.5).</summary>
    Output,

    /// <summary>Its sending side shut down, and what still comes in dropped (clause 5.2).</summary>
    Ending,

    /// <summary>Nothing: the connection can be closed.</summary>
    Nothing,
}

/// <summary>Splits a client's bytes into requests (part 2) and answers them, in order (parts 3 to 5).</summary>
/// <param name="desk">Who answers.</param>
/// <param name="address">The client's address, for ADDR.</param>
public sealed class Conversation(RequestDesk desk, byte[] address)
{
    // A client that does not read costs at most this and one reply, and what a receive may have brought meanwhile; buffers
    // grow by doubling, so that they are up to twice as large (clause 1.5).
    private const int EnoughReplies = 64 * 1024;

    // One page takes the small requests of a busy client in one receive and is a fair price for a thread that waits.
    private const int UsualReceive = 4096;

    private ByteBuffer _input = new();
    private ByteBuffer _replies = new();
    private int _missing;
    private int _toDrop;
    private bool _dropForUnknown;
    private bool _inputEnded;
    private bool _broken;

    /// <summary>What to do next.</summary>
    public Want Wants =>
        _replies.Count > 0 ? Want.Output
        : _broken ? (_inputEnded ? Want.Nothing : Want.Ending)
        : _inputEnded ? Want.Nothing
        : Want.Input;

    /// <summary>Where the next bytes of the client's go.</summary>
    public Span<byte> Room => _input.Room(Math.Max(UsualReceive, _missing));

    /// <summary>Replies waiting to be sent.</summary>
    public ReadOnlySpan<byte> Replies => _replies.Waiting;

    /// <summary>The same, for a send that ends later; nothing may be received before that.</summary>
    public ReadOnlyMemory<byte> RepliesForLater => _replies.WaitingMemory;

    /// <summary>The client sent <paramref name="count"/> bytes, which are in <see cref="Room"/>; 0 is its end.</summary>
    public void Received(int count)
    {
        _inputEnded |= count == 0;
        _input.Added(count);
        Answer();
    }

    /// <summary>The first <paramref name="count"/> bytes of <see cref="Replies"/> are sent.</summary>
    public void Sent(int count)
    {
        _replies.Remove(count);
        if (_replies.Count == 0)
        {
            Answer();
        }
    }

    /// <summary>Gives memory back that nothing waits in.</summary>
    public void Rest()
    {
        _input.ReleaseIfEmpty();
        _replies.ReleaseIfEmpty();
    }

    private void Answer()
    {
        while (!_broken && _replies.Count < EnoughReplies && AnswerNext())
        {
        }

        if (_broken)
        {
            _input.Clear();
        }
    }

    // Answers the request at the front of the input; false if it is not all there.
    private bool AnswerNext()
    {
        if (_toDrop > 0)
        {
            return DropPayload();
        }

        _missing = 0;
        if (_input.Count == 0)
        {
            return false; // as it is after nearly every request
        }

        switch (Header.Read(_input.Waiting, out Header header))
        {
            case HeaderState.Incomplete:
                return false;
            case HeaderState.Malformed:
                return Break(Wire.MalformedHeader);
        }

        int length = header.PayloadLength;
        if (length > Wire.MaxPayload)
        {
            return Break(Wire.PayloadTooLarge);
        }

        bool known = RequestDesk.Knows(header.Word);
        if (!known || (length > 0 && RequestDesk.IsQuestion(header.Word)))
        {
            _input.Remove(header.Size);
            (_toDrop, _dropForUnknown) = (length, !known);
            return DropPayload();
        }

        int size = header.Size + length;
        if (_input.Count < size)
        {
            _missing = size - _input.Count;
            return false;
        }

        desk.Answer(header.Word, _input.Waiting[header.Size..size], address, ref _replies);
        _input.Remove(size);
        return true;
    }

    // The whole payload is dropped first, then the ERR goes out (clauses 4.1 and 4.2).
    private bool DropPayload()
    {
        int dropped = Math.Min(_toDrop, _input.Count);
        _input.Remove(dropped);
        _toDrop -= dropped;
        if (_toDrop > 0)
        {
            return false;
        }

        RequestDesk.AddReply(ref _replies, Wire.Err, _dropForUnknown ? Wire.UnknownCommand : Wire.UnexpectedPayload);
        return true;
    }

    // The last reply of a connection (clause 5.1).
    private bool Break(ReadOnlySpan<byte> reason)
    {
        _broken = true;
        RequestDesk.AddReply(ref _replies, Wire.Err, reason);
        return false;
    }
}
