// artifacts/interop/plan.json: what a run was asked for, written before it begins.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Results;

/// <summary>The plan as a file: every cell by name, sorted, and a hash that tells two plans apart.</summary>
/// <param name="Hash">Of the cells' names.</param>
/// <param name="Whole">The hash of the plan that this is a part of; its own if it is none.</param>
/// <param name="Shard">Which part of that plan it is; null for all of it.</param>
/// <param name="Cells">The names.</param>
internal sealed record PlanFile(string Hash, string Whole, Shard? Shard, IReadOnlyList<string> Cells)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The file of a plan.</summary>
    public static PlanFile Of(Plan plan)
    {
        string[] names = NamesOf(plan);
        string hash = HashOf(names);
        return new PlanFile(hash, plan.Whole == null ? hash : HashOf(NamesOf(plan.Whole)), plan.Shard, names);
    }

    /// <summary>What tells the plan of these cells from others, in whatever order they are.</summary>
    public static string HashOf(IEnumerable<string> names) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names.Order(StringComparer.Ordinal)))));

    /// <summary>Writes it.</summary>
    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(this, Format) + "\n");
    }

    private static string[] NamesOf(Plan plan) => [.. plan.Cells.Select(cell => cell.Name).Order(StringComparer.Ordinal)];
}
