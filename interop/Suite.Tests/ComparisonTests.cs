// A run beside its baseline, and the gate that looks at nothing but what is newly broken.
using EasyTcp.Interop.Reports;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ComparisonTests
{
    private static readonly CellRecord Good = SampleResults.Cell("s", "c", "good", Verdict.Passed);

    [TestCase(Verdict.Passed, Verdict.Failed, "broken")]
    [TestCase(Verdict.KnownFailure, Verdict.Failed, "broken")]
    [TestCase(Verdict.Inconclusive, Verdict.Failed, "broken")]
    [TestCase(Verdict.Passed, Verdict.NotRun, "broken")]
    [TestCase(Verdict.Failed, Verdict.Passed, "fixed")]
    [TestCase(Verdict.Failed, Verdict.Failed, "")]
    [TestCase(Verdict.Failed, Verdict.NotRun, "")]
    [TestCase(Verdict.Passed, Verdict.Inconclusive, "broken")]
    [TestCase(Verdict.Failed, Verdict.Inconclusive, "")]
    [TestCase(Verdict.Passed, Verdict.Unsupported, "broken")]
    [TestCase(Verdict.Passed, Verdict.KnownFailure, "broken")]
    [TestCase(Verdict.KnownFailure, Verdict.KnownFailure, "")]
    [TestCase(Verdict.Failed, Verdict.KnownFailure, "")]
    [TestCase(Verdict.Passed, Verdict.Passed, "")]
    [TestCase(null, Verdict.Passed, "new")]
    [TestCase(null, Verdict.Failed, "broken")]
    [TestCase(Verdict.Passed, null, "gone")]
    public void A_cell_is_in_one_list(Verdict? then, Verdict? now, string list)
    {
        var comparison = Comparison.Of(RunOf(now), RunOf(then));

        Assert.That(comparison.Lists.Where(each => each.Cells.Count > 0).Select(each => each.Word), Is.EqualTo(list.Length == 0 ? Array.Empty<string>() : [list]));
        Assert.That(comparison.IsBorne, Is.EqualTo(list is not "broken"));
    }

    [Test]
    public void The_headline_has_all_sums() =>
        Assert.That(Comparison.Of(RunOf(Verdict.Failed), RunOf(Verdict.Passed)).Headline, Is.EqualTo("against the baseline (1970-01-01 00:00, commit 0123abc): 1 broken, 0 fixed, 0 new, 0 gone, 0 flaky"));

    [Test]
    public void A_run_in_which_nothing_passes_is_not_borne() =>
        Assert.That(Comparison.Of(SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Failed)), RunOf(Verdict.Failed)).IsBorne, Is.False);

    [Test]
    public void A_complaint_is_borne_if_it_is_not_new()
    {
        ResultsFile complaining = RunOf(Verdict.Passed) with { Complaints = ["an expired known failure"] };

        Assert.That(Comparison.Of(complaining, RunOf(Verdict.Passed)).IsBorne, Is.False);
        Assert.That(Comparison.Of(complaining, complaining).IsBorne, Is.True);
    }

    [TestCase(Verdict.Passed, Verdict.Failed, true)]
    [TestCase(Verdict.Inconclusive, Verdict.Passed, false)]
    [TestCase(Verdict.Failed, Verdict.Failed, false)]
    public void A_cell_is_flaky_when_its_attempts_differ(Verdict first, Verdict second, bool isFlaky)
    {
        CellRecord cell = SampleResults.Cell("s", "c", "a", second);
        cell = cell with { Attempts = [.. SampleResults.Cell("s", "c", "a", first).Attempts, .. cell.Attempts] };

        Assert.That(Comparison.IsFlaky(cell), Is.EqualTo(isFlaky));
    }

    private static ResultsFile RunOf(Verdict? verdict) => SampleResults.Of(verdict is Verdict known ? [Good, SampleResults.Cell("s", "c", "a", known)] : [Good]);
}
