// Clients: how they end when their input does, when a signal says so, or when the server is gone (clauses 10.9 and 10.10).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ClientEndCases
{
    [Case(Role.Client, "end-of-input", "10.9", "The end of stdin, at either prompt, says goodbye on a line of its own and exits 0.", Seconds = 1)]
    public static async Task EndOfInput(Lab lab)
    {
        foreach ((string typed, string prompt) in new[] { ("", ClientUnderTest.OptionPrompt), ("1\n", ClientUnderTest.SentencePrompt), ("7\n", ClientUnderTest.OptionPrompt), ("7", ClientUnderTest.OptionPrompt), ("1\nlast", ClientUnderTest.OptionPrompt) })
        {
            using var server = new ScriptedServer();
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            client.Type(typed);
            client.Process.EndInput();
            if (typed is "1\nlast") // a last line without LF counts (clause 10.4)
            {
                await served.ExpectRequest("UPPER", "last");
                await served.Send("OK 4\nLAST");
            }

            await client.ExpectFarewell(onOwnLine: true, prompt);
            await served.ExpectEnd();
        }
    }

    [Case(Role.Client, "signals", "10.9", "SIGINT and SIGTERM, at either prompt, in a line half typed, while a sentence is sent that nobody takes, and while a reply is awaited, say goodbye on a line of its own and exit 0.", Seconds = 1)]
    public static async Task Signals(Lab lab)
    {
        foreach (int signal in new[] { PosixSignals.Interrupt, PosixSignals.Terminate })
        {
            foreach ((string typed, string lastOutput) in new[] { ("", ClientUnderTest.OptionPrompt), ("1\n", ClientUnderTest.SentencePrompt), ("3\n", ClientUnderTest.OptionPrompt), ("4\n", ClientUnderTest.OptionPrompt), ("hel", ClientUnderTest.OptionPrompt), ($"1\n{Corpus.Longest}\n", ClientUnderTest.SentencePrompt) })
            {
                bool isLong = typed.Length > Corpus.Longest.Length;
                using var server = new ScriptedServer(isNarrow: isLong);
                ClientUnderTest client = lab.StartClient(server.Port);
                using ServedClient served = await server.Accept(client);
                await client.Prompt();
                client.Type(typed);
                if (typed is "3\n")
                {
                    await served.ExpectRequest("COUNT"); // and never answers
                }
                else if (typed is "4\n")
                {
                    await served.ExpectRequest("UPTIME");
                    await served.Send("OK 8\n00:"); // and no more than that
                    await Wait.LetPass(TimeSpan.FromMilliseconds(50)); // nothing tells that it has read this
                }

                await client.Process.Output.EndsWith(lastOutput, "10.3", Wait.Patience);
                if (isLong)
                {
                    await served.Take(1);
                }

                client.Process.Signal(signal);
                // Long before a reply that it awaits is given up.
                await client.ExpectFarewell(onOwnLine: true, lastOutput, Wait.Soon + TimeSpan.FromSeconds(2));
                if (!isLong)
                {
                    await served.ExpectEnd();
                }
            }
        }
    }

    [Case(Role.Client, "server-gone", "10.10", "A server that closed, or reset the connection, is noticed at the next request; option 5 and the end of stdin still end well.", Seconds = 1)]
    public static async Task ServerGone(Lab lab)
    {
        foreach ((string typed, bool isReset) in new[] { ("2\n", false), ("1\nhello\n", false), ("5\n", false), ("", false), ("2\n", true), ("", true) })
        {
            using var server = new ScriptedServer();
            ClientUnderTest client = lab.StartClient(server.Port);
            using ServedClient served = await server.Accept(client);
            await client.Prompt();
            client.Type("3\n");
            await served.ExpectRequest("COUNT");
            await served.Send("OK 1\n1");
            await client.Process.Output.Find("the reply before the end", "10.5", Wait.Patience, _ => client.Process.Output.Text.Contains("requests served = 1\n", StringComparison.Ordinal) ? client : null);
            if (isReset)
            {
                served.Reset();
            }
            else
            {
                served.Dispose();
            }

            await client.Prompt();
            client.Type(typed);
            if (typed.Length == 0)
            {
                client.Process.EndInput();
            }

            await (typed is "5\n" or "" ? client.ExpectFarewell(onOwnLine: typed.Length == 0) : client.ExpectFault("the server is gone"));
        }
    }
}
