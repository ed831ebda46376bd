// Readers that are wrong in one way each, for the fuzzer to find before it is believed.
namespace EasyTcp.Protocol.Fuzz;

/// <summary>The proof that the fuzzer can fail.</summary>
internal static class PlantedFaults
{
    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<(string Name, HeaderReader Reader)> All { get; } =
    [
        ("it judges after 22 bytes", (ReadOnlySpan<byte> bytes, out Header header) =>
            Header.Read(bytes, out header) is var state && state == HeaderState.Incomplete && bytes.Length == 22 ? HeaderState.Malformed : state),
        ("it waits for a 24th byte", (ReadOnlySpan<byte> bytes, out Header header) =>
            Header.Read(bytes, out header) is var state && state == HeaderState.Malformed && bytes.Length == 23 && bytes[22] != '\n' ? HeaderState.Incomplete : state),
        ("it refuses what is above 65535 itself", (ReadOnlySpan<byte> bytes, out Header header) =>
            Header.Read(bytes, out header) is var state && header.PayloadLength > Wire.MaxPayload ? HeaderState.Malformed : state),
        ("it takes off a CR", (ReadOnlySpan<byte> bytes, out Header header) =>
            bytes is [.., (byte)'\r', (byte)'\n'] && Header.Read((byte[])[.. bytes[..^2], (byte)'\n'], out header) is HeaderState.Complete
                ? HeaderState.Complete : Header.Read(bytes, out header)),
        ("it forgives a zero in front", (ReadOnlySpan<byte> bytes, out Header header) =>
            bytes.IndexOf(" 0"u8) is var at and > 0 && Header.Read((byte[])[.. bytes[..(at + 1)], .. bytes[(at + 2)..]], out header) is HeaderState.Complete
                ? HeaderState.Complete : Header.Read(bytes, out header)),
        ("it throws at six digits", (ReadOnlySpan<byte> bytes, out Header header) =>
            bytes is [(byte)'U', .., _, _, _, _, _, _, (byte)'\n'] && !bytes[^7..^1].ContainsAnyExceptInRange((byte)'0', (byte)'9')
                ? throw new OverflowException() : Header.Read(bytes, out header)),
    ];
}
