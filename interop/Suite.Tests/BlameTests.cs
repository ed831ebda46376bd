// Whom the report suspects: a row, a column, a case and a single pair are told apart.
using EasyTcp.Interop.Reports;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class BlameTests
{
    [Test]
    public void Nobody_is_blamed_for_what_passes() => Assert.That(Sentences((_, _, _) => false), Is.Empty);

    [Test]
    public void A_whole_row_is_the_server() =>
        Assert.That(Sentences((server, _, id) => server is "s2" && id is "a"), Is.EqualTo(new[] { "Every client fails with the server s2 (3 cells: a): look at the server." }));

    [Test]
    public void A_whole_column_is_the_client() =>
        Assert.That(Sentences((_, client, _) => client is "c1"), Is.EqualTo(new[] { "Every server fails with the client c1 (6 cells: a, b): look at the client." }));

    [Test]
    public void One_pair_is_one_pair() =>
        Assert.That(Sentences((server, client, id) => server is "s2" && client is "c3" && id is "b"),
            Is.EqualTo(new[] { "One pair alone fails: the server s2 with the client c3 (b). Both do well with others: look at what these two say to each other." }));

    [Test]
    public void A_case_that_fails_everywhere_is_the_case_or_the_machine() =>
        Assert.That(Sentences((_, _, id) => id is "b"), Is.EqualTo(new[] { "b fails everywhere (9 cells): look at the case or at the machine." }));

    [Test]
    public void A_row_and_a_column_are_both_told() =>
        Assert.That(Sentences((server, client, _) => server is "s1" || client is "c3"), Has.Length.EqualTo(2).And.Some.Contain("server s1").And.Some.Contain("client c3"));

    [Test]
    public void Some_pairs_of_a_row_are_not_called_one_pair() =>
        Assert.That(Sentences((server, client, id) => server is "s1" && client is "c1" or "c2" && id is "a" && server is "s1"), Has.All.Contain("as do some other pairs of theirs"));

    [Test]
    public void A_server_that_fails_alone_is_the_server_and_is_blamed_for_its_pairs() =>
        Assert.That(Blame.Of(SampleResults.Of(
                SampleResults.Cell("s1", "-", "alone", Verdict.Failed), SampleResults.Cell("s1", "c1", "a", Verdict.Failed), SampleResults.Cell("s1", "c2", "a", Verdict.Passed), SampleResults.Cell("s2", "-", "alone", Verdict.Passed))).Select(blame => blame.Sentence),
            Is.EqualTo(new[] { "The server s1 fails alone, and so do some pairs with it (2 cells: alone, a): look at the server." }));

    [Test]
    public void A_pair_of_two_that_are_both_wrong_elsewhere_is_no_pair_alone() =>
        Assert.That(Blame.Of(SampleResults.Of(
                SampleResults.Cell("s1", "-", "alone", Verdict.Failed), SampleResults.Cell("-", "c1", "apart", Verdict.Failed), SampleResults.Cell("s1", "c1", "a", Verdict.Failed), SampleResults.Cell("s1", "c2", "a", Verdict.Passed),
                SampleResults.Cell("s2", "c1", "a", Verdict.Passed), SampleResults.Cell("s2", "-", "alone", Verdict.Passed), SampleResults.Cell("-", "c2", "apart", Verdict.Passed))).Select(blame => blame.Sentence),
            Has.Some.EqualTo("The server s1 with the client c1 fails (a), and each of the two is wrong elsewhere as well: look at that first.").And.None.Contain("One pair alone"));

    [Test]
    public void One_pair_that_was_judged_alone_tells_nothing() =>
        Assert.That(Blame.Of(SampleResults.Of("s1", "c1", "a", (_, _, _) => Verdict.Failed)).Single().Sentence, Does.EndWith("nothing tells the two apart."));

    [Test]
    public void What_was_not_decided_is_told_but_nobodys_fault() =>
        Assert.That(Blame.Of(SampleResults.Of("s1 s2", "c1", "a", (server, _, _) => server is "s1" ? Verdict.NotRun : Verdict.Inconclusive)).Select(blame => blame.Sentence),
            Is.EqualTo(new[] { "1 cell could not be decided, because the machine stood still or the suite was kept from judging: run again on a quieter one.", "1 cell did not run: no engine." }));

    private static string[] Sentences(Func<string, string, string, bool> fails) =>
        [.. Blame.Of(SampleResults.Of("s1 s2 s3", "c1 c2 c3", "a b", (server, client, id) => fails(server, client, id) ? Verdict.Failed : Verdict.Passed)).Select(blame => blame.Sentence)];
}
