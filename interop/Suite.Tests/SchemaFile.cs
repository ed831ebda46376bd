// A schema of interop/, and what is wrong with a document by it.
using System.Text.Json;
using System.Text.Json.Nodes;
using EasyTcp.Interop.Peers;
using Json.Schema;

namespace EasyTcp.Interop.Tests;

/// <summary>A JSON Schema that stands in a file.</summary>
internal sealed class SchemaFile(string name)
{
    // So a time that is none is refused, and not merely noted.
    private static readonly EvaluationOptions Strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };

    private readonly string _text = File.ReadAllText(Repository.At("interop", name));

    private JsonSchema? _schema;

    /// <summary>What is wrong with a document, each fault with its place and its rule; empty if it is valid.</summary>
    public IReadOnlyList<string> FaultsOf(JsonNode? document) => Faults(_schema ??= JsonSchema.FromText(_text), document);

    /// <summary>What is wrong with the schema itself.</summary>
    public IReadOnlyList<string> OwnFaults => Faults(MetaSchemas.Draft202012, JsonNode.Parse(_text));

    /// <summary>Each property that it describes, with its place and what it says of it.</summary>
    public IEnumerable<(string Place, JsonNode Property)> Properties => PropertiesOf(JsonNode.Parse(_text)!);

    private static string[] Faults(JsonSchema schema, JsonNode? document)
    {
        EvaluationResults results = schema.Evaluate(JsonSerializer.SerializeToElement(document), Strict);
        return results.IsValid ? [] :
        [
            .. (results.Details ?? []).Prepend(results).Where(detail => detail.Errors != null)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {detail.EvaluationPath}/{error.Key}: {error.Value}")),
        ];
    }

    private static IEnumerable<(string Place, JsonNode Property)> PropertiesOf(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member =>
            (member.Key is "properties" ? member.Value!.AsObject().Select(each => (each.Value!.GetPath(), each.Value!)) : []).Concat(member.Value == null ? [] : PropertiesOf(member.Value))),
        JsonArray items => items.Where(item => item != null).SelectMany(item => PropertiesOf(item!)),
        _ => [],
    };
}
