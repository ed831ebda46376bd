// Peers that do what no program should: each is reported for what it did, soon, in bounded memory, and nothing of it is left.
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class UnrulyPeerTests
{
    private const string Ready = """
        import os, signal, socket, sys, time
        listener = socket.create_server(("127.0.0.1", 0))
        print("The server is ready to receive on port %d" % listener.getsockname()[1], flush=True)

        """;

    // Less than the 15 s that the suite waits for a program that lives and says nothing.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("unruly").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestCase("exit 3", "exited with status 3 before that")]
    [TestCase("echo broken >&2; kill -SEGV $$", "exited with status 139, which stands for signal 11, before that")]
    [TestCase("printf 'The server is re'", "exited with status 0 before that")]
    [TestCase("printf '\\377\\376\\n'; sleep 1000", @"'\xFF\xFE'", Description = "invalid UTF-8")]
    public async Task A_server_that_does_not_get_ready_is_told_of_at_once(string script, string sentence) =>
        await ExpectFailure(Role.Server, Shell(script), sentence, lab => lab.StartServer());

    [TestCase("exit 3", "client your-client exited with status 3")]
    [TestCase("sleep 1000 & echo $! > PIDS; exit 0", "client your-client exited with status 0, but a process that it had started lives on and holds its stdout or stderr open")]
    public async Task A_client_that_does_not_connect_is_told_of_at_once(string script, string sentence) =>
        await ExpectFailure(Role.Client, Shell(script), sentence, async lab =>
        {
            using var server = new Wire.ScriptedServer();
            using Wire.ServedClient served = await server.Accept(lab.StartClient(server.Port));
        });

    [TestCase("""while True: sys.stdout.write("y\n" * 8192)""", "lines, which is more than the suite keeps; it was killed for that")]
    [TestCase("""while True: sys.stdout.write("x" * 65536)""", "bytes without a line end; it was killed for that")]
    [TestCase("""while True: sys.stderr.write("y\n" * 8192)""", "stderr: it printed")]
    [TestCase("""while os.write(1, b"\xff\x80" * 8192): pass""", "bytes without a line end; it was killed for that")]
    public async Task A_flood_is_told_of_and_costs_bounded_memory(string script, string sentence)
    {
        const long Bound = 400L * 1024 * 1024;
        long before = ProcessFacts.Memory(Environment.ProcessId);

        await ExpectFailure(Role.Server, Python(Ready + script), sentence, async lab =>
        {
            ServerUnderTest server = await lab.StartServer();
            await server.Connected(1);
        });

        long grown = ProcessFacts.Memory(Environment.ProcessId) - before;
        TestContext.Out.WriteLine($"grown by {grown / 1024 / 1024} MiB");
        Assert.That(grown, Is.LessThan(Bound));
    }

    // The case itself has nothing to complain of.
    [Test]
    public async Task A_flood_that_a_case_does_not_look_at_fails_it_all_the_same() =>
        await ExpectFailure(Role.Server, Python(Ready + """while True: sys.stderr.write("y\n" * 8192)"""), "stderr: it printed", async lab =>
        {
            ServerUnderTest server = await lab.StartServer();
            await server.Process.Ended;
        });

    [Test]
    public async Task A_server_that_ignores_SIGTERM_is_told_of() =>
        await ExpectFailure(Role.Server, Python("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + Ready + "time.sleep(1000)"), "it runs on after 1.25 s", async lab =>
        {
            ServerUnderTest server = await lab.StartServer();
            await server.ExpectFarewell(PosixSignals.Terminate);
        });

    [Test]
    public async Task A_server_that_leaves_a_child_with_its_stdout_is_told_of() =>
        await ExpectFailure(Role.Server, Python(Ready + """
            if os.fork() == 0:
                open("PIDS", "w").write(str(os.getpid()))
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                time.sleep(1000)
            time.sleep(1000)
            """), "a process that it had started lives on", async lab =>
        {
            ServerUnderTest server = await lab.StartServer();
            await Wait.Until("the child", "8.1", Wait.Patience, () => File.Exists(Path.Combine(_folder, "pids")) && new FileInfo(Path.Combine(_folder, "pids")).Length > 0, () => "none");
            await server.ExpectFarewell(PosixSignals.Terminate);
        });

    // What a case asks of a program that died meanwhile must not look like a fault of the suite's own.
    [Test]
    public async Task A_server_that_dies_where_the_suite_looks_at_its_process_is_told_of() =>
        await ExpectFailure(Role.Server, Python(Ready + "os._exit(7)"), "server your-server exited with status 7", async lab =>
        {
            ServerUnderTest server = await lab.StartServer();
            await server.Process.Ended;
            _ = ProcessFacts.Memory(server.Process.ProcessId);
        });

    private string[] Shell(string script) => Command("sh", script);

    private string[] Python(string script) => Command("python3", script);

    private string[] Command(string interpreter, string script)
    {
        string file = Path.Combine(_folder, "peer");
        File.WriteAllText(file, script.Replace("PIDS", Path.Combine(_folder, "pids"), StringComparison.Ordinal));
        return [interpreter, file];
    }

    private async Task ExpectFailure(Role role, string[] command, string sentence, Func<Lab, Task> run)
    {
        string[] places = role == Role.Server ? ["{port}", "{report}"] : ["{host}", "{port}"];
        var peer = new Peer(role == Role.Server ? "your-server" : "your-client", "yours", [.. command, .. places]) { GuestCommand = string.Join(' ', command) };
        var unruly = new Case(new CaseAttribute(role, "unruly", "6.2", "A test."), run);
        var cell = new Cell(role == Role.Server ? peer : null, role == Role.Client ? peer : null, unruly, new PeerRegistry([], []));
        TimeSpan start = Moment.Now;

        Outcome outcome = await cell.Run();

        TimeSpan took = Moment.Now - start;
        Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Failed));
        Assert.That(outcome.Story, Does.Contain(sentence));
        Assert.That(outcome.Story, Does.Not.Contain("the suite itself failed"));
        Assert.That(took, Is.LessThan(Soon));
        await Wait.Until("that nothing is left", "8.1", Soon, () => !Leftover().Any(), () => string.Join(", ", Leftover()));
    }

    // Whoever has the folder in its command, and the child whose number stands in the file.
    private IEnumerable<string> Leftover()
    {
        string pids = Path.Combine(_folder, "pids");
        if (File.Exists(pids) && Directory.Exists($"/proc/{File.ReadAllText(pids).Trim()}") && !IsZombie(File.ReadAllText(pids).Trim()))
        {
            yield return "the child";
        }

        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => path.All(each => char.IsAsciiDigit(each) || "/proc".Contains(each, StringComparison.Ordinal))))
        {
            string command = "";
            try
            {
                command = File.ReadAllText(Path.Combine(process, "cmdline"));
            }
            catch (IOException)
            {
                // it is gone
            }

            if (command.Contains(_folder, StringComparison.Ordinal))
            {
                yield return command.Replace('\0', ' ');
            }
        }
    }

    // A process that nobody has fetched yet is dead all the same.
    private static bool IsZombie(string processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
