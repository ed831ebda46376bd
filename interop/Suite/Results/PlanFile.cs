// artifacts/interop/plan.json: what a run was asked for, written before it begins.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Results;

/// <summary>The plan as a file: every cell by name, sorted, and a hash that tells two plans apart.</summary>
internal sealed record PlanFile(string Hash, IReadOnlyList<string> Cells)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The file of a plan.</summary>
    public static PlanFile Of(Plan plan)
    {
        string[] names = [.. plan.Cells.Select(cell => cell.Name).Order(StringComparer.Ordinal)];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names)));
        return new PlanFile(Convert.ToHexStringLower(hash), names);
    }

    /// <summary>Writes it.</summary>
    public void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(this, Format) + "\n");
    }
}
