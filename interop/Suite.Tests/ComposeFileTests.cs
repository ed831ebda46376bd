// docker-compose.yml and the registry cannot disagree.
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class ComposeFileTests
{
    private static readonly PeerRegistry Registry = new(
        [
            new Peer("basic", "BASIC", ["run", "$HOME", "\"{port}\"", "{port}", "{report}"], "select") { Image = "some-image", Build = "some/Dockerfile" },
            new Peer("twin", "BASIC", ["run", "{port}", "{report}"], "select") { Image = "some-image", Build = "some/Dockerfile" },
            new Peer("slow", "BASIC", ["run", "{port}", "{report}"], "select") { Image = "other-image", Build = "other/Dockerfile", Variants = ["slow"] },
            new Peer("here", "BASIC", ["run", "{port}", "{report}"], "select"),
        ],
        [new Peer("caller", "BASIC", ["call", "{host}", "{port}"]) { Image = "some-image", Build = "some/Dockerfile" }]);

    private static readonly string[] Lines = ComposeFile.Of(Registry).Split('\n');

    [Test]
    public void The_file_of_the_repository_is_what_the_registry_makes() =>
        Assert.That(File.ReadAllText(Repository.At("docker-compose.yml")), Is.EqualTo(ComposeFile.Of(PeerRegistry.Load(PeerRegistry.DefaultFile))), "`make compose` writes it");

    [Test]
    public void Each_peer_with_an_image_is_there_for_the_run_and_for_people() =>
        Assert.That(Services, Is.EqualTo(new[] { "interop", "peer-basic", "peer-twin", "peer-caller", "basic", "twin", "client-caller" }));

    [Test]
    public void The_suite_waits_for_each_of_them() =>
        Assert.That(Lines.Where(line => line.EndsWith("{ condition: service_healthy }", StringComparison.Ordinal)), Has.Exactly(3).Items);

    [Test]
    public void A_command_is_the_registrys_to_the_letter() =>
        Assert.That(Lines, Has.Member("""    command: ["/easytcp/supervisor", "--serve", "7000", "run", "$$HOME", "\"{port}\"", "{port}", "{report}"]"""));

    [Test]
    public void A_server_of_the_lab_has_its_port_and_a_client_is_told_where_to_go_by_who_starts_it()
    {
        Assert.That(Lines, Has.Member("""    command: ["/easytcp/supervisor", "--run", "run", "12000", "60"]"""));
        Assert.That(Lines, Has.Member("""    entrypoint: ["/easytcp/supervisor", "--run", "call"]"""));
    }

    // For the run, for the lab's servers, and for a client on its own.
    [Test]
    public void An_image_is_built_once_by_those_who_start_together() =>
        Assert.That(Lines.Where(line => line.EndsWith("dockerfile: some/Dockerfile }", StringComparison.Ordinal)), Has.Exactly(3).Items);

    private static IEnumerable<string> Services => Lines.SkipWhile(line => line is not "services:")
        .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] is not (' ' or '#')).Select(line => line.Trim(' ', ':'));
}
