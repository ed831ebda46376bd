// Sentences of failures: they must show a person what differs and where.
using EasyTcp.Interop.Judging;
using static EasyTcp.Interop.Tests.Logs;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ExpectTests
{
    [TestCase("", "''")]
    [TestCase("hello", "'hello'")]
    [TestCase("a\nb\r\\", "'a\\nb\\r\\\\'")]
    [TestCase("\0\u001B\u007F\u0080\u00FF", "'\\x00\\x1B\\x7F\\x80\\xFF'")]
    public void Short_text_is_shown_whole_in_ASCII(string text, string shown) => Assert.That(Excerpt.Of(text), Is.EqualTo(shown));

    [Test]
    public void Text_as_long_as_an_excerpt_is_shown_whole() =>
        Assert.That(Excerpt.Of(new string('x', 72)), Is.EqualTo($"'{new string('x', 72)}'"));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(500)]
    [TestCase(998)]
    [TestCase(999)]
    [TestCase(1000)]
    public void Long_text_is_cut_around_the_place_that_matters(int at)
    {
        string text = string.Concat(Enumerable.Range(0, 1000).Select(i => i == at ? '!' : 'x'));

        string shown = Excerpt.Of(text, at);

        Assert.That(shown, Has.Length.LessThan(90));
        Assert.That(shown.Contains('!', StringComparison.Ordinal), Is.EqualTo(at < 1000));
        Assert.That(shown.StartsWith("...", StringComparison.Ordinal), Is.EqualTo(at > 16), "what was cut in front is marked");
        Assert.That(shown.EndsWith("...", StringComparison.Ordinal), Is.EqualTo(at < 944), "what was cut behind is marked");
    }

    [Test]
    public void Bytes_are_shown_as_Latin_1() => Assert.That(Excerpt.Of("\xFFz"u8), Is.EqualTo("'\\xC3\\xBFz'"));

    [Test]
    public void What_holds_passes()
    {
        Assert.That(() => Expect.That(true, "1.1", "x", "y"), Throws.Nothing);
        Assert.That(() => Expect.Same("a", "a", "1.1", "x"), Throws.Nothing);
        Assert.That(() => Expect.Within(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), "1.1", "x"), Throws.Nothing);
    }

    [Test]
    public void What_does_not_hold_says_clause_expected_and_actual()
    {
        CaseFailedException failure = FailureOf(() => Expect.That(false, "6.2", "a line", "none"));

        Assert.That((failure.Clause, failure.Expected, failure.Actual), Is.EqualTo(("6.2", "a line", "none")));
        Assert.That(failure.Message, Is.EqualTo("clause 6.2: expected a line; actual: none"));
    }

    [TestCase("same", "sane", 2)]
    [TestCase("same", "sam", 3)]
    [TestCase("same", "same!", 4)]
    [TestCase("same", "Same", 0)]
    [TestCase("", "x", 0)]
    public void Texts_that_differ_are_shown_with_the_first_byte_that_does(string expected, string actual, int at)
    {
        CaseFailedException failure = FailureOf(() => Expect.Same(expected, actual, "3.1", "the reply"));

        Assert.That(failure.Expected, Is.EqualTo($"the reply: '{expected}' ({expected.Length} bytes)"));
        Assert.That(failure.Actual, Is.EqualTo($"'{actual}' ({actual.Length} bytes), which differs from byte {at} on"));
    }

    [TestCase(0.999)]
    [TestCase(2.001)]
    public void A_time_out_of_its_bounds_is_told_with_them(double seconds)
    {
        CaseFailedException failure = FailureOf(() =>
            Expect.Within(TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), "5.2", "the close"));

        Assert.That(failure.Expected, Is.EqualTo("the close from 1 to 2 s"));
        Assert.That(failure.Actual, Does.EndWith(" s"));
    }
}
