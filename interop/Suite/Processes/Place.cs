// Where peers run: on this machine, or in containers. A case does not know which it has.
using System.Net;
using System.Net.Sockets;
using EasyTcp.Interop.Peers;

namespace EasyTcp.Interop.Processes;

/// <summary>A way to start peers, and how they and the suite reach each other.</summary>
internal abstract class Place
{
    /// <summary>Where the peers of this run are; one for all of it.</summary>
    public static Place Current { get; set; } = new ThisMachine();

    /// <summary>True if peers are processes of this machine, which the suite can look into, start by a command of its own, or
    /// reach over loopback.</summary>
    public abstract bool IsHere { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="title">What it is, for reports.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What to set in its environment.</param>
    /// <param name="prefix">A command to start it by, where peers are here.</param>
    public abstract PeerProcess Start(string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, string[]? prefix);

    /// <summary>Where the suite listens for peers.</summary>
    public abstract IPAddress Listening(AddressFamily family);

    /// <summary>The host by which peers reach what the suite listens with.</summary>
    public abstract string Suite(AddressFamily family);

    /// <summary>The hosts by which clients reach a server: its addresses, and a name that stands for them.</summary>
    public abstract Task<string[]> Names(ServerUnderTest server);

    /// <summary>What may be told as the address of a client that reached its server by one of those hosts.</summary>
    public abstract Task<string[]> AddressesOf(ClientUnderTest client, string host);
}

/// <summary>Peers are processes of this machine.</summary>
internal sealed class ThisMachine : Place
{
    public override bool IsHere => true;

    public override PeerProcess Start(string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, string[]? prefix)
    {
        string[] command = peer.CommandWith(arguments);
        if (command[0].Contains('/', StringComparison.Ordinal))
        {
            command[0] = Path.GetFullPath(command[0], Repository.Root);
        }

        command[0] = Interpreter.Resolve(command[0]);
        return LocalProcess.Start(title, [.. prefix ?? [], .. command], Repository.Root, environment, hasChildren: peer.GuestCommand != null || prefix != null);
    }

    public override IPAddress Listening(AddressFamily family) => family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;

    public override string Suite(AddressFamily family) => Listening(family).ToString();

    public override Task<string[]> Names(ServerUnderTest server) =>
        Task.FromResult<string[]>(Socket.OSSupportsIPv6 ? ["127.0.0.1", "localhost", "::1"] : ["127.0.0.1", "localhost"]);

    public override Task<string[]> AddressesOf(ClientUnderTest client, string host) =>
        Task.FromResult<string[]>(string.Equals(host, "localhost", StringComparison.Ordinal) ? ["127.0.0.1", "::1"] : [host]);
}
