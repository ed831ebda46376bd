// All that is made of results.json, beside it: index.html, summary.md, junit.xml and badge.svg.
using EasyTcp.Interop.Results;

namespace EasyTcp.Interop.Reports;

/// <summary>Makes the reports of a run.</summary>
internal static class ReportFolder
{
    private static readonly string[] Names = ["results.json", "index.html", "summary.md", "junit.xml", "badge.svg"];

    /// <summary>Removes what an earlier run has left there, its results too: they must not be taken for this one's, however it ends.</summary>
    public static void Remove(string folder)
    {
        foreach (string name in Names)
        {
            string file = Path.Combine(folder, name);
            if (File.Exists(file))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Writes all of them, and says on the terminal what there is.</summary>
    /// <param name="file">The results.</param>
    /// <param name="baseline">Older results; null for none.</param>
    /// <param name="gate">True if what is newly broken decides.</param>
    /// <param name="terminal">Where the headline goes.</param>
    /// <param name="others">The results of other systems, whose matrices the page is to show as well.</param>
    /// <param name="isAfterRun">True right after the run itself, which has told the sums; what failed is annotated then, and not again
    /// by whoever makes more of these results.</param>
    /// <returns>False if the gate is shut.</returns>
    /// <exception cref="InvalidDataException">One of them is no file of results, or the others are not of other systems.</exception>
    public static bool Write(string file, ResultsFile? baseline, bool gate, TextWriter terminal, IReadOnlyList<string> others, bool isAfterRun = false)
    {
        var results = ResultsFile.Read(file);
        Comparison? comparison = baseline == null ? null : Comparison.Of(results, baseline);
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        (string File, ResultsFile Results)[] beside = [.. others.Select(other => (other, ResultsFile.Read(other)))];
        ExpectOtherSystems(file, results, beside);
        Put(folder, "index.html", HtmlPage.Of(results, comparison, new EvidenceShelf(folder), [.. beside.Select(other => (PageOf(other.File, folder), other.Results))]));
        Put(folder, "summary.md", SummaryPage.Of(results, comparison));
        Put(folder, "badge.svg", Badge.Of(results).Svg());
        Put(folder, "junit.xml", xml => JUnitFile.Write(results, xml));

        var standing = new Standing(results);
        if (!isAfterRun)
        {
            terminal.WriteLine($"{standing.Word}: {standing.Sums}");
        }

        Blame.Of(results).ToList().ForEach(blame => terminal.WriteLine(Templates.Printable(blame.Sentence)));
        if (comparison != null)
        {
            terminal.WriteLine(comparison.Headline);
            foreach ((string word, IReadOnlyList<CellRecord> cells) in comparison.Lists)
            {
                terminal.WriteLine(Templates.Printable($"  {word}: {Blame.Names(cells.Select(cell => cell.Name))}"));
            }
        }

        if (isAfterRun && string.Equals(Environment.GetEnvironmentVariable("GITHUB_ACTIONS"), "true", StringComparison.Ordinal))
        {
            Annotations.Of(results).ToList().ForEach(terminal.WriteLine);
        }

        terminal.WriteLine(Path.Combine(folder, "index.html"));
        return !gate || comparison is { IsBorne: true };
    }

    // One commit on several systems: what is of another, or of the same twice, would be read as what it is not.
    private static void ExpectOtherSystems(string file, ResultsFile results, IReadOnlyList<(string File, ResultsFile Results)> others)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal) { [RunText.System(results.Run)] = file };
        foreach ((string other, ResultsFile found) in others)
        {
            if (!seen.TryAdd(RunText.System(found.Run), other))
            {
                throw new InvalidDataException($"{other} is of the same system as {seen[RunText.System(found.Run)]}: {RunText.System(found.Run)}");
            }

            if (found.Run.Commit is string commit && results.Run.Commit is string own && !string.Equals(commit, own, StringComparison.Ordinal))
            {
                throw new InvalidDataException($"{other} judged commit {commit}, and {file} commit {own}");
            }
        }
    }

    // The address of another's page, from this folder.
    private static string PageOf(string results, string folder)
    {
        string path = Path.GetRelativePath(folder, Path.Combine(Path.GetDirectoryName(Path.GetFullPath(results))!, "index.html"));
        return string.Join('/', path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    // Whole or not at all.
    private static void Put(string folder, string name, Action<TextWriter> write)
    {
        string half = Path.Combine(folder, $"{name}.new");
        using (var writer = new StreamWriter(half))
        {
            write(writer);
        }

        File.Move(half, Path.Combine(folder, name), overwrite: true);
    }

    private static void Put(string folder, string name, string text) => Put(folder, name, writer => writer.Write(text));
}
