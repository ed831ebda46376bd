// Clients: arguments, connecting and the dialogue (clauses 10.1 to 10.4, 10.8 and 10.10).
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ClientSessionCases
{
    [Case(Role.Client, "client-arguments", "10.1", "Wrong arguments print usage on stderr and exit 2; --help prints it on stdout and exits 0.", Seconds = 1, Here = true)]
    public static async Task ClientArguments(Lab lab)
    {
        string[][] wrong = [["localhost", "http"], ["localhost", "0"], ["localhost", "65536"], ["localhost", "-1"], ["localhost", "12000", "more"], ["localhost", "123456"], ["localhost", ""], ["--verbose"],
            ["localhost", "+12000"], ["localhost", " 12000"], ["localhost", "12000 "], ["localhost", "12000x"], ["localhost", "1_000"], ["localhost", "012000"],
            ["localhost", "00000"], ["localhost", "12000\n"], ["localhost", "\u0661\u0662"], ["localhost", "\u00b2"]];
        await Task.WhenAll(wrong.Select(arguments => Usage.ExpectMisuse(lab.LaunchClient(arguments), "10.1")));
        await Usage.ExpectHelp(lab.LaunchClient(["--help"]), "10.1");
        await DefaultPort.ExpectClient(lab);
        // Whoever may listen there: it is no misuse to ask for it.
        foreach (string port in new[] { "65535", "00009" })
        {
            PeerProcess client = lab.LaunchClient(["127.0.0.1", port]);
            client.EndInput();
            Ending ending = await client.End("10.1", Wait.Patience);
            Expect.That(ending.ExitCode is 0 or 1, "10.1", $"that port {port} is taken (exit status 1 if nobody listens there)", $"exit status {ending.ExitCode}");
        }
    }

    [Case(Role.Client, "no-server", "10.10", "No server, and an unknown host, are one line on stderr and exit 1.", Here = true)]
    public static async Task NoServer(Lab lab)
    {
        // Bound at all addresses, so that the port is nobody else's, and not listening.
        using Socket taken = Socket.OSSupportsIPv6 ? new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true } : new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        await lab.StartClient(port).ExpectFault("nobody listens there");
        await lab.StartClient(port, host: "no-such-host.invalid").ExpectFault("the host is unknown");
        const string Name = "nobody-there.test";
        using OwnHosts? hosts = await OwnHosts.TryMake($"127.0.0.1 {Name}\n127.0.0.2 {Name}\n");
        await lab.StartClient(port, hosts != null ? Name : "localhost", prefix: hosts?.Prefix).ExpectFault("nobody listens at any of the host's addresses");
    }

    [Case(Role.Client, "every-address", "10.1", "A host is a name or an address, and each address of a name is tried.", Here = true, Seconds = 1)]
    public static async Task EveryAddress(Lab lab)
    {
        foreach ((AddressFamily family, string host) in new[] { (AddressFamily.InterNetwork, "127.0.0.1"), (AddressFamily.InterNetwork, "localhost"), (AddressFamily.InterNetworkV6, "::1") })
        {
            if (family == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
            {
                continue;
            }

            using var server = new ScriptedServer(family);
            ClientUnderTest client = lab.StartClient(server.Port, host);
            using ServedClient served = await server.Accept(client);
            int port = await client.Port();
            Expect.That(port == served.Port, "10.2", $"'The client is running on port {served.Port}', the port that the server sees", $"port {port}");
            client.Process.EndInput();
            await client.ExpectFarewell(onOwnLine: true);
            await served.ExpectEnd();
        }
    }

    [Case(Role.Client, "second-address", "10.1", "Of a name with several addresses, over IPv4 and IPv6, the one that answers is found, whichever of them it is.", Here = true)]
    public static async Task SecondAddress(Lab lab)
    {
        const string Name = "three-addresses.test";
        IPAddress[] addresses = [IPAddress.Loopback, IPAddress.Parse("127.0.0.2"), .. Socket.OSSupportsIPv6 ? [IPAddress.IPv6Loopback] : Array.Empty<IPAddress>()];
        using OwnHosts? hosts = await OwnHosts.TryMake(string.Concat(addresses.Select(address => $"{address} {Name}\n")));
        // Where that cannot be had, localhost has two addresses on most systems.
        (string name, IPAddress[] all) = hosts != null ? (Name, addresses) : ("localhost", Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback]);
        foreach (IPAddress address in all.Where(address => hosts != null || Dns.GetHostAddresses(name).Contains(address)))
        {
            using var server = new ScriptedServer(address);
            ClientUnderTest client = lab.StartClient(server.Port, name, prefix: hosts?.Prefix);
            using ServedClient served = await server.Accept(client);
            await client.Prompt();
            client.Type("5\n");
            await client.ExpectFarewell(onOwnLine: false);
        }
    }

    [Case(Role.Client, "silent-address", "10.1", "An address that does not answer is given up after 5 s, and the next one is tried; a signal meanwhile says goodbye.", Lane = Lane.Together, Seconds = 6, Here = true)]
    public static async Task SilentAddress(Lab lab)
    {
        const string Name = "two-addresses.test";
        using SilentListener silent = await SilentListener.Start(IPAddress.Loopback);
        using var server = new ScriptedServer(IPAddress.Parse("127.0.0.2"), silent.Port);
        using OwnHosts? hosts = await OwnHosts.TryMake($"127.0.0.1 {Name}\n127.0.0.2 {Name}\n");
        await Task.WhenAll(GivesUp(), Signalled(PosixSignals.Interrupt), Signalled(PosixSignals.Terminate), hosts == null ? Task.CompletedTask : TriesNext(hosts));

        async Task GivesUp()
        {
            TimeSpan start = Moment.Now;
            ClientUnderTest client = lab.StartClient(silent.Port);
            await client.ExpectFault("nobody answers there", TimeSpan.FromSeconds(3) + Wait.Soon);
            Ending ending = await client.Process.Ended;
            Expect.Within(ending.At - start, TimeSpan.FromSeconds(4.9), TimeSpan.FromSeconds(4) + Wait.Soon, "10.1", "an end 5 s after the start, with an address that does not answer");
        }

        async Task Signalled(int signal)
        {
            ClientUnderTest client = lab.StartClient(silent.Port);
            await Wait.LetPass(TimeSpan.FromSeconds(1.5)); // by then it connects, and says nothing of it
            client.Process.Signal(signal);
            await client.ExpectFarewell(onOwnLine: true);
        }

        async Task TriesNext(OwnHosts hosts)
        {
            ClientUnderTest client = lab.StartClient(silent.Port, Name, prefix: hosts.Prefix);
            using ServedClient served = await server.Accept(client);
            await client.Prompt();
            client.Type("5\n");
            await client.ExpectFarewell(onOwnLine: false);
        }
    }

    [Case(Role.Client, "input-lines", "10.4", "Of a line only the LF and one CR before it are taken off; a last line without LF counts.")]
    public static async Task InputLines(Lab lab)
    {
        using var server = new ScriptedServer();
        Transcript transcript = new Transcript("10.4")
            .Invalid("\u00ef\u00bb\u00bf1").Invalid("5\0x").Invalid("1\0")
            .Invalid(" 1").Invalid("1 ").Invalid("").Invalid("01").Invalid("0").Invalid("6").Invalid("one").Invalid("\xff\0\x80").Invalid("55")
            .Invalid("5\r", "5\r\r\n").Invalid("1\r", "1\r\r\n").Invalid("9", "9\r\n").Invalid("9\r", "9\r\r\n").Invalid("", "\r\n").Invalid("1\t").Invalid(new string('x', 100_000))
            .StepToMenu("\x31\r\n two  spaces \r\n", "Input sentence: Reply from server:  TWO  SPACES \nRTT = # ms\n")
            .Upper("a\rb")
            .StepToMenu("1\nends in CR\r\r\n", "Input sentence: Reply from server: ENDS IN CR\r\nRTT = # ms\n")
            .StepToMenu("8\r", "Invalid option: 8\r\n").EndOfInput();
        ClientUnderTest client = lab.StartClient(server.Port);
        Task answers = Answer(server, client, (" two  spaces ", " TWO  SPACES "), ("a\rb", "A\rB"), ("ends in CR\r", "ENDS IN CR\r"));
        await ExpectSession(client, transcript, answers);
    }

    [Case(Role.Client, "any-sentence", "10.4", "Sentences and options are bytes, also if they look like a farewell, an option, a format or a header, or just fill a buffer.")]
    public static async Task AnySentence(Lab lab)
    {
        using var server = new ScriptedServer();
        var transcript = new Transcript("10.4");
        foreach (string sentence in Corpus.Sentences)
        {
            transcript.Upper(sentence);
            if (sentence is not "5")
            {
                transcript.Invalid(sentence);
            }
        }

        // A buffer of the usual sizes is just full, or short of one.
        string[] full = [.. new[] { 1022, 1023, 1024, 1025, 4094, 4095, 4096, 4097 }.Select(length => Corpus.Longest[..length])];
        foreach (string sentence in full)
        {
            transcript.Upper(sentence);
        }

        transcript.Exit();
        ClientUnderTest client = lab.StartClient(server.Port);
        Task answers = Answer(server, client, [.. Corpus.Sentences.Concat(full).Select(sentence => (sentence, sentence.ToUpperInvariant()))]);
        await ExpectSession(client, transcript, answers);
    }

    [Case(Role.Client, "sentence-too-long", "10.8", "A sentence of 65535 bytes is sent, one of more is refused, and the menu comes again.")]
    public static async Task SentenceTooLong(Lab lab)
    {
        const string Refusal = "Input sentence: The sentence is longer than 65535 bytes; nothing was sent\n";
        using var server = new ScriptedServer(isNarrow: true); // so that a sentence does not fit into one send
        string wide = string.Concat(Enumerable.Repeat("\u00c3\u00a9", 20_000)); // two bytes a character
        Transcript transcript = new Transcript("10.8")
            .StepToMenu($"1\n{Corpus.Longest}x\n", Refusal)
            .StepToMenu($"1\n{Corpus.Longest}{Corpus.Longest}\n", Refusal)
            .StepToMenu($"1\n{wide}{wide}\n", Refusal) // fewer characters than 65535
            .Upper(wide, wide)
            .Upper(Corpus.Longest)
            .StepToMenu($"1\n{Corpus.Longest}\r\n", $"Input sentence: Reply from server: {Corpus.Longest.ToUpperInvariant()}\nRTT = # ms\n")
            .Exit();
        ClientUnderTest client = lab.StartClient(server.Port);
        Task answers = Answer(server, client, (wide, wide), (Corpus.Longest, Corpus.Longest.ToUpperInvariant()), (Corpus.Longest, Corpus.Longest.ToUpperInvariant()));
        await ExpectSession(client, transcript, answers);
    }

    // A wrong request is the cause of whatever the transcript then lacks, so that is what is told.
    private static async Task ExpectSession(ClientUnderTest client, Transcript transcript, Task answers)
    {
        try
        {
            await client.ExpectTranscript(transcript);
        }
        catch (CaseFailedException) when (answers.Exception?.InnerException is CaseFailedException { Clause: "2" or "3" or "10.4" })
        {
            // thrown below
        }

        await answers;
    }

    // Serves one client that converts these sentences, then leaves.
    private static async Task Answer(ScriptedServer server, ClientUnderTest client, params (string Sentence, string Reply)[] sentences)
    {
        using ServedClient served = await server.Accept(client);
        foreach ((string sentence, string reply) in sentences)
        {
            await served.ExpectRequest("UPPER", sentence);
            await served.Send(string.Create(CultureInfo.InvariantCulture, $"OK {reply.Length}\n{reply}"));
        }

        await served.ExpectEnd();
    }
}
