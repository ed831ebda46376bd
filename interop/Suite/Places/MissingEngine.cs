// Where containers should be, and no engine is: the plan is the same, and all of it is not run.
using System.Net;
using System.Net.Sockets;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Places;

/// <summary>No place at all.</summary>
/// <param name="reason">Why, in one line.</param>
internal sealed class MissingEngine(string reason) : Place
{
    public override string? Missing => reason;

    public override string Category => "Docker";

    public override string Target => ContainerPlace.MakeTarget;

    public override bool CarriesIPv6 => true;

    public override bool Takes(CaseAttribute about) => ContainerPlace.TakesOne(about);

    public override PeerProcess Start(string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, string[]? prefix) => throw new InvalidOperationException(reason);

    public override IPAddress Listening(AddressFamily family) => throw new InvalidOperationException(reason);

    public override string Suite(AddressFamily family) => throw new InvalidOperationException(reason);

    public override Task<string[]> Names(ServerUnderTest server) => throw new InvalidOperationException(reason);

    public override Task<string[]> AddressesOf(ClientUnderTest client, string host) => throw new InvalidOperationException(reason);
}
