// Servers: start, arguments and end (clauses 6.1, 6.2, 6.7, 7.5 and part 8).
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

internal static class ServerProgramCases
{
    [Case(Role.Server, "server-arguments", "6.1", "Wrong arguments print usage on stderr and exit 2; --help prints it on stdout and exits 0; unusual but right ones are taken.", Seconds = 1)]
    public static async Task ServerArguments(Lab lab)
    {
        string[][] wrong = [["http"], ["65536", "60"], ["-1"], ["0", "0.05"], ["0", "86401"], ["0", "1e3"], ["0", "1,5"], ["0", "5."], ["0", "60", "more"], ["+1", "60"], ["--verbose"],
            ["12000x"], [" 12000"], ["12000 "], [""], ["1_000"], ["012000"], ["4294979296"], ["0", ".5"], ["0", "60s"], ["0", "nan"], ["0", "0"], ["0", "86400.5"], ["0", " 60"], ["0", ""],
            ["12000\n"], ["0", "60\n"], ["\u0661\u0662"], ["0", "\u0666\u0660"], ["\u00b2"]];
        await Task.WhenAll(wrong.Select(arguments => Usage.ExpectMisuse(lab.LaunchServer(arguments), "6.1")));
        await Usage.ExpectHelp(lab.LaunchServer(["--help"]), "6.1");
        string[][] right = [["0"], ["00000", "60"], ["0", "0060.50"], ["0", "86400"], ["0", "9000"], ["0", "3000"], ["0", "0.1"]];
        ServerUnderTest[] taken = await Task.WhenAll(right.Select(async arguments => await ServerUnderTest.Ready(lab.LaunchServer(arguments))));
        await DefaultPort.ExpectServer(lab);
        // The largest port may be somebody's already, which is no misuse.
        PeerProcess largest = lab.LaunchServer(["65535", "60"]);
        await Wait.Until("the ready line on port 65535, or an end", "6.1", Wait.Patience,
            () => largest.Ended.IsCompleted || largest.Output.Lines.Any(line => line.IsWhole), () => "neither");
        int status = largest.Ended.IsCompleted ? (await largest.Ended).ExitCode : 0;
        Expect.That(status == (largest.Ended.IsCompleted ? 1 : 0), "6.1", "that port 65535 is taken (exit status 1 if it is in use)", $"exit status {status}");
        foreach ((string[] arguments, ServerUnderTest server) in right.Zip(taken).Where(each => each.First is not [_, "0.1"]))
        {
            Expect.That(!server.Process.Ended.IsCompleted && server.Log.Lines.Count == 1, "6.1", $"a server that runs on and has printed its ready line alone, started with {string.Join(' ', arguments)}",
                server.Process.Fate ?? Excerpt.OfEnd(server.Log.Text));
        }
    }

    [Case(Role.Server, "port-in-use", "6.7", "A port in use is one line on stderr with the system's reason, and exit 1.")]
    public static async Task PortInUse(Lab lab)
    {
        ServerUnderTest first = await lab.StartServer();
        await ExpectInUse(lab, first.Port);
        await first.ExpectServing("6.7", "the first server's reply afterwards");
    }

    [Case(Role.Server, "port-in-use-over-one-family", "6.7", "A port that another program has over IPv4 alone, or over IPv6 alone, is in use.", Here = true)]
    public static async Task PortInUseOverOneFamily(Lab lab)
    {
        IPAddress[] addresses = Place.Current.CarriesIPv6 ? [IPAddress.Any, IPAddress.IPv6Any] : [IPAddress.Any];
        foreach (IPAddress address in addresses)
        {
            using var other = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            other.Bind(new IPEndPoint(address, 0));
            other.Listen();
            await ExpectInUse(lab, ((IPEndPoint)other.LocalEndPoint!).Port);
        }
    }

    [Case(Role.Server, "farewell-by-ctrl-c", "8.1", "SIGINT ends every connection, prints 'Bye bye~' last and exits 0 within a second.")]
    public static Task FarewellByCtrlC(Lab lab) => ExpectFarewell(lab, PosixSignals.Interrupt);

    [Case(Role.Server, "farewell-by-sigterm", "8.1", "SIGTERM ends every connection, prints 'Bye bye~' last and exits 0 within a second.")]
    public static Task FarewellBySigterm(Lab lab) => ExpectFarewell(lab, PosixSignals.Terminate);

    [Case(Role.Server, "farewell-in-a-flood", "8.1", "SIGTERM ends a server within a second while clients ask as fast as they can.", Lane = Lane.Few, Seconds = 0.5)]
    public static async Task FarewellInAFlood(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(3);
        var flood = clients.Select(client => Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await client.ExpectAnswer("UPPER", "on and on");
                }
            }
            catch (CaseFailedException)
            {
                // the farewell, which this is about; whether it was in order is judged below
            }
        })).ToArray();
        await Wait.LetPass(TimeSpan.FromSeconds(0.3));
        History history = await server.ExpectFarewell(PosixSignals.Terminate);
        Expect.That(history.Connected.Count == clients.Count, "8.1", $"{clients.Count} clients served until the farewell", $"{history.Connected.Count} connected at the end of the log");
        await Task.WhenAll(flood);
        clients.ForEach(client => client.Dispose());
    }

    [Case(Role.Server, "farewell-to-one-that-never-reads", "8.1", "A signal ends a server within a second also while it waits for a client that does not take its replies.", Lane = Lane.Few, Seconds = 0.5)]
    public static async Task FarewellToOneThatNeverReads(Lab lab)
    {
        foreach (int signal in new[] { PosixSignals.Interrupt, PosixSignals.Terminate })
        {
            ServerUnderTest server = await lab.StartServer();
            using RawClient greedy = await server.Connect();
            await server.Connected(1);
            await greedy.FillUp(WireText.Request("UPPER", Corpus.Longest));
            History history = await server.ExpectFarewell(signal);
            Expect.That(history.Connected.Count == 1, "8.1", "the client connected until the farewell", $"{history.Connected.Count} connected at the end of the log");
        }
    }

    [Case(Role.Server, "farewell-when-nobody-reads", "7.5", "Signals, one or many, end a server within a second although nobody reads what it prints and it waits for room.", Seconds = 1.5, Here = true)]
    public static Task FarewellWhenNobodyReads(Lab lab) =>
        Task.WhenAll(ExpectEndWhenStuck(lab, "one SIGTERM", PosixSignals.Terminate, 1), ExpectEndWhenStuck(lab, "SIGINT again and again", PosixSignals.Interrupt, int.MaxValue));

    [Case(Role.Server, "restart-at-once", "8.2", "A server that ended with clients connected starts again on its port at once.")]
    public static async Task RestartAtOnce(Lab lab)
    {
        string port = "0";
        for (int round = 0; round < 3; round++)
        {
            ServerUnderTest server = await lab.StartServer(port);
            port = Text(server.Port);
            using RawClient client = await server.Connect();
            using RawClient second = await server.Connect();
            Message count = await client.Ask("COUNT");
            Expect.Same("1", count.Text, "3.3", "COUNT after a new start");
            await server.Connected(2);
            await server.ExpectFarewell(round == 0 ? PosixSignals.Interrupt : PosixSignals.Terminate);
        }
    }

    [Case(Role.Server, "stdout-closed", "7.5", "A stdout that is closed is no reason to stop serving, nor for a stack trace, nor for another end than by a signal with exit status 0.", Seconds = 1, Here = true)]
    public static async Task StdoutClosed(Lab lab)
    {
        // A reader takes the ready line and goes: from then on every write of the server's fails.
        ServerUnderTest server = await lab.StartServer(report: "0.1", prefix: ["bash", "-c", "exec \"$@\" > >(head -n 1)", "bash"]);
        for (int i = 0; i < 5; i++)
        {
            await server.ExpectServing("7.5", "a reply after stdout was closed");
            await Wait.LetPass(TimeSpan.FromMilliseconds(100)); // a report or more
        }

        server.Process.Signal(PosixSignals.Terminate);
        Ending ending = await server.Process.End("8.1", server.OneSecond);
        Expect.That(ending.ExitCode == 0, "7.5", "exit status 0 after SIGTERM, with a stdout that is closed", $"exit status {ending.ExitCode}");
        Expect.Same("", server.Process.Errors.Text, "7.5", "stderr");
    }

    private static async Task ExpectInUse(Lab lab, int port)
    {
        PeerProcess server = lab.LaunchServer([Text(port), "60"]);
        Ending ending = await Usage.EndWithoutOutput(server, "6.7");
        string errors = server.Errors.Text;
        Expect.That(ending.ExitCode == 1, "6.7", "exit status 1", $"exit status {ending.ExitCode}");
        Expect.That(errors.Contains("in use", StringComparison.OrdinalIgnoreCase) && errors.IndexOf('\n', StringComparison.Ordinal) == errors.Length - 1,
            "6.7", "one line on stderr with the system's reason ('Address already in use')", Excerpt.Of(errors));
    }

    // Nothing tells that a program waits for room in a pipe, but then it wants no processor.
    private static async Task UntilItRests(ServerUnderTest server)
    {
        TimeSpan look = TimeSpan.FromSeconds(0.2);
        TimeSpan start = Moment.Now;
        while (await ProcessFacts.MostWantedIn(look, server.Process.ProcessId) > look / 20 && Moment.Now - start < Wait.Soon)
        {
        }
    }

    // A reader takes the ready line and no more; the rosters of a crowd are more than a pipe holds.
    private static async Task ExpectEndWhenStuck(Lab lab, string signals, int signal, int most)
    {
        const int Crowd = 450;
        ServerUnderTest server = await lab.StartServer(prefix: ["bash", "-c", "exec \"$@\" > >(head -n 1; exec tail --pid=$$ -f /dev/null >/dev/null 2>&1)", "bash"]);
        var clients = new List<RawClient>();
        for (int i = 0; i < Crowd; i++)
        {
            clients.Add(await server.Connect());
        }

        await UntilItRests(server); // it waits for room then; an earlier signal is obeyed all the same
        TimeSpan sent = Moment.Now;
        for (int i = 0; i < most && !server.Process.Ended.IsCompleted && Moment.Now - sent < Wait.Patience; i++)
        {
            server.Process.Signal(signal);
            await Task.WhenAny(server.Process.Ended, Wait.LetPass(TimeSpan.FromSeconds(0.2)));
        }

        Ending ending = await server.Process.End("8.1", server.OneSecond);
        Expect.That(ending.ExitCode == 0, "8.1", $"exit status 0 after {signals}, with a stdout that nobody reads", $"exit status {ending.ExitCode}");
        Expect.Within(ending.At - sent, TimeSpan.Zero, server.OneSecond, "8.1", $"an end after {signals}, with a stdout that nobody reads");
        Expect.Same("", server.Process.Errors.Text, "8.1", "stderr");
        clients.ForEach(client => client.Dispose());
    }

    private static async Task ExpectFarewell(Lab lab, int signal)
    {
        ServerUnderTest server = await lab.StartServer();
        List<RawClient> clients = await server.ConnectInOrder(3);
        await clients[0].Ask("UPPER", "idle afterwards");
        await clients[1].Send("UPPER 100\nin the middle of a request");
        await clients[2].Send("bad\n"); // in its ending
        await clients[2].ExpectReply("ERR", "malformed header", "4.3", "the reply to 'bad'");
        History history = await server.ExpectFarewell(signal);
        Expect.That(history.Connected.Count == 3, "8.1", "no disconnect lines at the farewell", $"{history.Connected.Count} clients connected at the end of the log");
        // The system closes what the process had; a child that it left behind would keep connections and port.
        foreach (RawClient client in clients)
        {
            Expect.That(await client.HasNews(Wait.Patience), "8.1", "that every connection ends", "a connection that is still open");
            client.Dispose();
        }

        bool listens = await Listens(server.EndPoint);
        Expect.That(!listens, "8.1", "that nobody listens on the port any more", "somebody does");
    }

    private static async Task<bool> Listens(EndPoint server)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
