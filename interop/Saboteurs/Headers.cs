// A request's header (part 2).
using System.Globalization;
using System.Text.RegularExpressions;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

internal enum HeaderState
{
    Incomplete,
    Malformed,
    Complete,
}

/// <summary>A header that was read.</summary>
/// <param name="State">Whether it is one.</param>
/// <param name="Command">Its command.</param>
/// <param name="Length">The length that it announces.</param>
/// <param name="Size">Its own size, the LF included.</param>
internal sealed record Header(HeaderState State, string Command = "", int Length = 0, int Size = 0);

internal static partial class Headers
{
    private const int Longest = 23;

    /// <summary>Reads the header at the front of some bytes.</summary>
    public static Header Read(ReadOnlySpan<byte> bytes)
    {
        int limit = Fault.Is(HeaderLimit22) ? Longest - 1 : Fault.Is(HeaderLimit24) ? Longest + 1 : Longest;
        ReadOnlySpan<byte> judged = bytes[..Math.Min(limit, bytes.Length)];
        int lineFeed = judged.IndexOf((byte)'\n');
        if (lineFeed < 0)
        {
            bool early = Fault.Is(HeaderJudgedEarly) && !Beginning().IsMatch(Texts.Text(judged));
            return new Header(judged.Length == limit || early ? HeaderState.Malformed : HeaderState.Incomplete);
        }

        Match match = (Fault.Is(LongCommandAccepted) ? LongWhole() : Whole()).Match(Tolerate(Texts.Text(judged[..lineFeed])));
        return match.Success
            ? new Header(HeaderState.Complete, match.Groups[1].Value, int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture), lineFeed + 1)
            : new Header(HeaderState.Malformed);
    }

    // What a lenient server reads into a header.
    private static string Tolerate(string line) =>
        Fault.Is(LowerCaseAccepted) ? line.ToUpperInvariant()
        : Fault.Is(CrLfAccepted) ? line.TrimEnd('\r')
        : Fault.Is(LengthToNul) ? line.Split('\0')[0]
        : Fault.Is(SpacesAccepted) ? string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        : Fault.Is(TabAccepted) ? line.Replace('\t', ' ')
        : Fault.Is(PlusAccepted) ? line.Replace(" +", " ", StringComparison.Ordinal)
        : Fault.Is(LeadingZeroOfFiveAccepted) ? LeadingZeroOfFive().Replace(line, " ")
        : Fault.Is(LongestHeaderAnyCase) && line.Length == Longest - 1 ? line.ToUpperInvariant()
        : Fault.Is(LeadingZerosAccepted) ? LeadingZeros().Replace(line, " ")
        : line;

    [GeneratedRegex(@"\A([A-Z]{1,16}) (0|[1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"\A([A-Z]{1,20}) (0|[1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex LongWhole();

    [GeneratedRegex(@"\A(?:[A-Z]{0,16}|[A-Z]{1,16} (?:0|[1-9][0-9]{0,4})?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Beginning();

    [GeneratedRegex(@" 0(?=[1-9][0-9]{3}\z)", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZeroOfFive();

    [GeneratedRegex(@" 0+(?=[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZeros();
}
