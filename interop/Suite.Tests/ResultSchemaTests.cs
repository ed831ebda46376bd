// results.json and evidence.json as the suite writes them against their schemas; and that each damage to them is seen.
using System.Text.Json.Nodes;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture("results.schema.json")]
[TestFixture("evidence.schema.json")]
internal sealed class ResultSchemaTests(string name)
{
    private readonly SchemaFile _schema = new(name);
    private readonly JsonObject _written = name.StartsWith("results", StringComparison.Ordinal) ? WrittenResults() : WrittenEvidence();

    [Test]
    public void The_schema_is_one_and_says_what_each_property_is()
    {
        Assert.That(_schema.OwnFaults, Is.Empty);
        Assert.That(_schema.Properties.Where(each => each.Property["description"] == null).Select(each => each.Place), Is.Empty);
    }

    [Test]
    public void What_the_suite_writes_is_allowed() => Assert.That(_schema.FaultsOf(_written), Is.Empty);

    [Test]
    public void No_property_may_be_missing() => ExpectEachRefused("required", (members, property) => members.Remove(property));

    [Test]
    public void No_property_may_be_of_another_kind() => ExpectEachRefused("", (members, property) => members[property] = new JsonObject { ["another"] = new JsonArray() });

    [Test]
    public void No_other_property_may_be_there() => ExpectEachRefused("additionalProperties", (members, property) => members[$"{property}s-typing-error"] = 1);

    // Each property of each object once; versions alone may have any names.
    private void ExpectEachRefused(string rule, Action<JsonObject, string> damage)
    {
        string[] places = [.. ObjectsOf(_written).Where(members => !members.GetPath().EndsWith(".versions", StringComparison.Ordinal)).SelectMany(members => members.Select(property => $"{members.GetPath()} {property.Key}"))];
        Assert.That(places, Has.Length.GreaterThan(30));
        foreach (string place in places)
        {
            JsonObject copy = _written.DeepClone().AsObject();
            damage(ObjectsOf(copy).Single(members => place.StartsWith($"{members.GetPath()} ", StringComparison.Ordinal)), place.Split(' ')[1]);
            Assert.That(_schema.FaultsOf(copy), Has.Some.Contains(rule), place);
        }
    }

    private static IEnumerable<JsonObject> ObjectsOf(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => ObjectsOf(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(ObjectsOf),
        _ => [],
    };

    private static JsonObject WrittenResults()
    {
        var selection = new Selection(Server: "c-*", Case: "ids-storm,upper-full-range") { Shard = new Shard(1, 2) };
        Plan plan = Plan.Make(PeerRegistry.Load(PeerRegistry.DefaultFile).Of(variant: null), selection);
        var failed = new Outcome(Verdict.Failed, "a story", new CaseFailedException("3.1", "this", "that"))
        {
            Duration = TimeSpan.FromSeconds(1.5),
            Measurements = [new Measurement("report deviation", "s", [0.001, -0.002])],
            Evidence = "evidence/c-nonblocking/-/ids-storm",
        };
        var options = new RunOptions("c-*", null, selection.Case, Quick: true, null, Saboteurs: false, 1, 1);
        var run = new RunFacts(options, DateTimeOffset.UnixEpoch, 12.5, null, "0123abcd", IsChanged: false, new Machine("Linux", "x64", 2, "processes"), new Dictionary<string, string>(StringComparer.Ordinal) { ["gcc"] = "12.2.0" });
        return Written(file => RunResults.Of(run, [plan], [new CellResult(plan.Cells[0], failed)], ["a complaint"]).Write(file));
    }

    private static JsonObject WrittenEvidence()
    {
        LineEvidence[] lines = [new LineEvidence(0.25, "The server is ready", IsWhole: true)];
        var evidence = new EvidenceFile(EvidenceFile.CurrentVersion, "c-nonblocking / ids-storm", "c-nonblocking", null, "ids-storm", 1, DateTimeOffset.UnixEpoch,
            [new ProgramEvidence("server c-nonblocking", "server 12000", 0.125, null, null, lines, lines)],
            [new ConnectionEvidence("the suite", "server c-nonblocking", "127.0.0.1:1", "127.0.0.1:2", 0.5, null, [new PieceEvidence(0.75, IsReply: true, 0, [1, 2, 255])],
                [new EndEvidence(1, IsReply: false, IsReset: true)], IsCutShort: false, [new ViolationEvidence(IsReply: true, 0, "1.1", "a sentence")])]);
        return Written(evidence.Write);
    }

    private static JsonObject Written(Action<string> write)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            write(file);
            return JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <summary>Damages that have a rule of their own.</summary>
[TestFixture]
internal sealed class ResultSchemaRuleTests
{
    private const string Clause = """{ "id": "1.1", "text": "" }""";

    [TestCase("results.schema.json", """{ "version": 1 }""", "const", Description = "another version")]
    [TestCase("results.schema.json", """{ "cells": [{ "verdict": "green" }] }""", "enum")]
    [TestCase("results.schema.json", """{ "cells": [{ "verdict": "Passed" }] }""", "enum")]
    [TestCase("results.schema.json", """{ "cells": [{ "attempts": [{ "verdict": "not run" }] }] }""", "enum")]
    [TestCase("results.schema.json", """{ "cells": [] }""", "minItems", Description = "nothing was judged")]
    [TestCase("results.schema.json", """{ "cells": [{ "attempts": [{ "evidence": "../elsewhere" }] }] }""", "pattern")]
    [TestCase("results.schema.json", """{ "cells": [{ "attempts": [{ "evidence": "evidence/../../elsewhere" }] }] }""", "pattern")]
    [TestCase("results.schema.json", """{ "plan": { "whole": "abc" } }""", "pattern")]
    [TestCase("results.schema.json", """{ "plan": { "shard": { "index": 0, "of": 6, "minute": "with" } } }""", "minimum")]
    [TestCase("results.schema.json", """{ "run": { "start": "yesterday" } }""", "format")]
    [TestCase("results.schema.json", $$"""{ "clauses": [{{Clause}}] }""", "minLength")]
    [TestCase("evidence.schema.json", """{ "version": 2 }""", "const")]
    [TestCase("evidence.schema.json", """{ "connections": [{ "pieces": [{ "bytes": "no base64!" }] }] }""", "pattern")]
    [TestCase("evidence.schema.json", """{ "connections": [{ "opened": -1 }] }""", "minimum")]
    public void A_wrong_value_is_refused(string schema, string json, string rule) =>
        Assert.That(new SchemaFile(schema).FaultsOf(JsonNode.Parse(json)), Has.Some.Matches($"/{rule}:"));
}
