// The clauses of the contract, as protocol/README.md has them.
using System.Text.RegularExpressions;

namespace EasyTcp.Interop.Results;

/// <summary>A clause.</summary>
/// <param name="Id">Its number, as in <c>4.2</c>.</param>
/// <param name="Text">What it says, in Markdown, on one line.</param>
internal sealed partial record Clause(string Id, string Text)
{
    /// <summary>All clauses, in their order.</summary>
    public static IReadOnlyList<Clause> All { get; } = Parse(Document());

    /// <summary>The clauses of a document: list items that begin with their number in bold, with what is indented below them.</summary>
    public static IReadOnlyList<Clause> Parse(string document) =>
        [.. Item().Matches(document).Select(item => new Clause(item.Groups["id"].Value, Breaks().Replace(item.Groups["text"].Value.Trim(), " ")))];

    // It is built into the suite, which also runs where the repository is not.
    private static string Document()
    {
        using Stream stream = typeof(Clause).Assembly.GetManifestResourceStream("protocol.md")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^- \*\*(?<id>[0-9]+\.[0-9]+)\*\* (?<text>.*(?:\r?\n[ ]{2,}\S.*)*)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Item();

    [GeneratedRegex(@"\s*\r?\n\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Breaks();
}
