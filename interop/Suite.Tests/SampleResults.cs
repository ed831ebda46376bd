// Results made by hand, for the tests of what is made from results.
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

/// <summary>Small runs.</summary>
internal static class SampleResults
{
    /// <summary>All pairs of some servers and clients in some cases, passed but for those that are named.</summary>
    /// <param name="servers">The servers; "-" for cases without one.</param>
    /// <param name="clients">The clients; likewise.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="verdict">What becomes of each cell: server, client, case.</param>
    public static ResultsFile Of(string servers, string clients, string cases, Func<string, string, string, Verdict> verdict) =>
        Of([.. servers.Split(' ').SelectMany(server => clients.Split(' ').SelectMany(client => cases.Split(' ').Select(each => Cell(server, client, each, verdict(server, client, each)))))]);

    /// <summary>A run with these cells.</summary>
    public static ResultsFile Of(params CellRecord[] cells) => new(ResultsFile.CurrentVersion,
        new RunFacts(new RunOptions(null, null, null, Quick: true, null, Saboteurs: false, 1, 1), DateTimeOffset.UnixEpoch, 12.5, null, "0123abc", IsChanged: false, new Machine("Linux", "x64", 2, "processes"), new Dictionary<string, string>(StringComparer.Ordinal) { ["gcc"] = "12.2" }),
        new PlanFacts("hash", cells.Length, "hash", null),
        [.. cells.Select(cell => cell.Server).OfType<string>().Distinct(StringComparer.Ordinal).Select(name => new PeerRecord(name, "server", "C", "select", name)), .. cells.Select(cell => cell.Client).OfType<string>().Distinct(StringComparer.Ordinal).Select(name => new PeerRecord(name, "client", "Python", null, name))],
        [.. cells.Select(cell => cell.Case).Distinct(StringComparer.Ordinal).Select(id => new CaseRecord(id, "pair", "3.1", [], "UPPER works."))],
        Clause.All, cells, []);

    /// <summary>A cell with one attempt.</summary>
    public static CellRecord Cell(string server, string client, string id, Verdict verdict, string actual = "'hello'", string? evidence = null)
    {
        string name = string.Join(" / ", new[] { server, client, id }.Where(part => part is not "-"));
        FailureRecord? failure = verdict == Verdict.Failed ? new FailureRecord("3.1", $"clause 3.1: expected 'HELLO'; actual: {actual}", "'HELLO'", actual) : null;
        AttemptRecord[] attempts = verdict == Verdict.NotRun ? [] : [new AttemptRecord(verdict, 1, 0.5, failure, verdict == Verdict.Passed ? null : $"{name}\n  a story", [], [], evidence)];
        return new CellRecord(name, server is "-" ? null : server, client is "-" ? null : client, id, "3.1", verdict, 0.5, verdict == Verdict.NotRun ? "no engine" : null, $"make interop CASE='{name}'", attempts);
    }
}
