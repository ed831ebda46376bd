// The suite's cases among themselves: stable IDs, one sentence each, and a clause that exists.
using System.Text.RegularExpressions;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed partial class CaseTests
{
    private static readonly string[] Clauses =
        [.. ClauseLine().Matches(File.ReadAllText(Repository.At("protocol", "README.md"))).Select(match => match.Groups[1].Value)];

    [Test]
    public void There_are_cases_of_each_role() =>
        Assert.That(Enum.GetValues<Role>(), Is.SubsetOf(Case.All.Select(each => each.About.Role)));

    [Test]
    public void Every_ID_is_unique() => Assert.That(Case.All.Select(each => each.About.Id), Is.Unique);

    [Test]
    public void Every_ID_is_in_kebab_case() =>
        Assert.That(Case.All.Select(each => each.About.Id), Is.All.Matches("^[a-z0-9]+(-[a-z0-9]+)*$"));

    [Test]
    public void Every_case_is_described_by_one_sentence() =>
        Assert.That(Case.All.Select(each => each.About.Sentence), Is.All.Matches(@"\A\p{Lu}[^\n]*[^. ]\.\z"));

    [Test]
    public void The_contract_numbers_its_clauses_without_gaps()
    {
        Assert.That(Clauses, Has.Length.GreaterThan(50));
        Assert.That(Clauses, Is.Unique);
        foreach (IGrouping<string, string> part in Clauses.GroupBy(clause => clause.Split('.')[0], StringComparer.Ordinal))
        {
            Assert.That(part, Is.EqualTo(Enumerable.Range(1, part.Count()).Select(n => $"{part.Key}.{n}")), $"part {part.Key}");
        }
    }

    [Test]
    public void Every_clause_that_a_case_proves_exists_and_every_clause_is_proven() =>
        Assert.That(Case.All.SelectMany(each => each.About.Also.Prepend(each.About.Clause)).Distinct(StringComparer.Ordinal), Is.EquivalentTo(Clauses));

    [Test]
    public void What_results_quote_is_the_whole_contract() => Assert.That(Clause.All.Select(clause => clause.Id), Is.EqualTo(Clauses));

    // Sources cite clauses too, in comments and in the sentences of failures; a clause that moved must move there as well.
    [Test]
    public void Every_clause_that_a_source_cites_exists()
    {
        string[] folders = ["c-reference", "client", "interop", "protocol", "python-reference", "servers"];
        string[] sources = [.. folders.SelectMany(folder => Directory.EnumerateFiles(Repository.At(folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".c" or ".py")];
        (string File, string Clause)[] cited = [.. sources.SelectMany(file => Citation().Matches(File.ReadAllText(file))
            .SelectMany(match => match.Groups["clause"].Captures).Select(clause => (Path.GetFileName(file), clause.Value)))];

        Assert.That(cited, Has.Length.GreaterThan(50), "citations are found at all");
        Assert.That(cited.Where(each => !Clauses.Contains(each.Clause, StringComparer.Ordinal)), Is.Empty);
    }

    [GeneratedRegex(@"^- \*\*([0-9]+\.[0-9]+)\*\* ", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex ClauseLine();

    // "clause 3.2", "clauses 6.3 to 6.6", "clauses 6.1, 6.7 and 8.2"
    [GeneratedRegex(@"\b[Cc]lauses? (?:(?:, | and | to | or )?(?<clause>[0-9]+\.[0-9]+))+", RegexOptions.CultureInvariant)]
    private static partial Regex Citation();
}
