// What the relay may do to a connection, by protocol point, and how one is drawn from a seed.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Wire;

/// <summary>A kind of fault.</summary>
internal enum FaultKind
{
    /// <summary>Every piece goes on byte by byte, cut at every boundary that it has.</summary>
    Split,

    /// <summary>Bytes that come within a twentieth of a second go on as one piece.</summary>
    Join,

    /// <summary>One direction stands still at the point for a while.</summary>
    Stall,

    /// <summary>Each piece goes on later, some more and some less, in order.</summary>
    Latency,

    /// <summary>So many bytes a second go on, and no more.</summary>
    Bandwidth,

    /// <summary>Both directions end at the point.</summary>
    Fin,

    /// <summary>The connection is torn down at the point.</summary>
    Reset,

    /// <summary>Nothing goes on from the point on, in either direction.</summary>
    Silence,
}

/// <summary>One fault.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Direction">On whose bytes; latency, pieces and bandwidth are of both.</param>
/// <param name="Message">At which message of that direction, from 1.</param>
/// <param name="Byte">After how many bytes of it.</param>
internal sealed record Fault(FaultKind Kind, Direction Direction, int Message, int Byte)
{
    /// <summary>How long a stall lasts: noticeable, and far from the 10 s after which a client gives up (clause 10.10).</summary>
    public static readonly TimeSpan StallTime = TimeSpan.FromSeconds(1);

    private static readonly FaultKind[] Cuts = [FaultKind.Fin, FaultKind.Reset, FaultKind.Silence];

    /// <summary>True if the connection does not outlive it.</summary>
    public bool IsCut => Cuts.Contains(Kind);

    /// <summary>True if it happens at one point only.</summary>
    public bool HasPoint => IsCut || Kind == FaultKind.Stall;

    /// <summary>Every kind that a session survives, with points drawn from a seed; a stall in each direction.</summary>
    /// <param name="seed">What they are drawn from.</param>
    /// <param name="requests">The lengths of the session's requests.</param>
    /// <param name="replies">The least that each of its replies is long.</param>
    public static IReadOnlyList<Fault> Deliveries(long seed, IReadOnlyList<int> requests, IReadOnlyList<int> replies) =>
    [
        new Fault(FaultKind.Split, Direction.ToClient, 1, 0),
        new Fault(FaultKind.Join, Direction.ToClient, 1, 0),
        new Fault(FaultKind.Latency, Direction.ToClient, 1, 0),
        new Fault(FaultKind.Bandwidth, Direction.ToClient, 1, 0),
        Draw(seed, FaultKind.Stall, Direction.ToServer, requests),
        Draw(seed, FaultKind.Stall, Direction.ToClient, replies),
    ];

    /// <summary>Draws one of the faults that end a session, inside a message or right before it.</summary>
    public static Fault DrawCut(long seed, IReadOnlyList<int> requests, IReadOnlyList<int> replies)
    {
        FaultKind kind = Cuts[Pick(seed, "kind", Cuts.Length)];
        return Pick(seed, "direction", 2) == 0 ? Draw(seed, kind, Direction.ToServer, requests) : Draw(seed, kind, Direction.ToClient, replies);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        string point = $"after byte {Byte} of {(Direction == Direction.ToServer ? "request" : "reply")} {Message}";
        return Kind switch
        {
            FaultKind.Split => "every piece split at every byte",
            FaultKind.Join => "pieces joined",
            FaultKind.Stall => $"a stall of {Wait.Seconds(StallTime)} {point}",
            FaultKind.Latency => "latency and jitter",
            FaultKind.Bandwidth => "a bandwidth limit",
            FaultKind.Fin => $"FIN {point}",
            FaultKind.Reset => $"RST {point}",
            _ => $"silence {point}",
        };
    }

    private static Fault Draw(long seed, FaultKind kind, Direction direction, IReadOnlyList<int> lengths)
    {
        int message = Pick(seed, "message", lengths.Count);
        return new Fault(kind, direction, message + 1, Pick(seed, "byte", lengths[message]));
    }

    private static int Pick(long seed, string name, int count) => (int)(Chance.Derive(seed, name) % count);
}
