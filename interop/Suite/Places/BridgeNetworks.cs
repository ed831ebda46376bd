// What is known of the engine's networks.
using System.Globalization;
using Docker.DotNet.Models;

namespace EasyTcp.Interop.Places;

/// <summary>Networks of Docker's bridge driver.</summary>
internal static class BridgeNetworks
{
    private const int Mended = 25;
    private const string Filtered = "/proc/sys/net/bridge/bridge-nf-call-ip6tables";

    /// <summary>False if containers on a network without a way out cannot reach each other over IPv6: before 25 the engine's
    /// rules drop neighbour discovery there (moby issue 45460), where the system passes what is bridged through them.</summary>
    public static bool CarryIPv6(VersionResponse engine) =>
        (int.TryParse(engine.Version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major) && major >= Mended) ||
        !File.Exists(Filtered) || File.ReadAllText(Filtered).Trim() is "0";
}
