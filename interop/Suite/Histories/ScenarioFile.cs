// A scenario as a file that replays: artifacts/interop/histories/SERVER-CASE.json.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Histories;

/// <summary>Writes and reads scenarios.</summary>
internal static class ScenarioFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Encoder = JavaScriptEncoder.Default,
        Converters = { new JsonStringEnumConverter<Deed>(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The file for a server's and a case's failing scenario, as a path from the repository's root.</summary>
    public static string PathFor(string server, string caseId) => $"artifacts/interop/histories/{server.Replace(':', '-')}-{caseId}.json";

    /// <summary>A scenario as text.</summary>
    public static string Write(Scenario scenario) => JsonSerializer.Serialize(scenario, Format) + "\n";

    /// <summary>A scenario from its text.</summary>
    /// <exception cref="InvalidDataException">It is none, or one of its steps could not be taken.</exception>
    public static Scenario Read(string text)
    {
        try
        {
            Scenario scenario = JsonSerializer.Deserialize<Scenario>(text, Format) ?? throw new InvalidDataException("a history with no steps");
            bool isWhole = scenario.Steps?.All(step => step?.Client?.Length > 0 && step.Request != null && (step.Deed != Deed.Ask || Owed.For(step.Request).Count == 1)) == true;
            return isWhole && scenario.Sensible().Steps.Count == scenario.Steps!.Count
                ? scenario.Sensible()
                : throw new InvalidDataException("a history with a step that cannot be taken: its client is missing, not connected or connected already, or what it asks is not one request");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"no history: {error.Message}", error);
        }
    }

    /// <summary>Saves a scenario at a path from the repository's root.</summary>
    public static void Save(string path, Scenario scenario)
    {
        string file = Repository.At(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, Write(scenario));
    }

    /// <summary>Loads a scenario from a path from the repository's root, or a full one.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static Scenario Load(string path)
    {
        try
        {
            return Read(File.ReadAllText(Repository.At(path)));
        }
        catch (InvalidDataException error)
        {
            throw new InvalidDataException($"{path} is {error.Message}", error);
        }
    }
}
