// How many clients were connected, over time, as a server's own lines tell it.
using System.Globalization;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>A line of a log.</summary>
/// <param name="At">When it came, in s since the first client did.</param>
/// <param name="Text">What it said.</param>
internal sealed record LogLine(double At, string Text);

/// <summary>A crowd in numbers.</summary>
internal static partial class CrowdFigures
{
    /// <summary>What the two measurements are called: when, in s since the first line, and how many clients from then on.</summary>
    public const string Name = "crowd";

    /// <summary>In what unit the numbers are.</summary>
    public const string Clients = "clients";

    private const int Most = 1000;
    private const int MostLines = 48;
    private const int LongestLine = 160;

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

    /// <summary>Lines of a log, shortened; of very many the first, the last, and some between. None if it tells of nobody.</summary>
    public static IReadOnlyList<LogLine> Lines(IReadOnlyList<OutputLine> log)
    {
        OutputLine? first = log.FirstOrDefault(line => ChangeLine().IsMatch(line.Text));
        if (first == null)
        {
            return [];
        }

        // A quarter at each end, where a crowd comes and goes, and the others evenly between.
        const int AtEach = MostLines / 4;
        int stride = Math.Max(1, (log.Count - (2 * AtEach)) / (MostLines - (2 * AtEach)));
        return [.. log.Where((_, i) => i < AtEach || i >= log.Count - AtEach || (i - AtEach) % stride == 0)
            .Select(line => new LogLine(Math.Round((line.At - first.At).TotalSeconds, 6), line.Text.Length <= LongestLine ? line.Text : $"{line.Text[..LongestLine]} ..."))];
    }

    // Clauses 6.3 and 6.4.
    [GeneratedRegex(@"\AClient [0-9]{1,9} (?:dis)?connected\. Number of connected clients = ([0-9]{1,9})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ChangeLine();
}
