// What can become of a cell: the kinds are never mixed up.
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Running;

/// <summary>The verdict on a cell.</summary>
internal enum Verdict
{
    /// <summary>The case ran and every check held.</summary>
    Passed,

    /// <summary>The case ran and a check did not hold, or the suite itself failed.</summary>
    Failed,

    /// <summary>A peer does not claim the clause, and says why in the registry.</summary>
    Unsupported,

    /// <summary>It failed, and interop/known-failures.txt says that it would.</summary>
    KnownFailure,

    /// <summary>The machine stalled as long as what was measured, or the suite was kept from judging: nothing can be said of the peer.</summary>
    Inconclusive,

    /// <summary>It has no result.</summary>
    NotRun,
}

/// <summary>One attempt at a cell, and what came of it.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Story">Why it did not pass, as a person reads it.</param>
/// <param name="Failure">The check that did not hold; null if there was none, or if the suite itself failed.</param>
internal sealed record Outcome(Verdict Verdict, string? Story = null, CaseFailedException? Failure = null)
{
    public static Outcome Passed { get; } = new(Verdict.Passed);

    /// <summary>Attempts before this one, of which nothing could be said.</summary>
    public IReadOnlyList<Outcome> Earlier { get; init; } = [];

    /// <summary>The story's first line after the cell's name: where nothing was judged, the reason for that.</summary>
    public string? Reason => ReasonOf(Story);

    /// <summary>All attempts in order, this one last.</summary>
    public IEnumerable<Outcome> Attempts => Earlier.Append(this);

    /// <summary>How long this attempt took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>The folder of what was kept of it, from the results' own; null if nothing was.</summary>
    public string? Evidence { get; init; }

    /// <summary>What the case measured, whatever its verdict.</summary>
    public IReadOnlyList<Measurement> Measurements { get; init; } = [];

    /// <summary>What the server printed while it had a crowd, some of it; nothing without a crowd.</summary>
    public IReadOnlyList<LogLine> Log { get; init; } = [];

    /// <summary>The same of a story as results have it.</summary>
    public static string? ReasonOf(string? story) => story?.Split('\n', 3) is [_, string line, ..] ? line.Trim() : story;
}
