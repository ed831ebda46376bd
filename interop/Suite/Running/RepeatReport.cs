// Cells that were run again and again: how often each passed, and what that says of the next time.
using System.Globalization;
using Spectre.Console;

namespace EasyTcp.Interop.Running;

/// <summary>What a repeated run has to say at its end.</summary>
/// <param name="plans">The plan of each repetition.</param>
/// <param name="results">What came of them, so far.</param>
/// <param name="complaints">What is wrong beside the cells.</param>
internal sealed class RepeatReport(IReadOnlyList<Plan> plans, IReadOnlyList<CellResult> results, IReadOnlyList<string> complaints)
{
    // Stories of one cell resemble each other; all of them are in results.json.
    private const int StoriesOfACell = 3;

    private const double NormalQuantile = 1.959964; // two-sided 95 %

    /// <summary>True if every repetition of every cell can be borne, and at least one passed.</summary>
    public bool IsGreen => complaints.Count == 0 && results.Any(result => result.Verdict == Verdict.Passed) &&
        results.Count(IsBorne) == plans.Sum(plan => plan.Cells.Count);

    /// <summary>Wilson's interval for a rate of which a sample was seen: of its bounds the true rate lies between, 95 times in 100.</summary>
    public static (double Low, double High) Interval(int passed, int ran)
    {
        if (ran == 0)
        {
            return (0, 1);
        }

        double rate = (double)passed / ran;
        double square = NormalQuantile * NormalQuantile;
        double middle = rate + (square / (2 * ran));
        double half = NormalQuantile * Math.Sqrt(((rate * (1 - rate)) + (square / (4 * ran))) / ran);
        double scale = 1 + (square / ran);
        return (Math.Max(0, (middle - half) / scale), Math.Min(1, (middle + half) / scale));
    }

    /// <summary>Prints a line for each cell that did not pass always, one for the rest, the stories and the sums.</summary>
    public void Print(IAnsiConsole console)
    {
        TextWriter plain = console.Profile.Out.Writer;
        ILookup<string, CellResult> found = results.Where(result => result.Verdict != Verdict.NotRun).ToLookup(result => result.Cell.Name, StringComparer.Ordinal);
        string[] names = [.. plans[0].Cells.Select(cell => cell.Name).Order(StringComparer.Ordinal)];
        string[] unsteady = [.. names.Where(name => found[name].Any(result => !IsBorne(result)))];
        foreach (string name in unsteady)
        {
            foreach (Outcome outcome in found[name].SelectMany(result => result.Outcome.Attempts).Where(outcome => outcome.Story != null).Take(StoriesOfACell))
            {
                plain.WriteLine();
                plain.WriteLine($"{RunReport.Title(outcome.Verdict)} {outcome.Story}");
            }
        }

        plain.WriteLine();
        foreach (string name in unsteady)
        {
            plain.WriteLine($"{name}: {Rate(found[name].Count(IsBorne), found[name].Count())}");
        }

        foreach (IGrouping<int, string> steady in names.Except(unsteady, StringComparer.Ordinal).GroupBy(name => found[name].Count()).OrderByDescending(group => group.Key))
        {
            plain.WriteLine(steady.Key == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{steady.Count()} {(unsteady.Length > 0 ? "other " : "")}cells never ran")
                : string.Create(CultureInfo.InvariantCulture, $"{steady.Count()} {(unsteady.Length > 0 ? "other " : "")}cells, each: {Rate(steady.Key, steady.Key)}"));
        }

        int again = results.Count(result => result.Outcome.Earlier.Count > 0);
        if (again > 0)
        {
            plain.WriteLine(RunReport.RunAgain(again));
        }

        foreach (string complaint in complaints)
        {
            plain.WriteLine(complaint);
        }

        plain.WriteLine(Sums);
    }

    /// <summary>The sums over all repetitions, in one line.</summary>
    public string Sums
    {
        get
        {
            int planned = plans.Sum(plan => plan.Cells.Count);
            int failed = results.Count(result => result.Verdict == Verdict.Failed);
            int passed = results.Count(result => result.Verdict == Verdict.Passed);
            int inconclusive = results.Count(result => result.Verdict == Verdict.Inconclusive);
            int notRun = planned - results.Count(result => result.Verdict != Verdict.NotRun);
            int borne = planned - passed - failed - inconclusive - notRun;
            string Rarer(int count, string what) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} {what}");
            return string.Create(CultureInfo.InvariantCulture,
                $"{passed} passed, {failed} failed{Rarer(borne, "borne")}{Rarer(inconclusive, "inconclusive")}{Rarer(notRun, "not run")} of {planned} cells in {plans.Count} repetitions");
        }
    }

    private static bool IsBorne(CellResult result) => result.Verdict is Verdict.Passed or Verdict.Unsupported or Verdict.KnownFailure;

    private static string Rate(int passed, int ran)
    {
        (double low, double high) = Interval(passed, ran);
        return string.Create(CultureInfo.InvariantCulture, $"passed {passed} of {ran} times, {100.0 * passed / ran:0.0} % (95 % interval {100 * low:0.0} to {100 * high:0.0} %)");
    }
}
