// A reply's header (part 2), as the client judges it (clause 10.11).
using System.Globalization;
using System.Text.RegularExpressions;
using static EasyTcp.Saboteurs.ClientFault;

namespace EasyTcp.Saboteurs;

/// <summary>A header that was read.</summary>
internal sealed partial record ReplyHeader(bool IsOk, int Length, int Size)
{
    private const int Longest = 10; // "ERR 65535" and LF

    /// <summary>Reads the header at the front of some bytes; null if it is not whole.</summary>
    /// <exception cref="SessionException">It is none.</exception>
    public static ReplyHeader? Read(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> judged = Fault.Is(HeaderAwaitedForEver) ? bytes : bytes[..Math.Min(Longest, bytes.Length)];
        int before = Fault.Is(BlanksBeforeAccepted) ? judged.Length - judged.TrimStart(" \n"u8).Length : 0;
        int lineFeed = judged[before..].IndexOf((byte)'\n') is >= 0 and int found ? before + found : -1;
        if (lineFeed < 0)
        {
            return judged.Length < Longest || Fault.Is(HeaderAwaitedForEver) ? null : throw Broken(bytes);
        }

        Match match = (Fault.Is(StatusUnchecked) ? AnyStatus() : Fault.Is(StatusByBeginning) ? LongStatus() : Fault.Is(LengthByBeginning) ? LongLength() : Whole()).Match(Tolerate(Texts.Text(judged[before..lineFeed])));
        int length = match.Success ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0;
        if (!match.Success || (length > Texts.MaxPayload && !Fault.Is(LengthUnchecked)))
        {
            throw Broken(bytes);
        }

        return new ReplyHeader(match.Groups[1].ValueSpan is not "ERR", length, lineFeed + 1);
    }

    // What a lenient client reads into a header.
    private static string Tolerate(string line) =>
        Fault.Is(StatusCaseIgnored) ? line.ToUpperInvariant()
        : Fault.Is(LeadingZeroAccepted) ? LeadingZeros().Replace(line, " ")
        : Fault.Is(CrLfAccepted) ? line.TrimEnd('\r')
        : Fault.Is(TabAccepted) ? line.Replace('\t', ' ')
        : Fault.Is(SpacesAccepted) ? string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        : line;

    private static SessionException Broken(ReadOnlySpan<byte> bytes) =>
        new($"the server broke the protocol: {Uri.EscapeDataString(Texts.Text(bytes[..Math.Min(bytes.Length, Longest)]))} is no reply");

    [GeneratedRegex(@"\A(OK|ERR) (0|[1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A([A-Za-z]+) (0|[1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex AnyStatus();

    [GeneratedRegex(@"\A(OK|ERR)[A-Z]* (0|[1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex LongStatus();

    [GeneratedRegex(@"\A(OK|ERR) (0|[1-9][0-9]{0,4})(?:[^0-9].*)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex LongLength();

    [GeneratedRegex(@" 0+(?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZeros();
}
