// Which case killed which saboteur, and whether it was meant to.
using System.Globalization;
using System.Text;
using System.Text.Json;
using EasyTcp.Interop.Cases;

namespace EasyTcp.Interop.Running;

/// <summary>What became of one saboteur.</summary>
/// <param name="Saboteur">The saboteur.</param>
/// <param name="Intended">The cases meant for it that killed it.</param>
/// <param name="Others">The cases that killed it and were not meant for it.</param>
/// <param name="Undecided">Cells without a verdict, or in which the suite itself failed.</param>
internal sealed record Kill(Saboteur Saboteur, IReadOnlyList<string> Intended, IReadOnlyList<string> Others, IReadOnlyList<string> Undecided)
{
    /// <summary>True if all is as it should be: killed by a case that is meant for it, or correct and not killed at all.</summary>
    public bool IsAsMeant => Undecided.Count == 0 && (Saboteur.IsCorrect ? Others.Count == 0 : Intended.Count > 0);
}

/// <summary>The kill matrix of a run.</summary>
/// <param name="Kills">A row for each saboteur.</param>
/// <param name="IdleCases">Cases that killed nobody.</param>
internal sealed record KillMatrix(IReadOnlyList<Kill> Kills, IReadOnlyList<string> IdleCases)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>True if every saboteur is killed as meant, the correct variants pass and no case is idle.</summary>
    public bool IsGreen => Kills.Count > 0 && IdleCases.Count == 0 && Kills.All(kill => kill.IsAsMeant);

    /// <summary>The score in one line.</summary>
    public string Score
    {
        get
        {
            Kill[] saboteurs = [.. Kills.Where(kill => !kill.Saboteur.IsCorrect)];
            return string.Create(CultureInfo.InvariantCulture,
                $"{saboteurs.Count(kill => kill.Intended.Count > 0)} of {saboteurs.Length} saboteurs killed by a case that is meant for them; {IdleCases.Count} cases kill nobody; the correct variants {(Kills.Where(kill => kill.Saboteur.IsCorrect).All(kill => kill.IsAsMeant) ? "pass" : "FAIL")}");
        }
    }

    /// <summary>Judges a run.</summary>
    /// <param name="saboteurs">Who was to be killed.</param>
    /// <param name="plan">What was planned.</param>
    /// <param name="results">What came of it.</param>
    public static KillMatrix Of(IReadOnlyList<Saboteur> saboteurs, Plan plan, IReadOnlyCollection<CellResult> results)
    {
        Dictionary<string, CellResult> found = results.ToDictionary(result => result.Cell.Name, StringComparer.Ordinal);
        Kill[] kills = [.. saboteurs.Where(saboteur => plan.Cells.Any(saboteur.IsIn)).Select(saboteur =>
        {
            ILookup<bool, string> killed = plan.Cells.Where(saboteur.IsIn).Where(cell => found.GetValueOrDefault(cell.Name)?.Outcome.Failure != null)
                .Select(cell => cell.Case.About.Id).ToLookup(id => saboteur.Killers.Contains(id, StringComparer.Ordinal));
            string[] undecided = [.. plan.Cells.Where(saboteur.IsIn)
                .Where(cell => found.GetValueOrDefault(cell.Name) is not { } result || (result.Verdict != Verdict.Passed && result.Outcome.Failure == null))
                .Select(cell => cell.Case.About.Id)];
            return new Kill(saboteur, [.. killed[true]], [.. killed[false]], undecided);
        })];
        HashSet<string> busy = [.. kills.SelectMany(kill => kill.Intended)];
        return new KillMatrix(kills, [.. plan.Cells.Select(cell => cell.Case).Distinct().Select(each => each.About.Id).Where(id => !busy.Contains(id)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Prints a row for each saboteur, then what is not as it should be.</summary>
    public void Print(TextWriter output)
    {
        foreach (Kill kill in Kills)
        {
            string killers = kill.Saboteur.IsCorrect ? (kill.Others.Count == 0 ? "passes every case" : $"FAILS {string.Join(", ", kill.Others)}")
                : kill.Intended.Count == 0 ? $"SURVIVES the cases meant for it{(kill.Others.Count > 0 ? $" (killed by {string.Join(", ", kill.Others)})" : "")}"
                : $"{string.Join(", ", kill.Intended)}{(kill.Others.Count > 0 ? $"; also {string.Join(", ", kill.Others)}" : "")}";
            output.WriteLine($"{(kill.IsAsMeant ? " " : "!")} {kill.Saboteur.Name,-44} {killers}{(kill.Undecided.Count > 0 ? $"; UNDECIDED {string.Join(", ", kill.Undecided)}" : "")}");
        }

        foreach (string id in IdleCases)
        {
            output.WriteLine($"! the case {id} kills nobody");
        }

        output.WriteLine(Score);
    }

    /// <summary>Writes the matrix, saboteur by case, as Markdown and as JSON.</summary>
    public void Write(string markdownFile, string jsonFile)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(markdownFile)!);
        var text = new StringBuilder($"# Kill matrix\n\n{Score}.\n\n| saboteur | clause | fault | killed by | also by |\n| --- | --- | --- | --- | --- |\n");
        foreach (Kill kill in Kills)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {kill.Saboteur.Name} | {kill.Saboteur.Clause} | {kill.Saboteur.Sentence} | {string.Join(", ", kill.Intended)} | {string.Join(", ", kill.Others)} |\n");
        }

        text.Append("\nBy case:\n\n| case | clause | kills |\n| --- | --- | --- |\n");
        foreach (Case each in Case.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {each.About.Id} | {each.About.Clause} | {string.Join(", ", Kills.Where(kill => kill.Intended.Contains(each.About.Id, StringComparer.Ordinal)).Select(kill => kill.Saboteur.Name))} |\n");
        }

        File.WriteAllText(markdownFile, text.ToString());
        File.WriteAllText(jsonFile, JsonSerializer.Serialize(this, Format) + "\n");
    }
}
