// Clients: where their input comes from, and what they do until it comes (clauses 10.2 and 10.13).
using System.Net;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ClientStdinCases
{
    [Case(Role.Client, "input-from-a-file", "10.2", "Input may come from a file, as with `client <script`: that is ready at once and ends, and is no pipe.", Here = true)]
    public static async Task InputFromAFile(Lab lab)
    {
        const string FromFile = "f=$(mktemp) && printf %s \"$0\" >\"$f\" && exec <\"$f\" && rm \"$f\" && exec \"$@\"";
        using var server = new ScriptedServer();
        Transcript transcript = new Transcript("10.2").Upper("out of a file").Invalid("8").Count().EndOfInput();
        ClientUnderTest client = lab.StartClient(server.Port, prefix: ["sh", "-c", FromFile, transcript.Input]);
        using ServedClient served = await server.Accept(client);
        await served.ExpectRequest("UPPER", "out of a file");
        await served.Send("OK 13\nOUT OF A FILE");
        await served.ExpectRequest("COUNT");
        await served.Send("OK 1\n2");
        await client.ExpectPrinted(transcript);
        await served.ExpectEnd();
    }

    [Case(Role.Client, "rests-while-it-waits", "10.13", "A client that waits for its user, for a connection or for a reply, rests.", Lane = Lane.Few, Seconds = 1.8, Here = true)]
    public static Task RestsWhileItWaits(Lab lab)
    {
        return Task.WhenAll(
            RestsWhileItConnects(lab),
            Rests("for an option", "", (_, _) => Task.CompletedTask),
            Rests("for a sentence", "1\n", (client, _) => client.Process.Output.EndsWith(ClientUnderTest.SentencePrompt, "10.2", Wait.Patience)),
            Rests("for a reply", "3\n", (_, served) => served.ExpectRequest("COUNT")),
            Rests("for the rest of a reply", "4\n", async (_, served) =>
            {
                await served.ExpectRequest("UPTIME");
                await served.Send("OK 8\n00:");
            }));

        async Task Rests(string forWhat, string typed, Func<ClientUnderTest, ServedClient, Task> begin)
        {
            using var server = new ScriptedServer();
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            await client.Prompt();
            client.Type(typed);
            await begin(client, served);
            await Rest.Expect(client.Process, "10.13", $"a client that rests while it waits {forWhat}", _ => Task.FromResult<IDisposable[]>([]));
        }
    }

    private static async Task RestsWhileItConnects(Lab lab)
    {
        TimeSpan start = TimeSpan.FromSeconds(1); // what a start costs is over by then
        using SilentListener silent = await SilentListener.Start(IPAddress.Loopback);
        ClientUnderTest client = lab.StartClient(silent.Port);
        await Wait.LetPass(start);
        await Rest.Expect(client.Process, "10.13", "a client that rests while it waits for a connection", _ => Task.FromResult<IDisposable[]>([]));
    }
}
