// How an endpoint is written on the wire (clause 3.2).
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EasyTcp.Protocol;

/// <summary>Endpoints as text: <c>203.0.113.7:50000</c>, <c>[2001:db8::7]:50000</c>.</summary>
public static class AddressText
{
    /// <summary>Writes an endpoint: RFC 5952, no zone, IPv4-mapped IPv6 as IPv4 (clause 3.2).</summary>
    public static string Of(IPEndPoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        IPAddress address = WithoutZone(endpoint.Address);
        string host = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{Rfc5952(address)}]" : address.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{endpoint.Port}");
    }

    /// <summary>Reads the form that <see cref="Of"/> writes, and no other.</summary>
    /// <returns>False if <paramref name="text"/> is not exactly what <see cref="Of"/> would write for its endpoint.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out IPAddress address, out int port)
    {
        (address, port) = (IPAddress.None, 0);
        string candidate = System.Text.Encoding.Latin1.GetString(text);
        if (!IPEndPoint.TryParse(candidate, out IPEndPoint? endpoint) || endpoint.Port == 0 ||
            !string.Equals(Of(endpoint), candidate, StringComparison.Ordinal))
        {
            return false;
        }

        (address, port) = (endpoint.Address, endpoint.Port);
        return true;
    }

    // .NET writes an IPv4 address at the end of more prefixes than RFC 5952 (section 5) knows, and than other systems do.
    private static string Rfc5952(IPAddress address)
    {
        string text = address.ToString();
        ReadOnlySpan<byte> bytes = address.GetAddressBytes();
        if (!text.Contains('.', StringComparison.Ordinal) || !bytes[..12].ContainsAnyExcept((byte)0))
        {
            return text;
        }

        ushort[] groups = new ushort[8];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]);
        }

        (int start, int length) = LongestZeros(groups);
        string Hex(Range range) => string.Join(':', groups[range].Select(group => group.ToString("x", CultureInfo.InvariantCulture)));
        return length < 2 ? Hex(..) : $"{Hex(..start)}::{Hex((start + length)..)}";
    }

    // The first of the longest runs of zero groups, which "::" stands for.
    private static (int Start, int Length) LongestZeros(ushort[] groups)
    {
        (int Start, int Length) best = (0, 0);
        for (int start = 0; start < groups.Length; start++)
        {
            int length = groups.Skip(start).TakeWhile(group => group == 0).Count();
            if (length > best.Length)
            {
                best = (start, length);
            }
        }

        return best;
    }

    private static IPAddress WithoutZone(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes())
        : address;
}
