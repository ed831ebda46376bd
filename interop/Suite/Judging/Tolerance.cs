// How much later than a clause's own time something may be seen.
namespace EasyTcp.Interop.Judging;

/// <summary>Times of clauses, as the suite measures them from outside.</summary>
internal static class Tolerance
{
    // A signal, a pipe and the suite's own threads lie between an event and the moment that it is seen.
    public static readonly TimeSpan Seeing = TimeSpan.FromSeconds(0.25);

    /// <summary>"Within a second" (clauses 6.4 and 8.1) and "one second" (clause 5.2).</summary>
    public static TimeSpan OneSecond { get; } = TimeSpan.FromSeconds(1) + Seeing;

    /// <summary>Bytes by which a server's memory may grow from crowd to crowd (clause 9.1): what the allocator of one that leaks nothing keeps.</summary>
    public const long GrowthByCrowd = 16 * 1024 * 1024;

    /// <summary>How far a report may be from its time (clause 7.3): this one is the requirement itself.</summary>
    public static TimeSpan Report { get; } = TimeSpan.FromSeconds(1);

    /// <summary>What it asks of a report while hundreds come, of whom the suite itself makes much work.</summary>
    public static TimeSpan CrowdReport { get; } = TimeSpan.FromSeconds(0.5);

    /// <summary>What the suite asks of a report at the 1 s interval, where a second would be a whole interval.</summary>
    public static TimeSpan ShortReport { get; } = TimeSpan.FromSeconds(0.25);
}
