// Peers of this machine, one of which a person starts: under a debugger, or changed and built anew.
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Places;

/// <summary>As on this machine, but for the peer of one role, for which the suite waits.</summary>
/// <param name="role">Who is awaited: <c>server</c> or <c>client</c>.</param>
/// <param name="told">Where it is said what is awaited.</param>
internal sealed class AttachedPlace(string role, TextWriter told) : ThisMachine
{
    /// <summary>Time for a person, who may sit at a breakpoint. What a clause sets a time for is due then all the same.</summary>
    public override TimeSpan Patience { get; } = TimeSpan.FromHours(1);

    public override TimeSpan LongestCell { get; } = TimeSpan.FromHours(8);

    public override string? Elsewhere => null;

    public override PeerProcess Start(string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, string[]? prefix) =>
        title.StartsWith($"{role} ", StringComparison.Ordinal)
            ? AttachedProcess.Await(title, [.. environment.Count > 0 ? ["env"] : Array.Empty<string>(), .. environment.SelectMany(Setting), .. prefix ?? [], .. peer.CommandWith(arguments)], told)
            : base.Start(title, peer, arguments, environment, prefix);

    private static string[] Setting(KeyValuePair<string, string?> variable) => variable.Value == null ? ["-u", variable.Key] : [$"{variable.Key}={variable.Value}"];
}
