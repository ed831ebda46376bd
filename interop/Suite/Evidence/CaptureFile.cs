// wire.pcapng: the connections of an attempt as a capture. The blocks are those of the pcapng specification
// (draft-ietf-opsawg-pcapng); only the four that a capture needs are written, and only the options that tell something.
using System.Buffers.Binary;
using System.Text;

namespace EasyTcp.Interop.Evidence;

/// <summary>Writes captures.</summary>
internal static class CaptureFile
{
    private const uint SectionHeader = 0x0A0D0D0A;
    private const uint InterfaceDescription = 1;
    private const uint EnhancedPacket = 6;
    private const uint ByteOrder = 0x1A2B3C4D;
    private const ushort Raw = 101; // LINKTYPE_RAW: an IP packet, of either version
    private const ushort Comment = 1;
    private const ushort Name = 2; // of an interface
    private const ushort UserApplication = 4;
    private const ushort Resolution = 9;
    private const byte Nanoseconds = 9; // the negative power of ten

    /// <summary>Writes the frames of all connections, in the order of their times.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Write(Stream to, EvidenceFile evidence)
    {
        // The section's length is left unsaid: it ends with the file.
        WriteBlock(to, SectionHeader, [.. Number(ByteOrder), .. Number((ushort)1), .. Number((ushort)0), .. Number(ulong.MaxValue),
            .. Option(Comment, evidence.Cell), .. Option(UserApplication, "EasyTcp interop"), .. Number(0u)]);
        WriteBlock(to, InterfaceDescription, [.. Number(Raw), .. Number((ushort)0), .. Number(0u),
            .. Option(Name, "the suite"), .. Option(Resolution, [Nanoseconds]), .. Number(0u)]);
        foreach (Frame frame in evidence.Connections.SelectMany(Frames.Of).OrderBy(frame => frame.At))
        {
            ulong time = Time(evidence.Origin, frame.At);
            WriteBlock(to, EnhancedPacket, [.. Number(0u), .. Number((uint)(time >> 32)), .. Number((uint)time),
                .. Number((uint)frame.Bytes.Length), .. Number((uint)frame.Bytes.Length), .. Padded(frame.Bytes),
                .. frame.Comments.SelectMany(comment => Option(Comment, comment)), .. frame.Comments.Count > 0 ? Number(0u) : []]);
        }
    }

    /// <summary>The nanoseconds from 1970 to a moment of the run; evidence has them to the microsecond.</summary>
    internal static ulong Time(DateTimeOffset origin, double at) =>
        ((ulong)(origin - DateTimeOffset.UnixEpoch).Ticks * 100) + ((ulong)Math.Round(at * 1_000_000) * 1000);

    private static void WriteBlock(Stream to, uint type, byte[] body)
    {
        byte[] length = Number((uint)body.Length + 12);
        to.Write([.. Number(type), .. length, .. body, .. length]);
    }

    private static byte[] Option(ushort code, string text) => Option(code, Encoding.UTF8.GetBytes(text));

    private static byte[] Option(ushort code, byte[] value) => [.. Number(code), .. Number((ushort)value.Length), .. Padded(value)];

    private static byte[] Padded(byte[] bytes) => [.. bytes, .. new byte[-bytes.Length & 3]];

    private static byte[] Number(ushort number)
    {
        byte[] bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, number);
        return bytes;
    }

    private static byte[] Number(uint number)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        return bytes;
    }

    private static byte[] Number(ulong number)
    {
        byte[] bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return bytes;
    }
}
