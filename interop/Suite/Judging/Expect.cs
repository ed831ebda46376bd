// The few forms that a check takes.
namespace EasyTcp.Interop.Judging;

/// <summary>Checks that fail with a sentence.</summary>
internal static class Expect
{
    /// <summary>Fails unless <paramref name="condition"/> holds.</summary>
    public static void That(bool condition, string clause, string expected, string actual)
    {
        if (!condition)
        {
            throw new CaseFailedException(clause, expected, actual);
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
            $"{Excerpt.Of(actual, at)} ({actual.Length} bytes), which differs from byte {at} on");
    }

    /// <summary>Fails unless a measured time is within its bounds.</summary>
    public static void Within(TimeSpan actual, TimeSpan atLeast, TimeSpan atMost, string clause, string what) =>
        OfTime(actual >= atLeast && actual <= atMost, clause,
            FormattableString.Invariant($"{what} from {atLeast.TotalSeconds:0.###} to {atMost.TotalSeconds:0.###} s"),
            FormattableString.Invariant($"{actual.TotalSeconds:0.####} s"));

    /// <summary>Fails unless a condition about a time that a clause states holds.</summary>
    public static void OfTime(bool condition, string clause, string expected, string actual)
    {
        if (!condition)
        {
            throw new CaseFailedException(clause, expected, actual) { IsOfTime = true };
        }
    }
}
