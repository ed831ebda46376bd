// Servers: thousands of clients, one after another (clause 9.1).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerEnduranceCases
{
    private const int AtATime = 8;

    // A runtime that collects its garbage lets it lie for as long as it fits into the processor's cache, and that looks like a leak. .NET
    // is told to collect every 2 MiB; others do not know the variable.
    private static readonly string[] CollectsOften = ["env", "DOTNET_GCgen0size=0x200000"];

    [Case(Role.Server, "hardly-grows", "9.1", "Of three thousand clients with eight requests each, after a thousand others, a server keeps less than 2 KiB each.", Lane = Lane.Few, Seconds = 3, Here = true)]
    public static async Task HardlyGrows(Lab lab)
    {
        const int First = 1000;
        const int More = 3000;
        const int MostOfEach = 2048;
        ServerUnderTest server = await lab.StartServer(prefix: CollectsOften);
        await ComeAndGo(server, First);
        long before = ProcessFacts.Memory(server.Process.ProcessId);
        await ComeAndGo(server, More);
        long grown = ProcessFacts.Memory(server.Process.ProcessId) - before;
        // A sanitizer keeps what was freed for a while; it tells of leaks by itself.
        Expect.That(server.Slack > 1 || grown < (long)More * MostOfEach, "9.1", $"less than {More * MostOfEach / 1024} KiB more memory after {More} clients than before them", $"{grown / 1024} KiB more");
    }

    // So many clients, each of whom asks eight things at once and leaves; by a reset, so that the system has no ends to remember.
    private static Task ComeAndGo(ServerUnderTest server, int clients) => Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
    {
        const int Requests = 8;
        byte[] requests = [.. Enumerable.Repeat(WireText.Request("UPPER", "one of eight"), Requests).SelectMany(request => request)];
        for (int i = 0; i < clients / AtATime; i++)
        {
            using RawClient client = await server.Connect();
            await client.Send(requests);
            await client.ExpectReplies(Requests, "OK", "ONE OF EIGHT", "3.1", "the replies to one of thousands of clients");
            client.Reset();
        }
    })));
}
