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

    [Case(Role.Server, "hardly-grows", "9.1", "After a thousand clients with eight requests each, 4500 more leave less than 2 KiB each behind: if not the first of them, then others after them.", Lane = Lane.Few, Seconds = 3, Here = true)]
    public static async Task HardlyGrows(Lab lab)
    {
        const int First = 1000;
        const int Some = 1500;
        const int Together = 3; // so many times some: a heap does not grow evenly
        const int Most = 7;
        const long Bound = 2048L * Some * Together;
        if (lab.Slack > 1)
        {
            // A sanitizer keeps what was freed for a while. It tells of leaks by itself, at the end.
            await ComeAndGo(await lab.StartServer(), First);
            return;
        }

        ServerUnderTest server = await lab.StartServer(prefix: CollectsOften);
        await ComeAndGo(server, First);
        List<long> memory = [ProcessFacts.Memory(server.Process.ProcessId)];
        long grown = long.MaxValue;
        for (int times = 1; times <= Most && grown >= Bound; times++)
        {
            // What leaks goes on growing, and a heap that is collected when it is full does not.
            await ComeAndGo(server, Some);
            memory.Add(ProcessFacts.Memory(server.Process.ProcessId));
            grown = times < Together ? long.MaxValue : memory[^1] - memory[^(Together + 1)];
        }

        Expect.That(grown < Bound, "9.1", $"less than {Bound / 1024} KiB more memory after {Some * Together} clients than before them",
            $"after each {Some} clients {string.Join(", ", memory.Select(bytes => FormattableString.Invariant($"{bytes / 1024}")))} KiB");
    }

    // So many clients, each of whom asks eight things at once and leaves; by a reset, so that the system has no ends to remember.
    private static async Task ComeAndGo(ServerUnderTest server, int clients)
    {
        const int Requests = 8;
        byte[] requests = [.. Enumerable.Repeat(WireText.Request("UPPER", "one of eight"), Requests).SelectMany(request => request)];
        await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < clients / AtATime; i++)
            {
                using RawClient client = await server.Connect();
                await client.Send(requests);
                await client.ExpectReplies(Requests, "OK", "ONE OF EIGHT", "3.1", "the replies to one of thousands of clients");
                client.Reset();
            }
        })));
        await Wait.Until("that all of them have left", "6.4", Wait.Patience, () => server.Log.Lines[^1].Text is "Connected clients = {}", () => server.Log.Lines[^1].Text);
    }
}
