// A check that failed, as a student reads it.
namespace EasyTcp.Interop.Judging;

/// <summary>What was expected, from which clause, and what came instead.</summary>
/// <param name="clause">The clause of protocol/README.md.</param>
/// <param name="expected">What the clause promises here.</param>
/// <param name="actual">What was seen.</param>
internal sealed class CaseFailedException(string clause, string expected, string actual)
    : Exception($"clause {clause}: expected {expected}; actual: {actual}")
{
    public string Clause { get; } = clause;

    public string Expected { get; } = expected;

    public string Actual { get; } = actual;

    /// <summary>True if a message was right as far as it went, and then its stream ended.</summary>
    public bool IsCutShort { get; init; }

    /// <summary>What was late, if what failed is a time that a clause states, which a machine that stands still can spoil.
    /// Null for all else, and for what came too early: no machine makes anything earlier.</summary>
    public Lateness? Late { get; init; }

    /// <summary>True if nothing wrong was seen, and no stated time passed either: the suite waited for as long as it waits for
    /// anything, and what it waited for never came.</summary>
    public bool IsSilence { get; init; }
}
