// Load: clients that ask as fast as they are answered, for a while.
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Processes;

/// <summary>A bounded flood of requests. Every reply is checked.</summary>
internal static class Flood
{
    private const int RequestsAtOnce = 16;

    /// <summary>Floods a server until a moment: some clients stay and ask, some come, ask once and go.</summary>
    /// <param name="server">The server.</param>
    /// <param name="stay">How many ask all the time.</param>
    /// <param name="comeAndGo">How many at a time connect, ask once and leave.</param>
    /// <param name="until">When it ends.</param>
    public static Task Run(ServerUnderTest server, int stay, int comeAndGo, TimeSpan until) => Task.WhenAll(
    [
        .. Enumerable.Range(0, stay).Select(_ => Task.Run(() => Stay(server, until))),
        .. Enumerable.Range(0, comeAndGo).Select(_ => Task.Run(() => ComeAndGo(server, until))),
    ]);

    private static async Task Stay(ServerUnderTest server, TimeSpan until)
    {
        using RawClient client = await server.Connect();
        string requests = string.Concat(Enumerable.Repeat("UPPER 32\nabcdefghijklmnopqrstuvwxyz012345", RequestsAtOnce));
        while (Moment.Now < until)
        {
            await client.Send(requests);
            await client.ExpectReplies(RequestsAtOnce, "OK", "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", "3.1", "replies in the flood");
        }
    }

    private static async Task ComeAndGo(ServerUnderTest server, TimeSpan until)
    {
        while (Moment.Now < until)
        {
            using RawClient client = await server.Connect();
            await client.ExpectAnswer("COUNT");
        }
    }
}
