// Who is to blame for a time that was missed: the machine, if it stood still in those moments for as long; else the peer.
using EasyTcp.Interop.Judging;
using static EasyTcp.Interop.Tests.Logs;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class LatenessTests
{
    private static readonly Stall[] Stalls = [Between(1, 1.5), Between(3, 3.1), Between(3.2, 3.5)];

    [TestCase(0, 1, 0)]
    [TestCase(0, 2, 0.5)]
    [TestCase(1.25, 2, 0.25)]
    [TestCase(1.2, 1.3, 0.1, Description = "within one")]
    [TestCase(3.05, 4, 0.35, Description = "several add up")]
    [TestCase(5, 6, 0)]
    public void Only_those_parts_of_stalls_count_that_lie_in_the_moments_in_question(double from, double until, double expected) =>
        Assert.That(Stall.Sum(Stalls, At(from), At(until)).TotalSeconds, Is.EqualTo(expected).Within(1e-9));

    [TestCase(0.3, 0.3, true)]
    [TestCase(0.3, 0.25, true, Description = "a right program takes a little by itself")]
    [TestCase(0.3, 0.15, false)]
    [TestCase(1.5, 0.5, false, Description = "a stall of half a second does not excuse a report that is late by one and a half")]
    [TestCase(0.05, 0, false, Description = "no stall excuses nothing")]
    public void A_stall_explains_what_is_no_later_than_it_was_long(double late, double stall, bool explains) =>
        Assert.That(Lateness.Of(At(60), At(60 + late)).IsExplainedBy(At(stall)), Is.EqualTo(explains));

    // What a machine cannot do is make anything early; and a count that is wrong is no matter of time.
    [Test]
    public void Only_what_is_late_can_be_the_machines_fault()
    {
        Assert.That(FailureOf(() => Expect.Within(At(0.5), At(1), At(2), "5.2", "the close")).Late, Is.Null);
        Assert.That(FailureOf(() => Expect.Within(At(2.5), At(1), At(2), "5.2", "the close")).Late!.By, Is.EqualTo(At(0.5) + Tolerance.Seeing));
        Assert.That(FailureOf(() => Expect.That(false, "5.2", "x", "y")).Late, Is.Null);
    }

    private static Stall Between(double from, double until) => new(At(from), At(until));

    private static TimeSpan At(double second) => TimeSpan.FromSeconds(second);
}
