// Pairs: one of the two goes away in the middle of a session (clauses 6.4, 8.1, 10.9 and 10.10).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

internal static class PairEndCases
{
    [Case(Role.Pair, "server-stopped", "10.10", "A server that is stopped in mid-session is noticed at the next request; option 5 still ends well.")]
    public static async Task ServerStopped(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        ClientUnderTest asks = lab.StartClient(server.Port);
        ClientUnderTest leaves = lab.StartClient(server.Port);
        await Task.WhenAll(asks.Choose("1\nhello"), leaves.Choose("2"));
        History history = await server.ExpectFarewell(PosixSignals.Terminate);
        Expect.That(history.Connected.Count == 2, "8.1", "no disconnect line for the two clients that the farewell cut off", $"{history.Connected.Count} clients connected at the end of the log");

        asks.Type("1\nis anybody there?\n");
        leaves.Type("5\n");
        await Task.WhenAll(asks.ExpectFault("the server is gone"), leaves.ExpectFarewell(onOwnLine: false));
    }

    [Case(Role.Pair, "server-killed", "10.10", "A server that dies with a request in its hands ends the client with one line.")]
    public static async Task ServerKilled(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        await client.Choose("1\nhello");
        await server.Process.Freeze(); // so that the request is surely unanswered
        client.Type("1\nlast words\n");
        await client.Process.Output.EndsWith("Input sentence: ", "10.2", Wait.Patience);
        server.Process.Signal(PosixSignals.Kill);
        await client.ExpectFault("the server is gone", TimeSpan.FromSeconds(8));
    }

    [Case(Role.Pair, "client-killed", "6.4", "A client that is killed is told of within a second, and the others go on.", Seconds = 1)]
    public static async Task ClientKilled(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        ClientUnderTest dies = lab.StartClient(server.Port);
        await dies.Choose("2");
        ClientUnderTest stays = lab.StartClient(server.Port);
        await stays.Choose("2");
        dies.Type("1\n"); // in the middle of a dialogue
        dies.Process.Signal(PosixSignals.Kill);
        await server.Disconnected(1);
        await stays.Choose("1\nstill here");
        stays.Type("5\n");
        await stays.ExpectFarewell(onOwnLine: false);
        await server.Disconnected(2);
        await server.ExpectFarewell();
    }

    [Case(Role.Pair, "client-interrupted", "10.9", "Ctrl-C at the prompt says goodbye, and the server sees an ordinary end.")]
    public static async Task ClientInterrupted(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        ClientUnderTest client = lab.StartClient(server.Port);
        await client.Choose("1\nhello");
        client.Process.Signal(PosixSignals.Interrupt);
        await client.ExpectFarewell(onOwnLine: true);
        await server.Disconnected(1);
        await server.ExpectFarewell();
    }
}
