// Which case killed which saboteur, and whether it was meant to.
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EasyTcp.Interop.Cases;

namespace EasyTcp.Interop.Running;

/// <summary>The kill matrix of a run.</summary>
/// <param name="Kills">A row for each saboteur.</param>
/// <param name="IdleCases">Cases that killed nobody whom they are meant for, though all of those were there to be killed.</param>
internal sealed record KillMatrix(IReadOnlyList<Kill> Kills, IReadOnlyList<string> IdleCases)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>True if every saboteur is killed as meant, the correct variants pass and no case is idle.</summary>
    public bool IsGreen => Kills.Count > 0 && IdleCases.Count == 0 && Kills.All(kill => kill.IsAsMeant);

    /// <summary>The score in one line.</summary>
    public string Score
    {
        get
        {
            Kill[] saboteurs = [.. Kills.Where(kill => !kill.Saboteur.IsCorrect)];
            return string.Create(CultureInfo.InvariantCulture,
                $"{saboteurs.Count(kill => kill.IsAsMeant)} of {saboteurs.Length} saboteurs killed by a case that is meant for them; {IdleCases.Count} cases kill nobody; the correct variants {(Kills.Where(kill => kill.Saboteur.IsCorrect).All(kill => kill.IsAsMeant) ? "pass" : "FAIL")}");
        }
    }

    /// <summary>Judges a run.</summary>
    /// <param name="saboteurs">Who was to be killed.</param>
    /// <param name="plan">What was planned.</param>
    /// <param name="results">What came of it.</param>
    public static KillMatrix Of(IReadOnlyList<Saboteur> saboteurs, Plan plan, IReadOnlyCollection<CellResult> results)
    {
        Dictionary<string, CellResult> found = results.ToDictionary(result => result.Cell.Name, StringComparer.Ordinal);
        Kill[] kills = [.. saboteurs.Where(saboteur => plan.Cells.Any(saboteur.IsIn)).Select(saboteur => new Kill(saboteur,
            [.. plan.Cells.Where(saboteur.IsIn).OrderBy(cell => cell.Case.About.Id, StringComparer.Ordinal).Select(cell => SquareOf(saboteur, cell, found.GetValueOrDefault(cell.Name)))]))];
        HashSet<string> busy = [.. kills.SelectMany(kill => kill.Intended)];
        // Of a selection of saboteurs those that a case is meant for may be missing; then nothing can be said of it.
        HashSet<string> unjudged = [.. saboteurs.Except(kills.Select(kill => kill.Saboteur)).SelectMany(absent => absent.Killers)];
        return new KillMatrix(kills, [.. plan.Cells.Select(cell => cell.Case).Distinct().Select(each => each.About.Id).Where(id => !busy.Contains(id) && !unjudged.Contains(id)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>True if a cell's being undecided leaves the verdict open: it might kill a saboteur that nobody else has, it
    /// might be the first kill of its case, or it is of a correct variant. Such a cell is to be run again.</summary>
    public bool IsInDoubt(Cell cell) => Kills.Any(kill => kill.Saboteur.IsIn(cell) && (kill.InDoubt.Contains(cell.Case.About.Id, StringComparer.Ordinal) ||
        (IdleCases.Contains(cell.Case.About.Id, StringComparer.Ordinal) && kill.Squares.Any(square => square.IsIntended && square.Sight == Sight.Undecided && string.Equals(square.Case, cell.Case.About.Id, StringComparison.Ordinal)))));

    /// <summary>Prints a row for each saboteur, then what is not as it should be.</summary>
    public void Print(TextWriter output)
    {
        foreach (Kill kill in Kills)
        {
            string killers = kill.Saboteur.IsCorrect ? (kill.IsAsMeant ? "passes every case" : $"FAILS {string.Join(", ", kill.Others)}")
                : kill.Intended.Count == 0 ? "SURVIVES the cases meant for it"
                : string.Join(", ", kill.Intended);
            output.WriteLine($"{(kill.IsAsMeant ? " " : "!")} {kill.Saboteur.Name,-44} {killers}{More("also", kill.Others)}{More("hangs in", kill.Hung)}{More("NOT by", kill.Missed)}{More("undecided:", kill.Undecided)}");
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

    private static Square SquareOf(Saboteur saboteur, Cell cell, CellResult? result)
    {
        Sight sight = result switch
        {
            { Verdict: Verdict.Passed } => Sight.Passed,
            { Verdict: Verdict.Failed, Outcome.Failure: { IsSilence: true } } => Sight.Hung,
            { Verdict: Verdict.Failed, Outcome.Failure: not null } => Sight.Killed,
            _ => Sight.Undecided,
        };
        return new Square(cell.Case.About.Id, sight, saboteur.Killers.Contains(cell.Case.About.Id, StringComparer.Ordinal), result?.Outcome.Failure?.Clause, result?.Outcome.Failure?.Actual ?? result?.Outcome.Story);
    }

    private static string More(string how, IReadOnlyList<string> ids) => ids.Count == 0 ? "" : $"; {how} {string.Join(", ", ids)}";
}
