// Peers run in containers of their own, with addresses of their own, on a network that has no way out (Docker.DotNet drives the
// engine). Everything carries the run's label; it is removed at the end, and what an interrupted run left, by the next.
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Docker.DotNet;
using Docker.DotNet.Models;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;
using Peer = EasyTcp.Interop.Peers.Peer;

namespace EasyTcp.Interop.Places;

/// <summary>A network of this run's. The suite is on it as its gateway.</summary>
internal sealed class ContainerPlace : Place
{
    public const string MakeTarget = "make interop-docker";

    private const int Attempts = 5; // others may take the range of addresses between its choice and its use

    private static readonly TimeSpan RemovalTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan NetworkTime = TimeSpan.FromSeconds(3); // after the last container's removal
    private static readonly TimeSpan RemovalPause = TimeSpan.FromSeconds(0.2);

    private readonly DockerClient _engine;
    private readonly NetworkResponse _network;
    private readonly AddressGate _addresses;
    private int _kept;

    private ContainerPlace(DockerClient engine, NetworkResponse network, AddressGate addresses, bool carriesIPv6) =>
        (_engine, _network, _addresses, CarriesIPv6) = (engine, network, addresses, carriesIPv6);

    public override string Category => "Docker";

    public override string Target => MakeTarget;

    public override bool CarriesIPv6 { get; }

    /// <summary>What everything of this run's is labelled with.</summary>
    public static Dictionary<string, string> Labels => new(StringComparer.Ordinal) { [Lifeline.Label] = Lifeline.Own };

    /// <summary>Fewer than elsewhere: to start and to remove containers is work, for the engine.</summary>
    public override int CellsPerProcessor => 3;

    /// <summary>All at once would be dozens of containers that start at the same moment.</summary>
    public override int TimedCells => 8;

    /// <summary>The engine, which starts and removes many containers at a time, takes its time on top of the peers' own.</summary>
    public override TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Its containers wait for their turn to start, and are removed one by one.</summary>
    public override TimeSpan LongestCell { get; } = TimeSpan.FromMinutes(6);

    /// <summary>The network's ID.</summary>
    public string Network => _network.ID;

    public DockerClient Engine => _engine;

    /// <summary>Who may be given an address of the network, and when.</summary>
    public AddressGate Addresses => _addresses;

    /// <summary>True for pairs, and for what needs hosts of their own.</summary>
    public static bool TakesOne(CaseAttribute about) => about.Apart || about is { Role: Role.Pair, Here: false };

    /// <summary>Removes what earlier runs left behind and makes this run's network.</summary>
    /// <returns>The place, or what stands for it where there is no engine to be had.</returns>
    public static async Task<Place> Make()
    {
        try
        {
            DockerClient engine = new DockerClientBuilder().Build();
            await RemoveLeftovers(engine, Lifeline.IsOver);
            return new ContainerPlace(engine, await MakeNetwork(engine), new AddressGate(), BridgeNetworks.CarryIPv6(await engine.System.GetVersionAsync()));
        }
        catch (Exception error) when (error is HttpRequestException or DockerApiException or SocketException or TimeoutException or OperationCanceledException or IOException)
        {
            return new MissingEngine($"there is no Docker engine to be had: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    public override bool Takes(CaseAttribute about) => TakesOne(about);

    public override PeerProcess Start(string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, string[]? prefix) =>
        ContainerProcess.Start(this, title, peer, arguments, environment, Lab.Current is { KeepsAddresses: true } ? KeptAddresses() : null);

    public override IPAddress Listening(AddressFamily family) => IPAddress.Parse(Suite(family));

    public override string Suite(AddressFamily family) => Gateway(_network, family);

    public override Task<string[]> Names(ServerUnderTest server) => NamesOf(server);

    public override Task<string[]> AddressesOf(ClientUnderTest client, string host) => AddressesOfApart(client, host);

    /// <summary>Removes everything of this run's.</summary>
    public override void Leave()
    {
        try
        {
            RemoveLeftovers(_engine, run => string.Equals(run, Lifeline.Own, StringComparison.Ordinal)).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is HttpRequestException or DockerApiException or SocketException or TimeoutException or OperationCanceledException or IOException)
        {
            Console.Error.WriteLine($"interop: not all containers could be removed, the next run will try again: {error.Message.ReplaceLineEndings(" ")}");
        }

        _addresses.Dispose();
        _engine.Dispose();
    }

    // From the end of the ranges: the engine gives the first that is free, and never comes there.
    private EndpointIPAMConfig KeptAddresses()
    {
        uint number = (uint)Interlocked.Increment(ref _kept);
        return new EndpointIPAMConfig { IPv4Address = FromTheEnd(AddressFamily.InterNetwork, number), IPv6Address = FromTheEnd(AddressFamily.InterNetworkV6, number) };
    }

    private string FromTheEnd(AddressFamily family, uint number)
    {
        IPNetwork range = _network.IPAM.Config.Select(each => IPNetwork.Parse(each.Subnet)).First(each => each.BaseAddress.AddressFamily == family);
        byte[] address = range.BaseAddress.GetAddressBytes();
        Span<byte> end = address.AsSpan(address.Length - sizeof(uint));
        uint hosts = uint.MaxValue >> (32 - Math.Min(32, (8 * address.Length) - range.PrefixLength));
        // The last one of all is for broadcasts.
        BinaryPrimitives.WriteUInt32BigEndian(end, (BinaryPrimitives.ReadUInt32BigEndian(end) | hosts) - 1 - number);
        return new IPAddress(address).ToString();
    }

    private static string Gateway(NetworkResponse network, AddressFamily family) =>
        network.IPAM.Config.Select(range => range.Gateway).First(gateway => IPAddress.Parse(gateway).AddressFamily == family);

    // The engine chooses a free range for IPv4; but only where a range was given can a container come back to its address.
    private static async Task<NetworkResponse> MakeNetwork(DockerClient engine)
    {
        for (int attempt = 1; ; attempt++)
        {
            IPAMConfig local = UniqueLocal();
            NetworkResponse chosen = await MakeNetwork(engine, [local]);
            await engine.Networks.DeleteNetworkAsync(chosen.ID);
            IPAMConfig range = chosen.IPAM.Config.First(each => !each.Subnet.Contains(':', StringComparison.Ordinal));
            try
            {
                return await MakeNetwork(engine, [new IPAMConfig { Subnet = range.Subnet, Gateway = range.Gateway }, local]);
            }
            catch (DockerApiException) when (attempt < Attempts)
            {
                // somebody else was quicker
            }
        }
    }

    private static async Task<NetworkResponse> MakeNetwork(DockerClient engine, IList<IPAMConfig> ranges)
    {
        NetworksCreateResponse made = await engine.Networks.CreateNetworkAsync(new NetworksCreateParameters
        {
            Name = $"easytcp-{Lifeline.Own}",
            Driver = "bridge",
            Internal = true,
            EnableIPv6 = true,
            IPAM = new IPAM { Config = ranges },
            Labels = Labels,
        });
        return await engine.Networks.InspectNetworkAsync(made.ID);
    }

    // A range of IPv6 for private use (RFC 4193), drawn at random as it should be.
    private static IPAMConfig UniqueLocal()
    {
        byte[] bytes = RandomNumberGenerator.GetBytes(5);
        string prefix = FormattableString.Invariant($"fd{bytes[0]:x2}:{bytes[1]:x2}{bytes[2]:x2}:{bytes[3]:x2}{bytes[4]:x2}:");
        return new IPAMConfig { Subnet = $"{prefix}:/64", Gateway = $"{prefix}:1" };
    }

    // Again until nothing is left: what is just being removed is still there, and its network cannot go before it.
    private static async Task RemoveLeftovers(DockerClient engine, Func<string, bool> isLeft)
    {
        TimeSpan start = Moment.Now;
        TimeSpan lastContainer = start;
        string[] networks;
        do
        {
            (bool hadContainers, networks) = await RemoveOnce(engine, isLeft);
            lastContainer = hadContainers ? Moment.Now : lastContainer;
            if (!hadContainers && networks.Length == 0)
            {
                return;
            }

            await Task.Delay(RemovalPause);
        }
        while (Moment.Now - start < RemovalTime && Moment.Now - lastContainer < NetworkTime);

        if (Moment.Now - lastContainer < NetworkTime)
        {
            Console.Error.WriteLine("interop: not all containers are removed yet, the next run will try again");
            return;
        }

        // Not often, and for no reason that can be seen from here: its count of endpoints is no longer what it has.
        Console.Error.WriteLine($"interop: the engine keeps {string.Join(" and ", networks)}, as it says for endpoints, of which there are none left (moby issue 42119); the first run after a restart of the engine removes it");
    }

    // What there was, and the networks that stay.
    private static async Task<(bool HadContainers, string[] Networks)> RemoveOnce(DockerClient engine, Func<string, bool> isLeft)
    {
        var ours = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
        {
            ["label"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [Lifeline.Label] = true },
        };
        ContainerListResponse[] containers = [.. (await engine.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = ours })).Where(each => isLeft(each.Labels[Lifeline.Label]))];
        await Task.WhenAll(containers.Select(each => Gone(() => engine.Containers.RemoveContainerAsync(each.ID, new ContainerRemoveParameters { Force = true, RemoveVolumes = true }))));
        NetworkResponse[] networks = [.. (await engine.Networks.ListNetworksAsync(new NetworksListParameters { Filters = ours })).Where(each => isLeft(each.Labels[Lifeline.Label]))];
        await Task.WhenAll(networks.Select(each => Gone(() => engine.Networks.DeleteNetworkAsync(each.ID))));
        return (containers.Length > 0, [.. networks.Select(each => each.Name)]);
    }

    // What another is just removing, or has removed, is no fault; nor is a network that somebody is still on, nor a container whose
    // end the engine has not heard of yet.
    private static async Task Gone(Func<Task> remove)
    {
        try
        {
            await remove();
        }
        catch (DockerApiException error) when (error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Forbidden or HttpStatusCode.InternalServerError)
        {
            // it is gone, or about to be; the next look tells
        }
    }
}
