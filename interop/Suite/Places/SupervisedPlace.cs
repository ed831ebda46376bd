// Peers run in containers, or on machines, where a supervisor (interop/supervisor) starts them when it is asked over a
// network that is for that alone. `docker compose up` is such a place.
using System.Net;
using System.Net.Sockets;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Places;

/// <summary>Peers are started by supervisors. Names are those that docker-compose.yml gives.</summary>
internal sealed class SupervisedPlace : Place
{
    /// <summary>The port that supervisors listen on.</summary>
    public const int ControlPort = 7000;

    /// <summary>The name of the suite's own container on the peers' network.</summary>
    public const string SuiteName = "suite";

    private readonly Dictionary<AddressFamily, IPAddress> _suite = Resolve(SuiteName);
    private readonly Lazy<bool> _carriesIPv6;

    /// <param name="peers">All peers, one of whom is asked whether it can be reached over IPv6.</param>
    public SupervisedPlace(IEnumerable<Peer> peers) => _carriesIPv6 = new Lazy<bool>(() => peers.Take(1).Any(IsReachedOverIPv6));

    public override string Category => "Compose";

    public override string Target => "make interop-compose";

    public override bool CarriesIPv6 => _carriesIPv6.Value;

    public override bool Takes(CaseAttribute about) => about is { Here: false, Apart: false };

    /// <summary>Fewer than elsewhere: all that one supervisor runs has one container's share of the processors.</summary>
    public override int CellsPerProcessor => 3;

    /// <summary>More than elsewhere: each line goes through a supervisor and a network, which share the processors with two dozen
    /// containers.</summary>
    public override TimeSpan CrowdReport { get; } = TimeSpan.FromSeconds(0.9);

    /// <summary>The name of a peer's supervisor on the control network.</summary>
    public static string ControlName(Peer peer) => $"control-{peer.Name}";

    public override PeerProcess Start(string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, string[]? prefix) =>
        SupervisedProcess.Start(title, peer, new DnsEndPoint(ControlName(peer), ControlPort), arguments, environment);

    public override IPAddress Listening(AddressFamily family) => _suite[family];

    public override string Suite(AddressFamily family) => _suite[family].ToString();

    public override Task<string[]> Names(ServerUnderTest server) => NamesOf(server);

    public override Task<string[]> AddressesOf(ClientUnderTest client, string host) => AddressesOfApart(client, host);

    // Nobody listens on that port: to be refused is an answer. No answer means that the network carries no neighbour discovery.
    private static bool IsReachedOverIPv6(Peer peer)
    {
        const int Unused = 9;
        try
        {
            if (!Resolve(peer.Name).TryGetValue(AddressFamily.InterNetworkV6, out IPAddress? address))
            {
                return false;
            }

            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(address, Unused);
            return true;
        }
        catch (CaseFailedException)
        {
            return false; // nobody of that name is there, or no longer
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    /// <summary>A host's first address of each family.</summary>
    /// <exception cref="CaseFailedException">There is no such host.</exception>
    public static Dictionary<AddressFamily, IPAddress> Resolve(string host)
    {
        try
        {
            return Dns.GetHostAddresses(host).GroupBy(address => address.AddressFamily).ToDictionary(group => group.Key, group => group.First());
        }
        catch (SocketException error)
        {
            throw new CaseFailedException("1.1", $"that the name '{host}' can be resolved", error.Message);
        }
    }
}
