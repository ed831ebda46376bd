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

    /// <summary>True if what failed is a time that a clause states, which a machine that stands still can spoil.</summary>
    public bool IsOfTime { get; init; }

    /// <summary>More lines for the story, such as the input that failed.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>What to add to the line that replays the cell; null for nothing.</summary>
    public string? ReplayWith { get; init; }
}
