// JSON Schema, as far as interop/peers.schema.json speaks it.
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EasyTcp.Interop.Tests;

/// <summary>
/// Says whether a document is what a schema allows. It knows the keywords that the schema here uses and refuses any
/// other, so that no rule of the schema can go unchecked. (The library for it has a dependency that cannot always be had.)
/// </summary>
/// <param name="root">The whole schema, for its references.</param>
internal sealed class SchemaCheck(JsonObject root)
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with a document, each fault with its place; empty if it is valid.</summary>
    public IReadOnlyList<string> FaultsOf(JsonNode? document) => [.. Faults(root, document)];

    private IEnumerable<string> Faults(JsonNode schema, JsonNode? value) => schema.AsObject().SelectMany(rule =>
    {
        JsonNode given = rule.Value!;
        string place = value?.GetPath() ?? "null";
        IEnumerable<string> Unless(bool valid) => valid ? [] : [$"{place}: {rule.Key} {given.ToJsonString()}"];

        return rule.Key switch
        {
            "$schema" or "$defs" or "title" or "description" => [],
            "$ref" => Faults(Referenced((string)given!), value),
            "allOf" => given.AsArray().SelectMany(each => Faults(each!, value)),
            "type" => Unless((string)given! switch
            {
                "object" => value is JsonObject,
                "array" => value is JsonArray,
                "number" => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number,
                "string" => value?.GetValueKind() == System.Text.Json.JsonValueKind.String,
                _ => throw new NotSupportedException($"type {given}"),
            }),
            "const" => Unless(JsonNode.DeepEquals(given, value)),
            "pattern" => Unless(TextOf(value) is not string text || Regex.IsMatch(text, (string)given!, RegexOptions.ECMAScript, PatternTime)),
            "minLength" => Unless(TextOf(value) is not string text || text.Length >= (int)given),
            "minimum" => Unless(NumberOf(value) is not double number || number >= (double)given),
            "maximum" => Unless(NumberOf(value) is not double number || number <= (double)given),
            "minItems" => Unless(value is not JsonArray array || array.Count >= (int)given),
            "items" => value is JsonArray array ? array.SelectMany(item => Faults(given, item)) : [],
            "contains" => Unless(value is not JsonArray array || array.Any(item => !Faults(given, item).Any())),
            "required" => Unless(value is not JsonObject members || given.AsArray().All(name => members.ContainsKey((string)name!))),
            "properties" => value is JsonObject members
                ? given.AsObject().Where(member => members.ContainsKey(member.Key)).SelectMany(member => Faults(member.Value!, members[member.Key]))
                : [],
            "additionalProperties" when !(bool)given => Unless(value is not JsonObject members ||
                members.All(member => schema["properties"]!.AsObject().ContainsKey(member.Key))),
            _ => throw new NotSupportedException($"the keyword {rule.Key}: teach it to this check"),
        };
    });

    private JsonNode Referenced(string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode)root, (node, name) => node[name] ?? throw new NotSupportedException($"the reference {reference}"));

    private static double? NumberOf(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? (double?)value : null;

    private static string? TextOf(JsonNode? value) => value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string?)value : null;
}
