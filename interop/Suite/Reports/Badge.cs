// badge.svg: how many pairs of server and client work with each other, for a README.
using System.Globalization;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>The sum of pairs.</summary>
/// <param name="Passed">Pairs whose every cell passed.</param>
/// <param name="All">Pairs that were to be judged.</param>
/// <param name="IsBorne">True if nothing among the pairs is worse than unsupported, or known to fail.</param>
internal sealed record Badge(int Passed, int All, bool IsBorne)
{
    private const int LabelWidth = 60;
    private const int Digit = 7;
    private const int Margin = 12;

    /// <summary>What it says.</summary>
    public string Text => All == 0 ? "no pairs" : string.Create(CultureInfo.InvariantCulture, $"{Passed}/{All} pairs");

    /// <summary>Counts.</summary>
    public static Badge Of(ResultsFile results)
    {
        IGrouping<(string?, string?), CellRecord>[] pairs = [.. results.Cells.Where(cell => cell.Server != null && cell.Client != null).GroupBy(cell => (cell.Server, cell.Client))];
        return new Badge(pairs.Count(pair => pair.All(cell => cell.Verdict == Verdict.Passed)), pairs.Length, pairs.All(pair => pair.All(cell => Standing.IsBorne(cell.Verdict))));
    }

    /// <summary>The picture, in the form that others have too.</summary>
    public string Svg()
    {
        int width = (Text.Length * Digit) + Margin;
        return Templates.Html("badge.svg", new
        {
            Text,
            Label = LabelWidth,
            Width = width,
            Whole = LabelWidth + width,
            LabelMiddle = LabelWidth / 2,
            Middle = LabelWidth + (width / 2),
            Color = All == 0 ? "#6e7781" : Passed == All ? "#1a7f37" : IsBorne ? "#9a6700" : "#cf222e",
        }).Text;
    }
}
