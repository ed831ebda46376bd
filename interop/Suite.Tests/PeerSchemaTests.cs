// interop/peers.json against the schema beside it; and that the schema says no to what is no registry.
using System.Text.Json.Nodes;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class PeerSchemaTests
{
    private static readonly SchemaFile Schema = new("peers.schema.json");

    [Test]
    public void The_schema_is_one() => Assert.That(Schema.OwnFaults, Is.Empty);

    [Test]
    public void The_registry_is_what_its_schema_allows() => Assert.That(Schema.FaultsOf(Read("peers.json")), Is.Empty);

    [Test]
    public void The_registry_names_its_schema() =>
        Assert.That(File.Exists(Repository.At("interop", (string)Read("peers.json")["$schema"]!)), Is.True);

    [Test]
    public void A_registry_without_peers_is_allowed() => Assert.That(Faults("""{ "servers": [], "clients": [] }"""), Is.Empty);

    [TestCase("""[]""", "type")]
    [TestCase("""{ "clients": [] }""", "required")]
    [TestCase("""{ "servers": [] }""", "required")]
    [TestCase("""{ "servers": {}, "clients": [] }""", "type")]
    [TestCase("""{ "servers": [], "clients": [], "extra": [] }""", "additionalProperties")]
    [TestCase("""{ "servers": [], "clients": [], "$schema": 1 }""", "type")]
    public void What_is_no_registry_is_refused(string json, string rule) => Assert.That(Faults(json), Has.Some.Contains(rule));

    [TestCase("command", """["program", "{report}"]""", "contains", Description = "no {port}")]
    [TestCase("command", """["program", "{port}"]""", "contains", Description = "no {report}")]
    [TestCase("command", """["program", "--port={port}", "{report}"]""", "contains", Description = "{port} is an argument of its own")]
    [TestCase("command", """[]""", "minItems")]
    [TestCase("command", """["", "{port}", "{report}"]""", "minLength")]
    [TestCase("command", """["program", 1, "{port}", "{report}"]""", "type")]
    [TestCase("command", "\"program {port} {report}\"", "type")]
    [TestCase("command", null, "required")]
    [TestCase("name", "\"With Space\"", "pattern")]
    [TestCase("name", "\"a--b\"", "pattern")]
    [TestCase("name", "\"-a\"", "pattern")]
    [TestCase("name", "\"a,b\"", "pattern", Description = "a comma parts patterns")]
    [TestCase("name", "\"\"", "pattern")]
    [TestCase("name", null, "required")]
    [TestCase("language", "\"\"", "minLength")]
    [TestCase("language", null, "required")]
    [TestCase("method", null, "required")]
    [TestCase("method", "7", "type")]
    [TestCase("slack", "\"4\"", "type")]
    [TestCase("slack", "0.5", "minimum", Description = "less than everybody has")]
    [TestCase("slack", "11", "maximum", Description = "so much that nothing would be judged")]
    [TestCase("image", "\"mirror/image:1\"", "pattern", Description = "who builds it names no registry and no tag")]
    [TestCase("build", "\"../Dockerfile\"", "pattern", Description = "outside of the repository")]
    [TestCase("comand", "[]", "additionalProperties", Description = "an unknown property, such as a typing error")]
    public void A_server_that_is_none_is_refused(string property, string? json, string rule)
    {
        JsonObject registry = With("servers", property, json);

        Assert.That(Schema.FaultsOf(registry), Has.Some.Contains(rule).And.Some.Contains("/servers/0"));
    }

    [TestCase("command", """["program", "{host}"]""", "contains", Description = "no {port}")]
    [TestCase("command", """["program", "{port}"]""", "contains", Description = "no {host}")]
    [TestCase("command", null, "required")]
    [TestCase("name", null, "required")]
    [TestCase("language", null, "required")]
    [TestCase("method", "\"select\"", "additionalProperties", Description = "only servers have one")]
    public void A_client_that_is_none_is_refused(string property, string? json, string rule)
    {
        JsonObject registry = With("clients", property, json);

        Assert.That(Schema.FaultsOf(registry), Has.Some.Contains(rule).And.Some.Contains("/clients/0"));
    }

    private static IReadOnlyList<string> Faults(string json) => Schema.FaultsOf(JsonNode.Parse(json));

    // The registry with one property of its first server or client changed, or taken out.
    private static JsonObject With(string side, string property, string? json)
    {
        JsonObject registry = Read("peers.json");
        JsonObject first = registry[side]![0]!.AsObject();
        first.Remove(property);
        if (json != null)
        {
            first[property] = JsonNode.Parse(json);
        }

        return registry;
    }

    private static JsonObject Read(string name) => JsonNode.Parse(File.ReadAllText(Repository.At("interop", name)))!.AsObject();
}
