// docker-compose.yml, made from the registry: `make compose` writes it, and a test sees that the two agree.
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Places;

/// <summary>Every peer that has an image in a container of its own, for a run (<see cref="SupervisedPlace"/>) and for people.</summary>
internal static class ComposeFile
{
    private const string Start = """
        # Every peer in a container of its own, on networks that have no way out: README.md, "In containers".
        # Written by `make compose` from interop/peers.json, where peers are added.

        # What holds for all of them. The images are made here and nowhere else.
        x-confined: &confined
          read_only: true
          cap_drop: [ALL]
          security_opt: ["no-new-privileges:true"]
          init: false
          stop_grace_period: 5s
          pull_policy: never
          dns: [127.0.0.1] # names of other networks are nobody's business: the engine's own resolver would ask for them

        # A peer that PID 1 runs whenever the suite asks for it, over the control network.
        x-supervised: &supervised
          <<: *confined
          profiles: [interop]
          healthcheck: { disable: true } # the suite asks until it is answered; looks from outside would cost time in the run

        # For people: servers that stay, and clients that come when they are called.
        x-lab-server: &lab-server
          <<: *confined
          profiles: [lab]
          networks: [lab]

        x-lab-client: &lab-client
          <<: *confined
          profiles: [client]
          networks: [lab]
          stdin_open: true
          healthcheck: { disable: true }
          tty: true

        networks:
          peers:
            internal: true
            enable_ipv6: true
            ipam: { config: [{ subnet: "${EASYTCP_IPV6:-fd65:6173:7974::/64}" }] }
          control:
            internal: true
          lab:
            internal: true

        services:
          # The suite. It ends with the verdict; its results belong to whoever owns ./artifacts, for PID 1 becomes that user.
          interop:
            <<: *confined
            profiles: [interop]
            stop_grace_period: 30s # it writes what it has
            image: easytcp-interop
            build: { context: ., dockerfile: interop/Dockerfile }
            command: [/easytcp/supervisor, --as-owner-of, /easytcp/artifacts, /easytcp/suite/EasyTcp.Interop, --supervised]
            environment: [QUICK, NIGHTLY, SERVER, CLIENT, CASE, SHARD, MINUTE, SEED, EVIDENCE]
            user: "0:0"
            cap_add: [SETUID, SETGID]
            volumes: [{ type: bind, source: ./artifacts, target: /easytcp/artifacts, bind: { create_host_path: false } }]
            networks: { peers: { aliases: [suite] }, control: {} }
            depends_on:

        """;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The whole file.</summary>
    /// <param name="registry">All peers; those of variants, and those without an image, are left out.</param>
    public static string Of(PeerRegistry registry)
    {
        (IReadOnlyList<Peer> servers, IReadOnlyList<Peer> clients) = registry.Of(variant: null).InImages;
        Peer[] peers = [.. servers, .. clients];
        var file = new StringBuilder(Start);
        foreach (Peer peer in peers)
        {
            file.Append($"      peer-{peer.Name}: {{ condition: service_started }}\n");
        }

        AddAll(file, peers, (peer, build) => $$"""

              peer-{{peer.Name}}:
                <<: *supervised
                image: {{peer.Image}}{{build}}
                command: {{List(["/easytcp/supervisor", "--serve", $"{SupervisedPlace.ControlPort}", .. peer.Command])}}
                networks: { peers: { aliases: [{{peer.Name}}] }, control: { aliases: [{{SupervisedPlace.ControlName(peer)}}] } }

            """);
        AddAll(file, servers, (peer, build) => $$"""

              {{peer.Name}}:
                <<: *lab-server
                image: {{peer.Image}}{{build}}
                command: {{List(["/easytcp/supervisor", "--run", .. peer.CommandWith(["12000", "60"])])}}

            """);
        foreach (Peer peer in clients)
        {
            AddAll(file, [peer], (peer, build) => $$"""

                  client-{{peer.Name}}:
                    <<: *lab-client
                    image: {{peer.Image}}{{build}}
                    entrypoint: {{List(["/easytcp/supervisor", "--run", .. peer.CommandWith([])])}}

                """);
        }

        return file.ToString();
    }

    // An image is built once for all services that start together: by the first of them.
    private static void AddAll(StringBuilder file, IReadOnlyList<Peer> peers, Func<Peer, string, string> service)
    {
        var built = new HashSet<string>(StringComparer.Ordinal);
        foreach (Peer peer in peers)
        {
            file.Append(service(peer, built.Add(peer.Image!) ? $"\n    build: {{ context: ., dockerfile: {peer.Build} }}" : ""));
        }
    }

    // A list in the flow style; $ stands for itself, not for a variable.
    private static string List(string[] parts) =>
        $"[{string.Join(", ", parts.Select(part => JsonSerializer.Serialize(part, Readable).Replace("$", "$$", StringComparison.Ordinal)))}]";
}
