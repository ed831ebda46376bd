// The registry as the suite loads it: all peers of the assignment, and a sentence for a file that is none.
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class PeerRegistryTests
{
    private static readonly PeerRegistry Registry = PeerRegistry.Load(PeerRegistry.DefaultFile);

    [Test]
    public void All_peers_of_the_assignment_are_there(
        [Values("csharp", "c", "python")] string language, [Values("multithread", "nonblocking")] string method)
    {
        Assert.That(Registry.Servers.Select(peer => peer.Name), Has.Member($"{language}-{method}"));
        Assert.That(Registry.Clients.Select(peer => peer.Name), Has.Member(language));
    }

    [Test]
    public void Servers_and_clients_are_told_apart()
    {
        Assert.That(Registry.Servers, Is.All.Property(nameof(Peer.IsServer)).True);
        Assert.That(Registry.Clients, Is.All.Property(nameof(Peer.IsServer)).False);
        Assert.That(Registry.Servers.Concat(Registry.Clients), Is.All.Property(nameof(Peer.GuestCommand)).Null);
    }

    // What is built lies in artifacts/; whatever else a command names must be in the repository.
    [Test]
    public void Every_script_that_a_command_names_exists()
    {
        string[] scripts = [.. Registry.Servers.Concat(Registry.Clients).SelectMany(peer => peer.Command)
            .Where(part => part.Contains('/', StringComparison.Ordinal) && !part.StartsWith("artifacts/", StringComparison.Ordinal))];

        Assert.That(scripts, Is.Not.Empty);
        Assert.That(scripts.Where(script => !File.Exists(Repository.At(script))), Is.Empty);
    }

    // One of a variant is a build of its own kind, which no image holds.
    [Test]
    public void Every_peer_that_is_of_no_variant_has_an_image_and_its_Dockerfile_exists()
    {
        Peer[] peers = [.. Registry.Of(null).Servers, .. Registry.Of(null).Clients];

        Assert.That(peers, Is.All.Property(nameof(Peer.Image)).Not.Null);
        Assert.That(peers.Where(peer => !File.Exists(Repository.At(peer.Build!))), Is.Empty);
        Assert.That(Registry.Servers.Concat(Registry.Clients).Except(peers), Is.All.Property(nameof(Peer.Image)).Null);
    }

    [TestCase("\"image\": \"i\"", "one of image and build")]
    [TestCase("\"build\": \"Dockerfile\"", "one of image and build")]
    [TestCase("\"image\": \"twin\", \"build\": \"other/Dockerfile\"", "'twin' in two ways")]
    public void An_image_that_cannot_be_built_is_told(string properties, string said) =>
        Assert.That(() => Load($$"""
            { "servers": [{ "name": "a", "language": "C", "method": "select", "command": ["x", "{port}", "{report}"], "image": "twin", "build": "Dockerfile" }],
              "clients": [{ "name": "b", "language": "C", "command": ["x", "{host}", "{port}"], {{properties}} }] }
            """), Throws.TypeOf<InvalidDataException>().With.Message.Contains(said));

    [TestCase("", "no registry")]
    [TestCase("null", "is empty")]
    [TestCase("{", "no registry")]
    [TestCase("[]", "no registry")]
    [TestCase("""{ "servers": 1, "clients": [] }""", "no registry")]
    [TestCase("""{ "servers": [{ "name": "a", "command": "x {port}" }], "clients": [] }""", "no registry", Description = "a command that is one text")]
    public void A_file_that_is_no_registry_is_told(string json, string said) =>
        Assert.That(() => Load(json), Throws.TypeOf<InvalidDataException>().With.Message.Contains(said));

    [TestCase("0.9")]
    [TestCase("11")]
    public void A_slack_that_would_judge_nothing_is_told(string slack) =>
        Assert.That(() => Load($$"""{ "servers": [], "clients": [{ "name": "a", "language": "C", "command": ["x", "{host}", "{port}"], "slack": {{slack}} }] }"""),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("slack"));

    // What is not built with a sanitizer gets no more than anybody.
    [Test]
    public void Slack_is_for_sanitized_builds_alone() =>
        Assert.That(Registry.Servers.Concat(Registry.Clients).Where(peer => peer.Slack > 1 && !peer.Variants.Contains("sanitized", StringComparer.Ordinal)), Is.Empty);

    [TestCase("servers", "servers")]
    [TestCase("servers", "clients")]
    [TestCase("clients", "clients")]
    public void A_name_that_stands_there_twice_is_told(string one, string other)
    {
        string Peers(string side) => string.Join(", ", new[] { one, other }.Where(each => string.Equals(each, side, StringComparison.Ordinal))
            .Select(_ => """{ "name": "twin", "language": "C", "method": "select", "command": ["x", "{host}", "{port}", "{report}"] }"""));

        Assert.That(() => Load($$"""{ "servers": [{{Peers("servers")}}], "clients": [{{Peers("clients")}}] }"""),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("'twin' twice"));
    }

    [Test]
    public void A_file_that_is_not_there_is_an_IO_error() =>
        Assert.That(() => PeerRegistry.Load(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName())), Throws.InstanceOf<IOException>());

    private static PeerRegistry Load(string json)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, json);
            return PeerRegistry.Load(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
