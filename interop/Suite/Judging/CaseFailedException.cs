// A check that failed, as a student reads it.
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Judging;

/// <summary>A place in a connection.</summary>
/// <param name="Direction">Which way.</param>
/// <param name="Offset">How many bytes went that way before it.</param>
internal sealed record Spot(Direction Direction, long Offset);

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

    /// <summary>The same, with more said of what was expected, such as under which conditions.</summary>
    public CaseFailedException When(string more) => new(Clause, $"{Expected}{more}", Actual)
    {
        IsCutShort = IsCutShort,
        Late = Late,
        Hindrance = Hindrance,
        DiffersAt = DiffersAt,
        IsSilence = IsSilence,
        Evidence = Evidence,
        ReplayWith = ReplayWith,
        Spot = Spot,
    };

    /// <summary>The same, at a place in a connection: what is shown there.</summary>
    public CaseFailedException At(Spot spot) => new(Clause, Expected, Actual) { Spot = spot };

    /// <summary>How long the machine itself stood still in the moments in question, if that explains the failure; null if it does not.</summary>
    /// <param name="peers">Whoever may have been kept waiting.</param>
    public TimeSpan? Stall(IReadOnlyList<PeerProcess> peers) =>
        Late is Lateness late && StallMeter.Within(late.From, late.Until, peers) is TimeSpan stall && late.IsExplainedBy(stall) ? stall : null;

    /// <summary>True if nothing wrong was seen, and no stated time passed either: the suite waited for as long as it waits for
    /// anything, and what it waited for never came.</summary>
    public bool IsSilence { get; init; }

    /// <summary>What kept the suite from judging, as in <c>the engine took 7 s to connect it again</c>: nothing is said of the peers then.
    /// Null for nothing.</summary>
    public string? Hindrance { get; init; }

    /// <summary>More lines for the story, such as the input that failed.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>From which byte on two texts that were to be the same differ; null if it is not about such.</summary>
    public int? DiffersAt { get; init; }

    /// <summary>Where in a connection it stands; null if it is not about bytes that were seen.</summary>
    public Spot? Spot { get; init; }

    /// <summary>What to add to the line that replays the cell; null for nothing.</summary>
    public string? ReplayWith { get; init; }
}
