// One client's bytes, split into requests (part 2) and answered in order (parts 4 and 5).
using System.Text;
using System.Text.RegularExpressions;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>Bytes in, replies out. No socket and no clock.</summary>
internal sealed partial class Conversation(Service service, Caller caller)
{
    // A whole request and what may have come behind it.
    private const int Longest = 2 * 65536;

    private readonly List<byte[]> _replies = [];
    private byte[] _waiting = [];
    private int _count;
    private bool _answeredEarly;
    private bool _isInPieces;
    private bool _hadErr;

    /// <summary>True when the last ERR has been given: nothing follows it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>True when the connection is to be closed.</summary>
    public bool IsOver { get; set; }

    /// <summary>True if a request has begun and is not whole.</summary>
    public bool IsInRequest => _count > 0;

    /// <summary>True if its header is here already.</summary>
    public bool IsInPayload => _waiting.AsSpan(0, _count).Contains((byte)'\n');

    /// <summary>Bytes of replies that wait to be taken.</summary>
    public int RepliesHeld { get; private set; }

    /// <summary>The client sent bytes.</summary>
    public void Received(ReadOnlySpan<byte> bytes)
    {
        (_isInPieces, _hadErr) = (_count > 0, false);
        Add(bytes);
        if (Fault.Is(ReplyPerSegment))
        {
            AnswerSegment();
            return;
        }

        bool isFirst = true;
        while (!IsBroken && !IsOver && AnswerNext())
        {
            if (Fault.Is(SegmentAnsweredOnce) && isFirst)
            {
                _count = 0;
            }

            isFirst = false;
        }

        if (Fault.Is(SplitHeaderLost) && !IsInPayload)
        {
            _count = 0;
        }
    }

    /// <summary>The client ended its sending.</summary>
    public void InputEnded()
    {
        if (_count > 0 && Fault.Is(HalfCloseCountsCut))
        {
            service.Count(caller);
        }

        // As with a read of lines that gives the last one whether its LF has come or not.
        if (_count > 0 && Fault.Is(HalfCloseIsLineFeed) && !IsInPayload && Headers.Read([.. _waiting.AsSpan(0, _count), (byte)'\n']) is { State: HeaderState.Complete, Length: 0 })
        {
            Add("\n"u8);
            AnswerNext();
        }

        if (_count > 0 && Fault.Is(HalfCloseAnswersCut))
        {
            AnswerSegment();
        }
    }

    /// <summary>The replies so far, which are to be sent.</summary>
    public IReadOnlyList<byte[]> TakeReplies()
    {
        byte[][] replies = [.. _replies];
        _replies.Clear();
        RepliesHeld = 0;
        return replies;
    }

    /// <summary>The replies are sent.</summary>
    public void Sent() => service.Sent(caller);

    // Takes what is here for the whole request, whatever it is.
    private void AnswerSegment()
    {
        Header header = Headers.Read(_waiting.AsSpan(0, _count));
        if (header.State != HeaderState.Complete)
        {
            Break("malformed header");
        }
        else if (header.Length > Texts.MaxPayload)
        {
            Break("payload too large");
        }
        else
        {
            Answer(header, _waiting.AsSpan(header.Size, Math.Min(header.Length, _count - header.Size)).ToArray());
        }

        _count = 0;
    }

    // Answers the request at the front; false if it is not all there.
    private bool AnswerNext()
    {
        Header header = Headers.Read(_waiting.AsSpan(0, _count));
        switch (header.State)
        {
            case HeaderState.Incomplete:
                return false;
            case HeaderState.Malformed when Fault.Is(SixDigitsTooLarge) && SixDigits().IsMatch(Texts.Text(_waiting.AsSpan(0, _count))):
                Break("payload too large");
                return false;
            case HeaderState.Malformed:
                Break(Fault.Is(MalformedMisspelt) ? "malformed request" : "malformed header");
                return false;
        }

        bool isKnown = Service.Knows(header.Command);
        if (header.Length > Texts.MaxPayload - (Fault.Is(LargestRefused) ? 1 : 0) && !Fault.Is(TooLargeAccepted) && (isKnown || !Fault.Is(TooLargeUnknownFirst)))
        {
            Break(Fault.Is(TooLargeMisspelt) ? "payload too long" : Fault.Is(TooLargeIsMalformed) || (Fault.Is(TooLargeInPiecesIsMalformed) && _isInPieces) ? "malformed header" : "payload too large");
            return false;
        }

        bool leavesPayload = (Fault.Is(UnknownPayloadKept) && !isKnown) || (Fault.Is(UnexpectedPayloadKept) && Service.IsQuestion(header.Command));
        int size = header.Size + (leavesPayload ? 0 : Fault.Is(UnknownPayloadCutAt4096) && !isKnown ? Math.Min(header.Length, 4096) : header.Length);
        if (Fault.Is(UnknownAnsweredEarly) && !isKnown && !_answeredEarly)
        {
            Answer(header, []);
            _answeredEarly = true;
        }

        if (_count < size)
        {
            return false;
        }

        byte[] payload = _waiting[header.Size..size];
        Remove(size);
        if (_answeredEarly)
        {
            _answeredEarly = false;
            return true;
        }

        Answer(header, leavesPayload ? new byte[header.Length] : payload);
        return true;
    }

    private void Answer(Header header, byte[] payload)
    {
        if (Fault.Is(ExitCommand) && header is { Command: "EXIT", Length: 0 })
        {
            IsOver = true;
        }
        else if (!Service.Knows(header.Command))
        {
            Reply("ERR", Texts.Bytes(Fault.Is(UnknownMisspelt) ? "Unknown command" : "unknown command"));
            service.CountErr();
            IsOver |= Fault.Is(UnknownCommandCloses);
        }
        else if (Service.IsQuestion(header.Command) && payload.Length > 0 && !Fault.Is(UnexpectedPayloadIgnored))
        {
            Reply("ERR", Texts.Bytes(Fault.Is(UnexpectedMisspelt) ? "unexpected payload\n" : "unexpected payload"));
            service.CountErr();
        }
        else if (!(Fault.Is(EmptyUpperUnanswered) && header is { Command: "UPPER", Length: 0 }))
        {
            Reply("OK", service.Answer(header.Command, payload, caller));
            if (Fault.Is(OkAfterErrUncounted) && _hadErr)
            {
                service.Uncount();
            }
        }
    }

    // The last reply of a connection (clause 5.1).
    private void Break(string reason)
    {
        service.CountErr();
        if (Fault.Is(ErrThenGoesOn))
        {
            // It skips the line and takes the next one for a request.
            Reply("ERR", Texts.Bytes(reason));
            int lineFeed = _waiting.AsSpan(0, _count).IndexOf((byte)'\n');
            Remove(lineFeed < 0 ? _count : lineFeed + 1);
            while (_count > 0 && AnswerNext())
            {
            }

            IsBroken = true;
            return;
        }

        Reply("ERR", Texts.Bytes(reason), overtakes: Fault.Is(ErrOvertakes));
        IsBroken = true;
        _count = 0;
    }

    private void Reply(string status, byte[] payload, bool overtakes = false)
    {
        int length = Fault.Is(LengthOfCharacters) ? Encoding.UTF8.GetCharCount(payload) : payload.Length;
        string end = Fault.Is(ReplyHeaderWithCr) || (Fault.Is(ErrCrLf) && status is "ERR") ? "\r\n" : "\n";
        byte[] reply = [.. Texts.Bytes(Texts.Invariant($"{status} {length}{end}")), .. payload];
        _replies.Insert(overtakes ? 0 : _replies.Count, reply);
        RepliesHeld += reply.Length;
        _hadErr |= status is "ERR";
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        if (_waiting.Length < _count + bytes.Length)
        {
            Array.Resize(ref _waiting, Math.Max(_count + bytes.Length, Math.Min(2 * _waiting.Length, Longest)));
        }

        bytes.CopyTo(_waiting.AsSpan(_count));
        _count += bytes.Length;
    }

    private void Remove(int count)
    {
        _isInPieces = false; // what follows came with the last piece
        _waiting.AsSpan(count, _count - count).CopyTo(_waiting);
        _count -= count;
    }

    [GeneratedRegex(@"\A[A-Z]{1,16} [1-9][0-9]{5}\n", RegexOptions.CultureInvariant)]
    private static partial Regex SixDigits();
}
