// interop/known-failures.txt: cells that are known to fail, each with a reason and a date after which it must not.
using System.Globalization;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Running;

/// <summary>One line of the file.</summary>
/// <param name="Patterns">Patterns of cell names.</param>
/// <param name="Expires">The last day on which it holds.</param>
/// <param name="Reason">Why the failure is borne.</param>
internal sealed record KnownFailure(string Patterns, DateOnly Expires, string Reason);

/// <summary>The known failures. Their cells run all the same; a line that no longer holds fails the run.</summary>
internal sealed record KnownFailures(IReadOnlyList<KnownFailure> Lines)
{
    /// <summary>The repository's own file.</summary>
    public static string DefaultFile => Repository.At("interop", "known-failures.txt");

    /// <summary>Reads <c>PATTERN | YYYY-MM-DD | REASON</c> lines; blank ones and those that begin with # say nothing.</summary>
    /// <exception cref="InvalidDataException">A line is not of that form.</exception>
    public static KnownFailures Parse(IEnumerable<string> lines) => new([.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(ParseLine)]);

    /// <summary>Turns failures that are known into known failures.</summary>
    public CellResult Apply(CellResult result) =>
        result.Verdict == Verdict.Failed && Lines.FirstOrDefault(line => Pattern.Matches(line.Patterns, result.Cell.Name)) is KnownFailure known
            ? result with { Outcome = result.Outcome with { Verdict = Verdict.KnownFailure, Story = $"{result.Outcome.Story}\n  known:    {known.Reason}" } }
            : result;

    /// <summary>What is wrong with the list itself: a line that expired, matches no cell at all, or whose cell has passed.</summary>
    /// <param name="all">All cells of the registry, whatever this run selected.</param>
    /// <param name="results">What this run found.</param>
    /// <param name="today">The date, for expiry.</param>
    public IEnumerable<string> Complaints(IReadOnlyList<Cell> all, IReadOnlyCollection<CellResult> results, DateOnly today)
    {
        foreach (KnownFailure line in Lines)
        {
            if (line.Expires < today)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"known failure '{line.Patterns}' expired on {line.Expires:yyyy-MM-dd}: {line.Reason}");
            }

            if (!all.Any(cell => Pattern.Matches(line.Patterns, cell.Name)))
            {
                yield return $"known failure '{line.Patterns}' matches no cell";
            }

            foreach (CellResult passed in results.Where(result => result.Verdict == Verdict.Passed && Pattern.Matches(line.Patterns, result.Cell.Name)))
            {
                yield return $"known failure '{line.Patterns}' has passed: {passed.Cell.Name}";
            }
        }
    }

    private static KnownFailure ParseLine(string line)
    {
        string[] parts = line.Split('|', 3, StringSplitOptions.TrimEntries);
        return parts.Length == 3 && parts.All(part => part.Length > 0) &&
            DateOnly.TryParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly expires)
            ? new KnownFailure(parts[0], expires, parts[2])
            : throw new InvalidDataException($"known-failures.txt: '{line}' is not of the form PATTERN | YYYY-MM-DD | REASON");
    }
}
