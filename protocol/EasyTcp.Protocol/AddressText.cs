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
        string host = address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
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

    private static IPAddress WithoutZone(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } ? new IPAddress(address.GetAddressBytes())
        : address;
}
