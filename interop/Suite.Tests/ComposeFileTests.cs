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
        Assert.That(Lines.Where(line => line.EndsWith("{ condition: service_started }", StringComparison.Ordinal)), Has.Exactly(3).Items);

    [Test]
    public void A_command_is_the_registrys_to_the_letter() =>
        Assert.That(Lines, Has.Member("""    command: ["/easytcp/supervisor", "--serve", "7000", "run", "$$HOME", "\"{port}\"", "{port}", "{report}"]"""));

    [Test]
    public void A_server_of_the_lab_has_its_port_and_a_client_is_told_where_to_go_by_who_starts_it()
    {
        Assert.That(Lines, Has.Member("""    command: ["/easytcp/supervisor", "--run", "run", "12000", "60"]"""));
        Assert.That(Lines, Has.Member("""    entrypoint: ["/easytcp/supervisor", "--run", "call"]"""));
    }

    [Test]
    public void No_network_has_a_way_out()
    {
        string[] networks = [.. Lines.SkipWhile(line => line is not "networks:").Skip(1).TakeWhile(line => line.Length > 0)];

        Assert.That(networks.Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] is not ' '), Has.Exactly(3).Items);
        Assert.That(networks.Where(line => line is "    internal: true"), Has.Exactly(3).Items);
    }

    // All that a service is, by way of the blocks that it takes in.
    [Test]
    public void Every_service_is_confined()
    {
        string confined = Block("x-confined: &confined");
        Assert.That(confined, Does.Contain("  read_only: true\n").And.Contain("  cap_drop: [ALL]\n").And.Contain("""  security_opt: ["no-new-privileges:true"]"""));
        Assert.That(new[] { "x-supervised: &supervised", "x-lab-server: &lab-server", "x-lab-client: &lab-client" }.Select(Block), Is.All.Contain("  <<: *confined\n"));
        Assert.That(Services.Select(service => Block($"  {service}:")), Is.All.Match("<<: \\*(confined|supervised|lab-server|lab-client)\n"));
        foreach (string escape in new[] { "privileged", "network_mode", "pid:", "ipc:", "devices", "docker.sock", "read_only: false", "cap_drop: []", "unconfined" })
        {
            Assert.That(Lines.Where(line => line.Contains(escape, StringComparison.Ordinal)), Is.Empty, escape);
        }

        Assert.That(Lines.Where(line => line.Contains("volumes:", StringComparison.Ordinal)), Is.EqualTo(new[] { "    volumes: [{ type: bind, source: ./artifacts, target: /easytcp/artifacts, bind: { create_host_path: false } }]" }));
        Assert.That(Lines.Where(line => line.Contains("cap_add", StringComparison.Ordinal)), Is.EqualTo(new[] { "    cap_add: [SETUID, SETGID]" }), "for the suite, which gives them up when it is its results' owner");
    }

    private static string Block(string head) =>
        string.Join('\n', Lines.SkipWhile(line => !string.Equals(line, head, StringComparison.Ordinal)).TakeWhile(line => line.Length > 0)) + "\n";

    // For the run, for the lab's servers, and for a client on its own.
    [Test]
    public void An_image_is_built_once_by_those_who_start_together() =>
        Assert.That(Lines.Where(line => line.EndsWith("dockerfile: some/Dockerfile }", StringComparison.Ordinal)), Has.Exactly(3).Items);

    private static IEnumerable<string> Services => Lines.SkipWhile(line => line is not "services:")
        .Where(line => line.StartsWith("  ", StringComparison.Ordinal) && line[2] is not (' ' or '#')).Select(line => line.Trim(' ', ':'));
}
