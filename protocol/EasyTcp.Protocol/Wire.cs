// The words and limits of EasyTCP/1, each under the clause that sets it.
namespace EasyTcp.Protocol;

/// <summary>The fixed words and limits of the protocol, as bytes.</summary>
public static class Wire
{
    /// <summary>The largest payload, in bytes (clause 2.2).</summary>
    public const int MaxPayload = 65535;

    /// <summary>The longest legal header, in bytes: 16 letters, SP, 5 digits, LF (clause 2.1).</summary>
    public const int MaxHeader = MaxCommand + 1 + MaxLengthDigits + 1;

    internal const int MaxCommand = 16;
    internal const int MaxLengthDigits = 5;

    /// <summary>Status of a reply that answers (part 2).</summary>
    public static ReadOnlySpan<byte> Ok => "OK"u8;

    /// <summary>Status of a reply that refuses (part 2).</summary>
    public static ReadOnlySpan<byte> Err => "ERR"u8;

    /// <summary>Clause 3.1.</summary>
    public static ReadOnlySpan<byte> Upper => "UPPER"u8;

    /// <summary>Clause 3.2.</summary>
    public static ReadOnlySpan<byte> Addr => "ADDR"u8;

    /// <summary>Clause 3.3.</summary>
    public static ReadOnlySpan<byte> Count => "COUNT"u8;

    /// <summary>Clause 3.4.</summary>
    public static ReadOnlySpan<byte> Uptime => "UPTIME"u8;

    /// <summary>Clause 4.1.</summary>
    public static ReadOnlySpan<byte> UnknownCommand => "unknown command"u8;

    /// <summary>Clause 4.2.</summary>
    public static ReadOnlySpan<byte> UnexpectedPayload => "unexpected payload"u8;

    /// <summary>Clause 4.3.</summary>
    public static ReadOnlySpan<byte> MalformedHeader => "malformed header"u8;

    /// <summary>Clause 4.4.</summary>
    public static ReadOnlySpan<byte> PayloadTooLarge => "payload too large"u8;
}
