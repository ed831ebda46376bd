// The results of shards put together: `make merge`. What is missing, doubled or of another run is an error, never a shorter table.
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Results;

/// <summary>Makes one file of results of those of all shards of a plan.</summary>
internal static class Merge
{
    private const string Evidence = "evidence";
    private const int MostShards = 10_000;

    /// <summary>Reads shards, and writes the whole with its evidence beside it.</summary>
    /// <param name="files">The shards' files of results.</param>
    /// <param name="target">The file to write; what evidence is beside it already is removed.</param>
    /// <exception cref="InvalidDataException">They are not all the shards of one run, each once.</exception>
    public static ResultsFile Write(IReadOnlyList<string> files, string target)
    {
        ExpectElsewhere(files, target);
        (string File, ResultsFile Results)[] shards = [.. files.Select(file => (file, ResultsFile.Read(file)))];
        ResultsFile whole = Of(shards);
        string folder = Path.GetDirectoryName(Path.GetFullPath(target))!;
        (EvidenceFile Seen, string Target)[] evidence =
        [
            .. from shard in shards
               from cell in shard.Results.Cells
               from attempt in cell.Attempts
               where attempt.Evidence != null
               select (EvidenceOf(shard.File, cell, attempt), Path.Combine(folder, attempt.Evidence!)),
        ];
        if (Directory.Exists(Path.Combine(folder, Evidence)))
        {
            Directory.Delete(Path.Combine(folder, Evidence), recursive: true);
        }

        foreach ((EvidenceFile seen, string copy) in evidence)
        {
            // All that lies beside evidence.json is made of it: made anew, it is whole and says the same.
            if (EvidenceFolder.Write(copy, seen) is string reason)
            {
                throw new InvalidDataException($"{copy} cannot be written: {reason}");
            }
        }

        whole.Write(target);
        return whole;
    }

    /// <summary>To be called before anything is removed: a shard must not be in the way of the whole.</summary>
    /// <exception cref="InvalidDataException">One is in the same folder.</exception>
    public static void ExpectElsewhere(IReadOnlyList<string> files, string target)
    {
        if (files.FirstOrDefault(file => string.Equals(Path.GetDirectoryName(Path.GetFullPath(file)), Path.GetDirectoryName(Path.GetFullPath(target)), StringComparison.Ordinal)) is string own)
        {
            throw new InvalidDataException($"the whole would be written over {own}; give another folder");
        }
    }

    /// <summary>The whole of which these are the shards.</summary>
    /// <exception cref="InvalidDataException">They are not all of them, each once.</exception>
    public static ResultsFile Of(IReadOnlyList<(string File, ResultsFile Results)> shards)
    {
        if (shards.Count == 0)
        {
            throw new InvalidDataException("there is nothing to merge");
        }

        (string firstFile, ResultsFile first) = shards[0];
        foreach ((string file, ResultsFile results) in shards)
        {
            ExpectWhatItPlanned(file, results);
            string? difference = Difference(first, results);
            if (difference != null)
            {
                throw new InvalidDataException($"{file} is no shard of the run that {firstFile} is one of: {difference}");
            }
        }

        ExpectNoneTwice(shards);
        CellRecord[] cells = [.. shards.SelectMany(shard => shard.Results.Cells).OrderBy(cell => cell.Name, StringComparer.Ordinal)];
        string hash = PlanFile.HashOf(cells.Select(cell => cell.Name));
        if (!string.Equals(hash, first.Plan.Whole, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"the shards are not the whole plan: {Missing([.. shards.Select(shard => shard.Results.Plan.Shard).OfType<Shard>()])}");
        }

        ResultsFile[] all = [.. shards.Select(shard => shard.Results)];
        return new ResultsFile(ResultsFile.CurrentVersion, RunOf([.. all.Select(each => each.Run)]), new PlanFacts(hash, cells.Length, hash, null),
            [.. all.SelectMany(each => each.Peers).DistinctBy(peer => (peer.Role, peer.Name)).OrderByDescending(peer => peer.Role, StringComparer.Ordinal).ThenBy(peer => peer.Name, StringComparer.Ordinal)],
            [.. all.SelectMany(each => each.Cases).DistinctBy(each => each.Id, StringComparer.Ordinal).OrderBy(each => each.Id, StringComparer.Ordinal)],
            first.Clauses, cells, [.. all.SelectMany(each => each.Complaints).Distinct(StringComparer.Ordinal)]);
    }

    private static void ExpectWhatItPlanned(string file, ResultsFile results)
    {
        if (results.Plan.Shard is Shard shard && (shard.Index < 1 || shard.Index > shard.Of || shard.Of > MostShards))
        {
            throw new InvalidDataException($"{file} says that it is shard {shard}, and there is no such one");
        }

        if (results.Cells.FirstOrDefault(cell => !IsConsistent(cell)) is CellRecord odd)
        {
            throw new InvalidDataException($"{file} contradicts itself: its cell '{odd.Name}' is not what its parts say");
        }

        if (results.Cells.Count != results.Plan.Cells || !string.Equals(PlanFile.HashOf(results.Cells.Select(cell => cell.Name)), results.Plan.Hash, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{file} does not have the cells that it was to have");
        }
    }

    // A cell's name is made of its sides and its case, and its verdict of its attempts.
    private static bool IsConsistent(CellRecord cell) =>
        string.Equals(cell.Name, $"{string.Join(" x ", new[] { cell.Server, cell.Client }.OfType<string>())} / {cell.Case}", StringComparison.Ordinal) &&
        cell.Verdict switch
        {
            Verdict.Passed => cell.Attempts.Any(attempt => attempt.Verdict == Verdict.Passed) && cell.Attempts.All(attempt => attempt.Verdict is Verdict.Passed or Verdict.Inconclusive),
            Verdict.NotRun => cell.Reason != null,
            Verdict.Failed => cell.Attempts.Any(attempt => attempt.Verdict == Verdict.Failed),
            _ => cell.Attempts.Any(attempt => attempt.Verdict == cell.Verdict) && cell.Attempts.All(attempt => attempt.Verdict != Verdict.Failed),
        };

    // Why two cannot be of one run; null if they can. Machines of one kind may differ in all else.
    private static string? Difference(ResultsFile one, ResultsFile other)
    {
        string Family(ResultsFile results) => $"{results.Run.Machine.Family} on {results.Run.Machine.Architecture}, {results.Run.Machine.Place}";
        return !string.Equals(one.Plan.Whole, other.Plan.Whole, StringComparison.Ordinal) ? $"its whole plan is {other.Plan.Whole}, not {one.Plan.Whole}"
            : one.Run.Options != other.Run.Options ? $"it was asked for {other.Run.Options}, not {one.Run.Options}"
            : !string.Equals(one.Run.Commit, other.Run.Commit, StringComparison.Ordinal) ? $"it judged commit {other.Run.Commit ?? "unknown"}, not {one.Run.Commit ?? "unknown"}"
            : !string.Equals(Family(one), Family(other), StringComparison.Ordinal) ? $"it ran on {Family(other)}, not on {Family(one)}; each system has results of its own"
            : null;
    }

    private static void ExpectNoneTwice(IReadOnlyList<(string File, ResultsFile Results)> shards)
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string file, ResultsFile results) in shards)
        {
            foreach (CellRecord cell in results.Cells)
            {
                if (!seen.TryAdd(cell.Name, file))
                {
                    throw new InvalidDataException($"shard {results.Plan.Shard?.ToString() ?? "1/1"} in {file}: the cell '{cell.Name}' is in {seen[cell.Name]} already");
                }
            }
        }
    }

    // Which shards would have to be there beside those that are.
    private static string Missing(IReadOnlyList<Shard> given)
    {
        List<string> missing = [.. given.SelectMany(shard => shard.Siblings()).Distinct().Except(given).Select(shard => shard.ToString())];
        if (given.Count > 0 && given.All(shard => shard.Minute == Minute.Without))
        {
            missing.Add("that of the true minute");
        }

        if (given.Count > 0 && given.All(shard => shard.Minute == Minute.Only))
        {
            missing.Add("those without the true minute");
        }

        return missing.Count == 0 ? "some of its cells are in none of them" : $"missing: {string.Join(", ", missing)}";
    }

    private static RunFacts RunOf(IReadOnlyList<RunFacts> runs)
    {
        static string Each(IEnumerable<string> texts) => string.Join(", ", texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Machine machine = runs[0].Machine with { System = Each(runs.Select(run => run.Machine.System)), Processors = runs.Min(run => run.Machine.Processors), Ipv6 = runs.All(run => run.Machine.Ipv6) };
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (IGrouping<string, string> version in runs.SelectMany(run => run.Versions).GroupBy(version => version.Key, version => version.Value, StringComparer.Ordinal))
        {
            versions[version.Key] = Each(version);
        }

        return new RunFacts(runs[0].Options, runs.Min(run => run.Start), Math.Round(runs.Sum(run => run.Seconds), 3), runs.Select(run => run.Interrupted).FirstOrDefault(signal => signal != null),
            runs[0].Commit, runs.Any(run => run.IsChanged), machine, versions);
    }

    // What was seen; it must be there, and below the folder of the results.
    private static EvidenceFile EvidenceOf(string file, CellRecord cell, AttemptRecord attempt)
    {
        string path = attempt.Evidence!;
        string folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, path);
        string[] parts = path.Split('/');
        string evidence = Path.Combine(folder, EvidenceFile.Name);
        if (parts[0] is not Evidence || parts.Contains("..", StringComparer.Ordinal) || !File.Exists(evidence))
        {
            throw new InvalidDataException($"{file} tells of evidence in '{path}', and there is none");
        }

        EvidenceFile seen = EvidenceFile.Read(evidence);
        return string.Equals(seen.Cell, cell.Name, StringComparison.Ordinal) && seen.Seed == attempt.Seed ? seen
            : throw new InvalidDataException($"{file} tells of evidence of '{cell.Name}' with seed {attempt.Seed} in '{path}', and there is that of '{seen.Cell}' with seed {seen.Seed}");
    }
}
