// What the engine is asked for: a container with a peer in it, and nothing that a peer does not need.
using Docker.DotNet.Models;
using Peer = EasyTcp.Interop.Peers.Peer;

namespace EasyTcp.Interop.Places;

/// <summary>Makes orders for containers.</summary>
internal static class ContainerOrder
{
    /// <summary>A peer as PID 1, which cannot write to its image, on the place's network.</summary>
    /// <param name="place">Where it is to run.</param>
    /// <param name="host">Its name on the network.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="arguments">What its command is to be given.</param>
    /// <param name="environment">Variables, each with its value.</param>
    /// <param name="addresses">Its addresses; null lets the engine choose some.</param>
    /// <exception cref="IOException">The registry has no image of it.</exception>
    public static CreateContainerParameters Of(ContainerPlace place, string host, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, EndpointIPAMConfig? addresses) => new()
    {
        Image = peer.Image ?? throw new IOException($"{peer.Name} has no image in the registry"),
        Cmd = peer.CommandWith(arguments),
        Env = [.. environment.Select(pair => $"{pair.Key}={pair.Value}")],
        Labels = ContainerPlace.Labels,
        OpenStdin = true,
        StdinOnce = true,
        AttachStdin = true,
        AttachStdout = true,
        AttachStderr = true,
        Healthcheck = new HealthcheckConfig { Test = ["NONE"] },
        HostConfig = new HostConfig
        {
            NetworkMode = place.Network,
            ReadonlyRootfs = true,
            CapDrop = ["ALL"],
            SecurityOpt = ["no-new-privileges"],
            DNS = ["127.0.0.1"], // as in docker-compose.yml
        },
        NetworkingConfig = new NetworkingConfig
        {
            EndpointsConfig = new Dictionary<string, EndpointSettings>(StringComparer.Ordinal)
            {
                [place.Network] = new EndpointSettings { Aliases = [host], IPAMConfig = addresses },
            },
        },
    };
}
