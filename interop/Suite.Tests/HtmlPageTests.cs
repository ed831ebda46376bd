// The page: what peers sent is shown and never run, what does not fit is left out and told, and a folder is written as a whole.
using System.Text;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Reports;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed partial class HtmlPageTests
{
    private const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onfocus='alert(3)' \0\x1B\x85\u00E9{{ 1 + 1 }}";
    private const int MostOfPage = 2_000_000;

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void What_a_peer_sent_is_never_markup()
    {
        string page = PageWith(Hostile);

        Assert.That(Elements().Count(page), Is.EqualTo(Elements().Count(PageWith("harmless"))));
        Assert.That(page, Does.Not.Contain("<img").And.Not.Contain("\" onfocus").And.Contain("&lt;/script&gt;").And.Contain(@"\x00\x1B\x85\xE9{{ 1 + 1 }}"));
        Assert.That(page.Where(each => char.IsControl(each) && each != '\n'), Is.Empty);
    }

    [Test]
    public void A_violation_stands_below_its_bytes()
    {
        Keep("evidence/s/c/a", "a line", pieces: 100);

        string page = PageOf(SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Failed, evidence: "evidence/s/c/a")));

        Assert.That(page, Does.Contain("class=\"reply wrong\"").And.Contain("breaks clause 3.1 at byte 4").And.Contain("rows of this connection left out here"));
    }

    [Test]
    public void Beside_the_plot_of_a_crowd_stand_its_lines()
    {
        CellRecord cell = SampleResults.Cell("s", "-", "ids-storm", Verdict.Passed);
        cell = cell with
        {
            Attempts = [cell.Attempts[0] with { Measurements = [new(CrowdFigures.Name, "s", [0, 0.5]), new(CrowdFigures.Name, CrowdFigures.Clients, [1, 0])], Log = [new(0, "Client 1 <connected>"), new(0.5, "\x1B")] }],
        };

        string page = PageOf(SampleResults.Of(cell));

        Assert.That(page, Does.Contain("At most 1 clients at once, in 0.50 s.").And.Contain("of its log, 2 lines").And.Contain("0.000 s  Client 1 &lt;connected&gt;\n0.500 s  \\x1B\n"));
    }

    [Test]
    public void A_page_of_a_full_run_with_every_cell_failed_stays_small_and_says_what_it_left_out()
    {
        string[] names = [.. Enumerable.Range(0, 700).Select(i => $"case-{i}")];
        foreach (string name in names)
        {
            Keep($"evidence/s/c/{name}", new string('x', 2000), pieces: 200);
        }

        CellRecord Told(CellRecord cell) => cell with { Attempts = [.. cell.Attempts.Select(attempt => attempt with { Story = new string('y', 5000) })] };
        string page = PageOf(SampleResults.Of([.. names.Select(name => Told(SampleResults.Cell("s", "c", name, Verdict.Failed, evidence: $"evidence/s/c/{name}")))]));

        Assert.That(Encoding.UTF8.GetByteCount(page), Is.LessThan(MostOfPage));
        Assert.That(page, Does.Contain("This page is full").And.Contain("yyy\n[the rest is in results.json]").And.Contain("href=\"evidence/s/c/case-699/\""));
    }

    [TestCase("../../../etc")]
    [TestCase("/etc")]
    [TestCase("evidence/\0")]
    public void Evidence_outside_the_results_folder_is_not_looked_at(string folder) =>
        Assert.That(PageOf(SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Failed, evidence: folder))), Does.Not.Contain("evidence folder</a>"));

    [TestCase(true)]
    [TestCase(false)]
    public void What_was_not_judged_over_IPv6_is_told(bool isCarried)
    {
        ResultsFile results = SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Passed));

        string page = PageOf(results with { Run = results.Run with { Machine = results.Run.Machine with { Ipv6 = isCarried } } });

        Assert.That(page, isCarried ? Does.Not.Contain("nothing could be judged over IPv6") : Does.Contain("nothing could be judged over IPv6"));
    }

    [Test]
    public void Evidence_that_is_gone_is_told() =>
        Assert.That(PageOf(SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Failed, evidence: "evidence/s/c/a"))), Does.Contain("The evidence cannot be read"));

    [Test]
    public void A_clause_that_no_case_proves_says_so() =>
        Assert.That(PageOf(SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Passed))), Does.Match("id=\"clause-3.2\" class=\"clause unproven\".*no case of this run proves it").And.Match("id=\"clause-3.1\" class=\"clause passed\""));

    [Test]
    public void A_clause_is_broken_by_what_failed_not_by_the_case_that_met_it()
    {
        CellRecord failed = SampleResults.Cell("s", "c", "a", Verdict.Failed);

        IReadOnlyList<ClauseView> clauses = ClauseView.Of(SampleResults.Of(failed with { Clause = "1.2" }, SampleResults.Cell("s", "c", "b", Verdict.Passed)));

        Assert.That(clauses.Where(clause => clause.Id is "1.2" or "3.1").Select(clause => (clause.Id, clause.Kind)), Is.EqualTo(new[] { ("1.2", "open"), ("3.1", "failed") }));
    }

    [Test]
    public void All_reports_stand_beside_the_results()
    {
        string file = Path.Combine(_folder, "results.json");
        SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Failed), SampleResults.Cell("s", "c", "b", Verdict.Passed)).Write(file);
        using var terminal = new StringWriter();

        Assert.That(ReportFolder.Write(file, ResultsFile.Read(file), gate: true, terminal, []), Is.True);
        Assert.That(Directory.GetFiles(_folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "results.json", "index.html", "summary.md", "junit.xml", "badge.svg" }));
        Assert.That(terminal.ToString(), Does.StartWith("Failed: 1 passed, 1 failed of 2 cells").And.Contain("0 broken, 0 fixed, 0 new, 0 gone, 0 flaky"));
    }

    [Test]
    public void Other_systems_have_their_matrix_there_and_their_cells_on_their_own_page()
    {
        string file = Path.Combine(_folder, "linux", "results.json"), other = Path.Combine(_folder, "in docker", "results.json");
        SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Passed)).Write(file);
        ResultsFile docker = SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Failed), SampleResults.Cell("s", "c", "b", Verdict.Passed));
        (docker with { Run = docker.Run with { Machine = docker.Run.Machine with { Place = "docker" } } }).Write(other);

        ReportFolder.Write(file, null, gate: false, TextWriter.Null, [other]);

        string page = File.ReadAllText(Path.Combine(_folder, "linux", "index.html"));
        Assert.That(page, Does.Contain("<a href=\"../in%20docker/index.html\">Linux on x64, docker</a>: Failed, 1 passed, 1 failed of 2 cells"));
        Assert.That(page, Does.Match("class=\"square failed\" href=\"../in%20docker/index.html#server=s&(amp;)?client=c&(amp;)?verdict=any\"[^>]*>1/2 FAILED<"));
        Assert.That(page, Does.Match("class=\"square passed\" href=\"#server=s&(amp;)?client=c&(amp;)?verdict=any\"[^>]*>1/1 ok<"));
        Assert.That(page[..page.IndexOf("<nav>", StringComparison.Ordinal)], Does.Contain("<strong>Failed</strong> on <a href=\"#systems\">Linux on x64, docker</a>"), "nobody takes the one for both");
    }

    [TestCase("")]
    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("{\"version\":1}")]
    [TestCase("{\"version\":2}")]
    [TestCase("{\"version\":\"3\"}")]
    [TestCase("{\"version\":null}")]
    public void A_foreign_file_is_told_in_one_line(string text)
    {
        string file = Path.Combine(_folder, "results.json");
        File.WriteAllText(file, text);

        Assert.That(() => ReportFolder.Write(file, null, gate: false, TextWriter.Null, []), Throws.InstanceOf<InvalidDataException>().With.Message.Not.Contains("\n"));
    }

    [Test]
    public void A_case_that_is_there_twice_is_told()
    {
        string file = Path.Combine(_folder, "results.json");
        ResultsFile results = SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Passed));
        (results with { Cases = [.. results.Cases, .. results.Cases] }).Write(file);

        Assert.That(() => ResultsFile.Read(file), Throws.InstanceOf<InvalidDataException>().With.Message.EndsWith("it has the case a twice"));
    }

    [TestCase("processes", "0123abc", "is of the same system as")]
    [TestCase("docker", "fedc456", "judged commit fedc456, and")]
    public void What_is_no_other_system_of_the_same_commit_has_no_place_there(string place, string commit, string complaint)
    {
        string file = Path.Combine(_folder, "linux", "results.json"), other = Path.Combine(_folder, "other", "results.json");
        ResultsFile results = SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Passed));
        results.Write(file);
        (results with { Run = results.Run with { Commit = commit, Machine = results.Run.Machine with { Place = place } } }).Write(other);

        Assert.That(() => ReportFolder.Write(file, null, gate: false, TextWriter.Null, [other]), Throws.InstanceOf<InvalidDataException>().With.Message.Contains(complaint));
    }

    [Test]
    public void A_list_that_holds_null_is_a_foreign_file_too()
    {
        string file = Path.Combine(_folder, "results.json");
        SampleResults.Of().Write(file);
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"cells\": []", "\"cells\": [null]", StringComparison.Ordinal));

        Assert.That(() => ReportFolder.Write(file, null, gate: false, TextWriter.Null, []), Throws.InstanceOf<InvalidDataException>());
    }

    private string PageWith(string text)
    {
        Keep("evidence/s/c/a", text, pieces: 1);
        return PageOf(SampleResults.Of(SampleResults.Cell("s", "c", "a", Verdict.Failed, text, "evidence/s/c/a"), SampleResults.Cell(text, text, text, Verdict.Passed)));
    }

    private string PageOf(ResultsFile results) => HtmlPage.Of(results, null, new EvidenceShelf(_folder), []);

    private void Keep(string folder, string text, int pieces)
    {
        string path = Path.Combine(_folder, folder);
        Directory.CreateDirectory(path);
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        new EvidenceFile(EvidenceFile.CurrentVersion, "a cell", "s", "c", "a", 1, DateTimeOffset.UnixEpoch,
            [new ProgramEvidence("server s", text, 1, 2, text, [.. Enumerable.Repeat(new LineEvidence(1.5, text, true), pieces)], [new LineEvidence(1.25, text, false)])],
            [new ConnectionEvidence("client c", "server s", "127.0.0.1:1", "127.0.0.1:2", 1, null, [.. Enumerable.Range(0, pieces).Select(i => new PieceEvidence(1.1, i % 2 == 0, i / 2 * bytes.Length, bytes))], [new EndEvidence(1.75, true, false)], false, [new ViolationEvidence(true, 4, "3.1", text)])])
            .Write(Path.Combine(path, EvidenceFile.Name));
    }

    [GeneratedRegex("<[a-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Elements();
}
