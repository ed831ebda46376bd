// COUNT among many: what can be true together, and what cannot.
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class CountOrderTests
{
    [Test]
    public void One_after_another_are_numbered_in_order() =>
        Assert.DoesNotThrow(() => CountOrder.Judge([Of("A", 0, 1, 1), Of("A", 2, 3), Of("B", 4, 5, 3)]));

    [Test]
    public void Those_at_the_same_time_are_numbered_in_either_order()
    {
        Assert.DoesNotThrow(() => CountOrder.Judge([Of("A", 0, 5, 2), Of("B", 1, 4, 1)]));
        Assert.DoesNotThrow(() => CountOrder.Judge([Of("A", 0, 5, 1), Of("B", 1, 4, 2)]));
    }

    [Test]
    public void What_nobody_read_may_count_or_not_or_late()
    {
        Assert.DoesNotThrow(() => CountOrder.Judge([Of("A", 0, null), Of("B", 1, 2, 1), Of("B", 3, 4, 2)]));
        Assert.DoesNotThrow(() => CountOrder.Judge([Of("A", 0, null), Of("B", 1, 2, 2), Of("B", 3, 4, 3)]));
        Assert.DoesNotThrow(() => CountOrder.Judge([Of("A", 0, null), Of("B", 1, 2, 1), Of("B", 3, 4, 3)]));
    }

    [Test]
    public void Those_before_are_added() => Assert.DoesNotThrow(() => CountOrder.Judge([Of("A", 0, 1, 8)], before: 7));

    [TestCase(1, Description = "a reply before it was lost")]
    [TestCase(3, Description = "one was counted twice")]
    public void A_number_outside_its_bounds_is_found(int count)
    {
        CaseFailedException failed = Logs.FailureOf(() => CountOrder.Judge([Of("A", 0, 1), Of("B", 2, 3, count)]));

        Assert.That(failed.Clause, Is.EqualTo("3.3"));
        Assert.That(failed.Expected, Does.StartWith("COUNT told B 2"));
    }

    [Test]
    public void A_number_told_twice_is_found() =>
        Assert.That(Logs.FailureOf(() => CountOrder.Judge([Of("A", 0, 5, 2), Of("B", 1, 4, 2)])).Actual, Is.EqualTo("2 told A and B"));

    [Test]
    public void A_clients_numbers_that_do_not_grow_are_found() =>
        Assert.That(Logs.FailureOf(() => CountOrder.Judge([Of("A", 0, 5, 2), Of("A", 0, 6, 1)])).Expected, Does.StartWith("A told a higher number each time"));

    // Each number is within its bounds, but they cannot all be true.
    [Test]
    public void A_later_request_with_a_lower_number_is_found() =>
        Assert.That(() => CountOrder.Judge([Of("A", 0, 2, 3), Of("B", 3, 5, 2), Of("C", 0, 9), Of("D", 0, 9)]), Throws.TypeOf<CaseFailedException>());

    [Test]
    public void A_place_that_nobody_can_have_is_found() =>
        // X was over before A asked and Y was begun after A was told; so of 1 to 3 the second cannot be had.
        Assert.That(() => CountOrder.Judge([Of("X", 0, 1), Of("A", 2, 3, 3), Of("Y", 4, 9), Of("B", 2, 9, 4)]), Throws.TypeOf<CaseFailedException>());

    [Test]
    public void Two_that_must_share_a_place_are_found() =>
        // X and Y lie between A, told 1, and B, told 3: there is one place for both, while Z could have a later one only.
        Assert.That(() => CountOrder.Judge([Of("A", 0, 1, 1), Of("X", 2, 3), Of("Y", 2, 3), Of("B", 4, 9, 3), Of("Z", 5, 9)]), Throws.TypeOf<CaseFailedException>());

    private static CountedRequest Of(string who, int asked, int? told, long? count = null) =>
        new(who, TimeSpan.FromSeconds(asked), told is int at ? TimeSpan.FromSeconds(at) : null, count);
}
