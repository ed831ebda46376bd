// The forms that OK payloads must have, and how they are shown (clauses 10.5 and 10.11).
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text.RegularExpressions;
using static EasyTcp.Saboteurs.ClientFault;

namespace EasyTcp.Saboteurs;

/// <summary>Each gives null for a payload of another form.</summary>
internal static partial class Forms
{
    public static byte[]? Count(byte[] payload)
    {
        string text = Texts.Text(payload);
        text = Fault.Is(CountToNul) ? text.Split('\0')[0] : text;
        bool isRight = Fault.Is(CountByParser) ? BigInteger.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)
            : Fault.Is(CountAs64Bit) ? ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _) : Texts.IsDigits(text);
        text = Fault.Is(CountNormalised) && isRight ? Texts.Invariant($"{BigInteger.Parse(text, CultureInfo.InvariantCulture)}") : text;
        return isRight || Fault.Is(CountUnchecked) ? Texts.Bytes($"requests served = {text}") : null;
    }

    public static byte[]? Uptime(byte[] payload)
    {
        string text = Texts.Text(payload);
        text = Fault.Is(UptimeTrimmed) ? text.Trim() : text;
        Regex form = Fault.Is(UptimeRangeUnchecked) ? AnyNumbers() : Fault.Is(UptimeTwoDigitHours) ? TwoDigitHours() : Time();
        bool isRight = form.IsMatch(text) && !(Fault.Is(UptimeHoursOf32Bits) && !int.TryParse(text.Split(':')[0], NumberStyles.None, CultureInfo.InvariantCulture, out _));
        text = Fault.Is(UptimeNormalised) && isRight ? LeadingZeros().Replace(text, "") : text;
        return isRight || Fault.Is(UptimeUnchecked) ? Texts.Bytes($"run time = {text}") : null;
    }

    public static byte[]? Address(byte[] payload)
    {
        string text = Texts.Text(payload);
        Match match = Endpoint().Match(text);
        if (!match.Success || !IsAddress(match.Groups[1].Value) || !IsPort(match.Groups[2].Value))
        {
            if (!Fault.Is(AddressUnchecked))
            {
                return null;
            }
        }

        int colon = text.LastIndexOf(':');
        (string host, string port) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        return Texts.Bytes($"client IP = {(Fault.Is(AddressBracketsKept) ? host : host.Trim('[', ']'))}, port = {port}");
    }

    private static bool IsPort(string text) => Texts.TryReadPort(Fault.Is(AddressPortSigned) ? text.TrimStart('+') : text, 1, out _) || Fault.Is(AddressPortUnchecked);

    // IPv4 in four numbers, or IPv6 in brackets as RFC 5952 writes it; an IPv4-mapped one is to be written as IPv4.
    private static bool IsAddress(string host)
    {
        string text = host.Trim('[', ']');
        if (text.Contains('%', StringComparison.Ordinal))
        {
            return Fault.Is(AddressZoneAccepted);
        }

        bool isBracketed = host.Length == text.Length + 2;
        if (!IPAddress.TryParse(text, out IPAddress? address) || isBracketed != (address.AddressFamily == AddressFamily.InterNetworkV6))
        {
            return false;
        }

        bool isWritten = string.Equals(address.ToString(), text, StringComparison.Ordinal) || Fault.Is(AddressLongFormAccepted);
        return isWritten && (!address.IsIPv4MappedToIPv6 || Fault.Is(AddressMappedAccepted));
    }

    [GeneratedRegex(@"\A(\[[0-9A-Za-z:.%]+\]|[0-9.]+):(\+?[0-9]+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Endpoint();

    // Those of the hours that two digits do without.
    [GeneratedRegex(@"\A0+(?=[0-9]{2,}:)", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZeros();

    [GeneratedRegex(@"\A[0-9]{2,}:[0-5][0-9]:[0-5][0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"\A[0-9]{2}:[0-5][0-9]:[0-5][0-9]\z", RegexOptions.CultureInvariant)]
    private static partial Regex TwoDigitHours();

    [GeneratedRegex(@"\A[0-9]{2,}:[0-9]{2}:[0-9]{2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex AnyNumbers();
}
