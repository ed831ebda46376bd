// A part of a plan, for machines that share the work: SHARD=2/6, and MINUTE= to keep the true minute apart.
using System.Globalization;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Results;

/// <summary>Which cells of a plan are dealt out.</summary>
internal enum Minute
{
    /// <summary>All.</summary>
    With,

    /// <summary>Those that do not take the true minute.</summary>
    Without,

    /// <summary>Those that do.</summary>
    Only,
}

/// <summary>A part of a plan: of its sorted cells every <paramref name="Of"/>-th, beginning with the <paramref name="Index"/>-th.</summary>
/// <param name="Index">From 1 on.</param>
/// <param name="Of">How many such parts there are.</param>
/// <param name="Minute">Which cells are counted.</param>
internal sealed partial record Shard(int Index, int Of, Minute Minute = Minute.With)
{
    /// <summary>Reads SHARD= and MINUTE=; null if neither is given.</summary>
    /// <exception cref="ArgumentException">One of them is not of its form.</exception>
    public static Shard? Parse(string? shard, string? minute)
    {
        Minute counted = minute switch
        {
            null => Minute.With,
            "without" => Minute.Without,
            "only" => Minute.Only,
            _ => throw new ArgumentException($"MINUTE: '{minute}' is neither 'only' nor 'without'"),
        };
        if (shard == null)
        {
            return minute == null ? null : new Shard(1, 1, counted);
        }

        Match match = Form().Match(shard);
        return match.Success && Number(match.Groups["index"]) is int index && Number(match.Groups["of"]) is int of && index <= of
            ? new Shard(index, of, counted)
            : throw new ArgumentException($"SHARD: '{shard}' is no shard; the second of six is 2/6");
    }

    /// <summary>The cells of a plan that are this part's.</summary>
    public IEnumerable<Cell> CellsOf(IEnumerable<Cell> cells) =>
        cells.Where(cell => Minute == Minute.With || cell.Case.About.TrueMinute == (Minute == Minute.Only))
            .OrderBy(cell => cell.Name, StringComparer.Ordinal).Where((_, i) => i % Of == Index - 1);

    /// <summary>All the parts of which this is one.</summary>
    public IEnumerable<Shard> Siblings() => Enumerable.Range(1, Of).Select(index => this with { Index = index });

    /// <summary>As in <c>2/6 without the true minute</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Of}{Minute switch { Minute.Without => " without the true minute", Minute.Only => " of the true minute", _ => "" }}");

    private static int? Number(Group digits) => int.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    [GeneratedRegex("^(?<index>[1-9][0-9]*)/(?<of>[1-9][0-9]*)\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
