// What the service answers to each command (part 3), for all clients together.
using System.Buffers.Text;
using System.Net;
using EasyTcp.Protocol;

namespace EasyTcp.Servers;

/// <summary>Answers whole, legal requests and keeps what they ask about: the count and the running time.</summary>
/// <param name="clock">Where the running time comes from.</param>
public sealed class RequestDesk(TimeProvider clock)
{
    private const int MaxDigits = 20;

    private long _readyAt = clock.GetTimestamp();
    private long _answered;

    /// <summary>The ready line is out: the running time begins (clause 3.4).</summary>
    public void Open() => _readyAt = clock.GetTimestamp();

    /// <summary>True if <paramref name="command"/> is one of part 3.</summary>
    public static bool Knows(ReadOnlySpan<byte> command) => command.SequenceEqual(Wire.Upper) || IsQuestion(command);

    /// <summary>True for the commands that take no payload (clause 4.2).</summary>
    public static bool IsQuestion(ReadOnlySpan<byte> command) =>
        command.SequenceEqual(Wire.Addr) || command.SequenceEqual(Wire.Count) || command.SequenceEqual(Wire.Uptime);

    /// <summary>Counts the request, then adds its OK reply to <paramref name="replies"/> (clauses 3.1 to 3.4).</summary>
    /// <param name="command">A command that <see cref="Knows"/> is true for.</param>
    /// <param name="payload">Its whole payload.</param>
    /// <param name="address">The asking client's address, as clause 3.2 writes it.</param>
    /// <param name="replies">Where the reply goes.</param>
    public void Answer(ReadOnlySpan<byte> command, ReadOnlySpan<byte> payload, byte[] address, ref ByteBuffer replies)
    {
        long answered = Interlocked.Increment(ref _answered);
        if (command.SequenceEqual(Wire.Upper))
        {
            Span<byte> room = replies.Room(Wire.MaxHeader + payload.Length); // a reply's header is shorter than that
            int header = Header.Write(room, Wire.Ok, payload.Length);
            UpperCase.Copy(payload, room[header..]);
            replies.Added(header + payload.Length);
            return;
        }

        if (command.SequenceEqual(Wire.Addr))
        {
            AddReply(ref replies, Wire.Ok, address);
            return;
        }

        Span<byte> text = stackalloc byte[MaxDigits];
        int length = command.SequenceEqual(Wire.Count) ? WriteNumber(text, answered) : WriteUptime(text);
        AddReply(ref replies, Wire.Ok, text[..length]);
    }

    /// <summary>Adds a reply to <paramref name="replies"/>.</summary>
    public static void AddReply(ref ByteBuffer replies, ReadOnlySpan<byte> status, ReadOnlySpan<byte> payload)
    {
        replies.Added(Header.Write(replies.Room(Wire.MaxHeader), status, payload.Length));
        replies.Add(payload);
    }

    /// <summary>An endpoint as ADDR tells it (clause 3.2).</summary>
    public static byte[] AddressOf(EndPoint? endpoint) =>
        System.Text.Encoding.ASCII.GetBytes(endpoint is IPEndPoint address ? AddressText.Of(address) : "");

    private static int WriteNumber(Span<byte> text, long number)
    {
        Utf8Formatter.TryFormat(number, text, out int length);
        return length;
    }

    // HH:MM:SS, cut off and not rounded, hours two digits or more (clause 3.4)
    private int WriteUptime(Span<byte> text)
    {
        long seconds = (long)clock.GetElapsedTime(_readyAt).TotalSeconds;
        Utf8Formatter.TryFormat(seconds / 3600, text, out int hours, new System.Buffers.StandardFormat('D', 2));
        WriteTwoDigits(text[hours..], seconds / 60 % 60);
        WriteTwoDigits(text[(hours + 3)..], seconds % 60);
        return hours + 6;
    }

    private static void WriteTwoDigits(Span<byte> text, long number)
    {
        text[0] = (byte)':';
        text[1] = (byte)('0' + (number / 10));
        text[2] = (byte)('0' + (number % 10));
    }
}
