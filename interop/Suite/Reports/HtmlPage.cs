// index.html: all of a run on one page that needs nobody else, neither a server nor a network.
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Reports;

/// <summary>Makes the page.</summary>
internal static class HtmlPage
{
    private const int LongestExample = 400;
    private const int MostOpenPlots = 6;

    /// <summary>The page of a run.</summary>
    /// <param name="results">The run.</param>
    /// <param name="comparison">How it differs from a baseline; null without one.</param>
    /// <param name="shelf">Its evidence.</param>
    /// <param name="others">Results of other systems, whose matrices stand on this page as well, and where the page of each is.</param>
    public static string Of(ResultsFile results, Comparison? comparison, EvidenceShelf shelf, IReadOnlyList<(string Page, ResultsFile Results)> others)
    {
        var standing = new Standing(results);
        IReadOnlyList<Blame> blames = Blame.Of(results);
        IReadOnlyList<ClauseView> clauses = ClauseView.Of(results);
        string script = Templates.Source("page.js");
        return Templates.Html("page.html", new
        {
            standing.Word,
            standing.Sums,
            Kind = standing.IsGreen ? "passed" : standing.Count(Verdict.Failed) > 0 ? "failed" : "open",
            Mark = standing.IsGreen ? "\u2713" : standing.Count(Verdict.Failed) > 0 ? "\u2717" : "?",
            results.Complaints,
            Blames = blames.Select(BlameOf).ToArray(),
            Facts = RunText.Facts(results.Run),
            Comparison = comparison == null ? null : ChangesOf(comparison),
            Matrix = MatrixOf(results, ""),
            System = RunText.System(results.Run),
            Others = others.Select(other => OtherOf(other.Page, other.Results)).ToArray(),
            Choices = ChoicesOf(results),
            FirstVerdict = results.Cells.All(cell => cell.Verdict == Verdict.Passed) ? "any" : "not-passed",
            Cells = CellsOf(results, blames, shelf),
            Plots = new[] { (Title: "How late each report came (clauses 7.2 and 7.3)", Charts: Chart.OfReports(results)), (Title: "Connected clients, as the servers told of them", Charts: Chart.OfCrowds(results)) }
                .Where(group => group.Charts.Count > 0).Select(group => new { group.Title, group.Charts, IsOpen = group.Charts.Count <= MostOpenPlots }).ToArray(),
            Clauses = clauses,
            ClauseSums = ClauseView.Sums(clauses),
            Style = new Markup(Templates.Source("page.css")),
            Script = new Markup(script),
            // Nothing but this very script runs, whatever a peer has sent.
            ScriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script))),
        }).Text;
    }

    // A page may have several. The link of a square leads to the page that has its cells; of this one that is empty.
    private static Markup MatrixOf(ResultsFile results, string page)
    {
        var matrix = Matrix.Of(results);
        return Templates.Html("matrix.html", new
        {
            Label = $"Servers and clients on {RunText.System(results.Run)}",
            Columns = matrix.Columns.Select(client => client ?? "server alone"),
            Rows = matrix.Rows.Select(row => new
            {
                Server = row.Server ?? "client alone",
                Squares = row.Squares.Select(square => new
                {
                    Server = square.Server ?? "-",
                    Client = square.Client ?? "-",
                    square.Kind,
                    square.Text,
                    Link = page + CellView.LinkTo(("server", square.Server ?? "-"), ("client", square.Client ?? "-"), ("verdict", "any")),
                }),
            }),
        });
    }

    private static object OtherOf(string page, ResultsFile results)
    {
        var standing = new Standing(results);
        return new { Link = page, System = RunText.System(results.Run), standing.Word, standing.Sums, standing.IsGreen, Matrix = MatrixOf(results, page) };
    }

    private static object BlameOf(Blame blame) => new
    {
        blame.Sentence,
        Link = CellView.LinkTo(blame.Example),
        blame.Example.Name,
        Hint = CellView.HintOf(blame.Example, LongestExample),
    };

    private static object ChangesOf(Comparison comparison) => new
    {
        comparison.Headline,
        Lists = comparison.Lists.Select(list => new
        {
            list.Word,
            Cells = list.Cells.Select(cell => new { cell.Name, Sign = Standing.Sign(cell.Verdict), Link = string.Equals(list.Word, "gone", StringComparison.Ordinal) ? null : CellView.LinkTo(cell) }),
        }),
    };

    private static object[] ChoicesOf(ResultsFile results) =>
    [
        Choice("server", [.. results.Cells.Select(cell => cell.Server ?? "-").Distinct(StringComparer.Ordinal)]),
        Choice("client", [.. results.Cells.Select(cell => cell.Client ?? "-").Distinct(StringComparer.Ordinal)]),
        Choice("language", [.. results.Peers.Select(peer => peer.Language).Distinct(StringComparer.Ordinal)]),
        Choice("case", [.. results.Cells.Select(cell => cell.Case).Distinct(StringComparer.Ordinal)]),
        new { Name = "verdict", Options = new[] { new { Value = "any", Text = "any" }, new { Value = "not-passed", Text = "not passed" } }
            .Concat(results.Cells.Select(cell => cell.Verdict).Distinct().Order().Select(verdict => new { Value = Standing.Key(verdict), Text = Standing.Sign(verdict) })) },
    ];

    private static object Choice(string name, string[] values) => new
    {
        Name = name,
        Options = values.Order(StringComparer.Ordinal).Select(value => new { Value = value, Text = value is "-" ? "none" : value }).Prepend(new { Value = "any", Text = "any" }),
    };

    // The page has room for some evidence only: one cell of each suspicion comes first.
    private static IEnumerable<Markup> CellsOf(ResultsFile results, IReadOnlyList<Blame> blames, EvidenceShelf shelf)
    {
        CellRecord[] first = [.. blames.Select(blame => blame.Example).Distinct()];
        Dictionary<CellRecord, Markup> made = new(ReferenceEqualityComparer.Instance);
        foreach (CellRecord cell in first.Concat(results.Cells.OrderBy(Weight)).Where(cell => !made.ContainsKey(cell)))
        {
            made[cell] = Templates.Html("cell.html", CellView.Of(cell, results, shelf));
        }

        return results.Cells.OrderBy(Weight).ThenBy(cell => cell.Name, StringComparer.Ordinal).Select(cell => made[cell]);
    }

    private static int Weight(CellRecord cell) => cell.Verdict == Verdict.Failed ? 0 : !Standing.IsBorne(cell.Verdict) ? 1 : cell.Verdict != Verdict.Passed ? 2 : 3;
}

/// <summary>A run in words.</summary>
internal static class RunText
{
    /// <summary>Where it was, as in <c>Linux on x64, processes</c>.</summary>
    public static string System(RunFacts run) => $"{run.Machine.Family} on {run.Machine.Architecture}, {run.Machine.Place}";

    /// <summary>What is known of it, each with its name.</summary>
    public static IReadOnlyList<NamedText> Facts(RunFacts run) =>
    [
        new("Commit", Comparison.ShortCommit(run)),
        new("Time", string.Create(CultureInfo.InvariantCulture, $"{run.Start:yyyy-MM-dd HH:mm:ss zzz}, {run.Seconds:0} s{(run.Interrupted == null ? "" : $", ended early by {run.Interrupted}")}")),
        new("Machine", string.Create(CultureInfo.InvariantCulture, $"{run.Machine.System}, {run.Machine.Architecture}, {Standing.Of(run.Machine.Processors, "processor")}; peers ran in {run.Machine.Place}{(run.Machine.Ipv6 ? "" : ", where nothing could be judged over IPv6")}")),
        new("Versions", string.Join(", ", run.Versions.Select(each => $"{each.Key} {each.Value}"))),
        new("Asked for", Asked(run.Options)),
    ];

    private static string Asked(RunOptions options)
    {
        IEnumerable<string> chosen = new[] { ("SERVER", options.Server), ("CLIENT", options.Client), ("CASE", options.Case), ("VARIANTS", options.Variants) }.Where(each => each.Item2 != null).Select(each => $"{each.Item1}='{each.Item2}'");
        IEnumerable<string> flags = new[] { ("QUICK=1", options.Quick), ("NIGHTLY=1", options.Nightly), ("EVIDENCE=all", options.Evidence), ("the suite itself judged by saboteurs", options.Saboteurs) }.Where(each => each.Item2).Select(each => each.Item1);
        return string.Join(' ', [.. chosen, .. flags, string.Create(CultureInfo.InvariantCulture, $"SEED={options.Seed}"), .. options.Repeat > 1 ? [string.Create(CultureInfo.InvariantCulture, $"REPEAT={options.Repeat}")] : Array.Empty<string>()]);
    }
}

/// <summary>A text with a name.</summary>
internal sealed record NamedText(string Name, string Text);
