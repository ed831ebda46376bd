// Servers: what they do while there is nothing to do (clauses 8.1 and 9.4).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerIdleCases
{
    [Case(Role.Server, "rests-when-idle", "9.4", "A server without clients, with idle or stalled ones, with one that takes no replies or took them late, or with one that an error has sent off, rests; a signal ends it all the same.", Lane = Lane.Few, Seconds = 1.5, Here = true)]
    public static async Task RestsWhenIdle(Lab lab)
    {
        Task<ServerUnderTest> empty = ExpectRest(lab, "without clients, and with a stdin that has ended", (server, _) =>
        {
            server.Process.EndInput();
            return Task.FromResult<RawClient[]>([]);
        });
        await Task.WhenAll(
            empty,
            ExpectRest(lab, "after a client has left", Left),
            ExpectRest(lab, "with three idle clients", Idle),
            ExpectRest(lab, "with a header that stalls", (server, _) => Sent(server, "UPPER 1")),
            ExpectRest(lab, "with a request that stalls", (server, _) => Sent(server, "UPPER 100\nhalf of it")),
            ExpectRest(lab, "with a client that takes none of its replies", async (server, _) =>
            {
                RawClient client = await server.Connect();
                await client.FillUp(WireText.Request("UPPER", Corpus.Longest));
                return [client];
            }),
            ExpectRest(lab, "with a client that took its replies late", async (server, _) =>
            {
                RawClient client = await server.Connect();
                await ServerTroubleCases.ReadAtLast(client, await client.FillUp(WireText.Request("UPPER", Corpus.Longest)));
                return [client];
            }),
            ExpectRest(lab, "with a client that an error has sent off and that does not close", async (server, _) =>
            {
                RawClient[] clients = await Sent(server, "bad\n");
                await clients[0].ExpectReply("ERR", "malformed header", "4.3", "the reply to 'bad'");
                return clients;
            }, Rest.Short));
        await (await empty).ExpectFarewell();
    }

    private static async Task<ServerUnderTest> ExpectRest(Lab lab, string situation, Func<ServerUnderTest, int, Task<RawClient[]>> bring, TimeSpan? watched = null)
    {
        ServerUnderTest server = await lab.StartServer();
        await ExpectRest(server, situation, bring, watched);
        return server;
    }

    /// <summary>Checks that a server rests.</summary>
    /// <param name="server">The server.</param>
    /// <param name="situation">When, for the failure: <c>without clients</c>.</param>
    /// <param name="bring">Brings the situation about, as often as is looked (attempts count from 1).</param>
    /// <param name="watched">For how long it is looked at; null for as long as what lasts allows.</param>
    public static Task ExpectRest(ServerUnderTest server, string situation, Func<ServerUnderTest, int, Task<RawClient[]>> bring, TimeSpan? watched = null) =>
        Rest.Expect(server.Process, "9.4", $"a server that rests {situation}", async attempt => await bring(server, attempt), watched);

    private static async Task<RawClient[]> Left(ServerUnderTest server, int id)
    {
        using (RawClient client = await server.Connect())
        {
            await client.ExpectAnswer("UPPER", "and away");
        }

        await server.Disconnected(id);
        return [];
    }

    private static async Task<RawClient[]> Idle(ServerUnderTest server, int attempt)
    {
        RawClient[] clients = [await server.Connect(), await server.Connect(), await server.Connect()];
        await clients[0].ExpectAnswer("UPPER", "idle afterwards");
        return clients;
    }

    private static async Task<RawClient[]> Sent(ServerUnderTest server, string bytes)
    {
        RawClient client = await server.Connect();
        await client.Send(bytes);
        return [client];
    }
}
