// What is made of results beside the page: the badge, the file for servers of continuous integration, the summary.
using System.Xml.Linq;
using EasyTcp.Interop.Reports;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ReportFilesTests
{
    private const string Hostile = "</failure>]]>\"'&\0\x07\x1B[31m\x7F\x85\u00E9\uD800|`|\n- x";

    [Test]
    public void The_badge_counts_pairs_whose_every_cell_passed()
    {
        ResultsFile results = SampleResults.Of("s1 s2 -", "c1 c2 -", "a b", (server, client, id) =>
            (server, client, id) is ("s1", "c1", "b") ? Verdict.Failed : (server, client, id) is ("s2", "c2", "a") ? Verdict.Inconclusive : client is "-" ? Verdict.Failed : Verdict.Passed);

        Assert.That(Badge.Of(results).Text, Is.EqualTo("2/4 pairs"));
        Assert.That(XElement.Parse(Badge.Of(results).Svg()).Value, Does.Contain("2/4 pairs"));
    }

    [Test]
    public void A_run_without_pairs_has_no_green_badge()
    {
        var badge = Badge.Of(SampleResults.Of("s1", "-", "a", (_, _, _) => Verdict.Passed));

        Assert.That((badge.Text, badge.Svg().Contains("1a7f37", StringComparison.Ordinal)), Is.EqualTo(("no pairs", false)));
    }

    [TestCase(Verdict.Passed, "1a7f37")]
    [TestCase(Verdict.Unsupported, "9a6700")]
    [TestCase(Verdict.KnownFailure, "9a6700")]
    [TestCase(Verdict.Failed, "cf222e")]
    [TestCase(Verdict.NotRun, "cf222e")]
    public void The_badge_is_red_for_what_makes_a_run_red(Verdict verdict, string color) =>
        Assert.That(Badge.Of(SampleResults.Of("s1", "c1 c2", "a", (_, client, _) => client is "c1" ? verdict : Verdict.Passed)).Svg(), Does.Contain(color));

    [Test]
    public void An_annotation_is_one_line_with_the_cell_s_name_as_its_title()
    {
        CellRecord failed = SampleResults.Cell("s", "c", "a", Verdict.Failed, "100 %,\nand: more");

        string[] lines = [.. Annotations.Of(SampleResults.Of(failed, SampleResults.Cell("s", "c", "b", Verdict.Passed)))];

        Assert.That(lines, Is.EqualTo(new[] { "::error title=s / c / a::clause 3.1: expected 'HELLO'; actual: 100 %25,%0Aand: more%0Amake interop CASE='s / c / a'" }));
    }

    [TestCase(Verdict.Passed, "")]
    [TestCase(Verdict.Failed, "failure")]
    [TestCase(Verdict.Inconclusive, "failure")]
    [TestCase(Verdict.NotRun, "failure")]
    [TestCase(Verdict.Unsupported, "skipped")]
    [TestCase(Verdict.KnownFailure, "skipped")]
    public void Only_what_can_be_borne_is_no_failure(Verdict verdict, string element)
    {
        XElement suites = JUnit(SampleResults.Of("s1", "c1", "a", (_, _, _) => verdict));

        XElement test = suites.Descendants("testcase").Single();
        Assert.That(test.Elements().Select(each => each.Name.LocalName).Where(name => name is not "system-out"), Is.EqualTo(element.Length == 0 ? Array.Empty<string>() : [element]));
        Assert.That((suites.Attribute("failures")!.Value, suites.Attribute("skipped")!.Value, suites.Attribute("errors")!.Value), Is.EqualTo((element is "failure" ? "1" : "0", element is "skipped" ? "1" : "0", "0")));
        Assert.That((test.Attribute("classname")!.Value, test.Attribute("name")!.Value, test.Attribute("time")!.Value), Is.EqualTo(("s1.c1", "a", "0.500")));
    }

    [TestCase(Verdict.Inconclusive, "a story")]
    [TestCase(Verdict.NotRun, "no engine")]
    public void What_was_not_judged_says_why(Verdict verdict, string reason)
    {
        ResultsFile results = SampleResults.Of("s1", "c1", "a", (_, _, _) => verdict);

        Assert.That(JUnit(results).Descendants("failure").Single().Attribute("message")!.Value, Is.EqualTo(reason));
        Assert.That(SummaryPage.Of(results, null).Split('\n').Single(line => line.Contains("**s1 / c1 / a**", StringComparison.Ordinal)), Does.Contain(reason));
    }

    [Test]
    public void What_a_peer_sent_breaks_no_file()
    {
        ResultsFile results = SampleResults.Of(SampleResults.Cell("s1", "c1", "a", Verdict.Failed, Hostile));

        string message = JUnit(results).Descendants("failure").Single().Attribute("message")!.Value;
        string[] summary = SummaryPage.Of(results, null).Split('\n');

        Assert.That(message, Does.Contain(@"</failure>]]>""'&\x00\x07\x1B[31m\x7F\x85").And.Contain("\u00E9").And.Contain(@"\xD800"));
        Assert.That(summary.Single(line => line.Contains("failure", StringComparison.Ordinal) && line.StartsWith("- ", StringComparison.Ordinal) && line.Contains("**s1 / c1 / a**", StringComparison.Ordinal)),
            Does.Contain("&lt;/failure&gt;").And.Contain(@"\|\`\| - x"));
    }

    [Test]
    public void The_summary_tells_verdict_blame_matrix_and_replay()
    {
        string summary = SummaryPage.Of(SampleResults.Of("s1 s2", "c1 c2", "a", (server, _, _) => server is "s1" ? Verdict.Failed : Verdict.Passed), null);

        Assert.That(summary, Does.StartWith("# Failed: 2 passed, 2 failed of 4 cells\n").And.Contain("- **Every client fails with the server s1")
            .And.Contain("| s1 | 0/1 FAILED | 0/1 FAILED | - |").And.Contain("`` make interop CASE='s1 / c1 / a' ``"));
    }

    private static XElement JUnit(ResultsFile results)
    {
        using var text = new StringWriter();
        JUnitFile.Write(results, text);
        return XElement.Parse(text.ToString());
    }
}
