// How many clients were connected, over time, as a server's own lines tell it.
using System.Globalization;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>A crowd in numbers.</summary>
internal static partial class CrowdFigures
{
    /// <summary>What the two measurements are called: when, in s since the first line, and how many clients from then on.</summary>
    public const string Name = "crowd";

    /// <summary>In what unit the numbers are.</summary>
    public const string Clients = "clients";

    private const int Most = 1000;

    /// <summary>The figures of a log; of very many lines every so many-th, and the last. None if it tells of nobody.</summary>
    public static IReadOnlyList<Measurement> Of(IReadOnlyList<OutputLine> log)
    {
        (TimeSpan At, double Number)[] steps =
        [
            .. log.Select(line => (line.At, Match: ChangeLine().Match(line.Text))).Where(each => each.Match.Success)
                .Select(each => (each.At, double.Parse(each.Match.Groups[1].Value, CultureInfo.InvariantCulture))),
        ];
        int stride = (steps.Length / Most) + 1;
        (TimeSpan At, double Number)[] kept = [.. steps.Where((_, i) => i % stride == 0 || i == steps.Length - 1)];
        return kept.Length == 0 ? [] :
        [
            new Measurement(Name, "s", [.. kept.Select(step => Math.Round((step.At - kept[0].At).TotalSeconds, 6))]),
            new Measurement(Name, Clients, [.. kept.Select(step => step.Number)]),
        ];
    }

    // Clauses 6.3 and 6.4.
    [GeneratedRegex(@"\AClient [0-9]{1,9} (?:dis)?connected\. Number of connected clients = ([0-9]{1,9})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ChangeLine();
}
