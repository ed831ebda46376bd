// The few forms that a check takes.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>Checks that fail with a sentence.</summary>
internal static class Expect
{
    /// <summary>Fails unless <paramref name="condition"/> holds.</summary>
    /// <param name="condition">What is to hold.</param>
    /// <param name="clause">Where it is demanded.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="actual">What came.</param>
    /// <param name="hindrance">What kept the suite from judging, if it did: nothing is said of the peers then.</param>
    public static void That(bool condition, string clause, string expected, string actual, string? hindrance = null)
    {
        if (!condition)
        {
            throw new CaseFailedException(clause, expected, actual) { Hindrance = hindrance };
        }
    }

    /// <summary>Fails unless two texts are the same, and shows where they part.</summary>
    public static void Same(string expected, string actual, string clause, string what)
    {
        if (string.Equals(expected, actual, StringComparison.Ordinal))
        {
            return;
        }

        int at = expected.AsSpan().CommonPrefixLength(actual);
        throw new CaseFailedException(clause,
            $"{what}: {Excerpt.Of(expected, at)} ({expected.Length} bytes)",
            $"{Excerpt.Of(actual, at)} ({actual.Length} bytes), which differs from byte {at} on")
        { DiffersAt = at };
    }

    /// <summary>Fails unless a measured time, whose end was just seen, is within its bounds.</summary>
    public static void Within(TimeSpan actual, TimeSpan atLeast, TimeSpan atMost, string clause, string what)
    {
        TimeSpan begin = Moment.Now - actual;
        OfTime(actual >= atLeast && actual <= atMost, clause,
            FormattableString.Invariant($"{what} from {atLeast.TotalSeconds:0.###} to {atMost.TotalSeconds:0.###} s"),
            FormattableString.Invariant($"{actual.TotalSeconds:0.####} s"),
            actual > atMost ? new Lateness(begin, begin + actual, actual - atMost + Tolerance.Seeing) : null);
    }

    /// <summary>Fails unless a condition about a time that a clause states holds. Only a lateness that is told can be the machine's.</summary>
    public static void OfTime(bool condition, string clause, string expected, string actual, Lateness? late = null)
    {
        if (!condition)
        {
            throw new CaseFailedException(clause, expected, actual) { Late = late };
        }
    }
}
