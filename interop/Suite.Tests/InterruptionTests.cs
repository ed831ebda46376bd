// The suite's own program, interrupted in the middle of a run: it says what it had, and leaves nobody behind.
using System.Diagnostics;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Results;
using EasyTcp.Interop.Running;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class InterruptionTests
{
    private const int Interrupted = 130;

    // Without an interval, which is the true minute's case, it gets ready and then cares for nothing; else it exits at once.
    private const string Peer = """
        import os, signal, socket, sys, time
        if len(sys.argv) > 2:
            sys.exit(3)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        listener = socket.create_server(("127.0.0.1", 0))
        print("The server is ready to receive on port %d" % listener.getsockname()[1], flush=True)
        if os.fork() == 0:
            open(os.path.join(os.path.dirname(sys.argv[0]), "pids"), "w").write("%d %d" % (os.getpid(), os.getppid()))
        time.sleep(1000)
        """;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("interrupted").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(_folder, recursive: true);

    [TestCase(PosixSignals.Interrupt, "SIGINT", 1)]
    [TestCase(PosixSignals.Terminate, "SIGTERM", 1)]
    [TestCase(PosixSignals.Interrupt, "SIGINT", 5)]
    [TestCase(PosixSignals.Terminate, "SIGTERM", 1, 2)]
    public async Task An_interrupted_run_says_what_it_had_and_leaves_nobody_behind(int signal, string name, int repeat, int signals = 1)
    {
        using Process suite = await StartInMidRun(repeat);
        Task<string> errors = suite.StandardError.ReadToEndAsync();
        for (int i = 0; i < signals; i++)
        {
            _ = PosixSignals.Send(suite.Id, signal);
        }

        string rest = await suite.StandardOutput.ReadToEndAsync().WaitAsync(Long);
        await suite.WaitForExitAsync().WaitAsync(Long);

        Assert.That(suite.ExitCode, Is.EqualTo(Interrupted));
        Assert.That(rest.TrimEnd(), Does.EndWith(repeat == 1 ? "0 passed, 2 failed, 1 not run of 3 cells" : $"0 passed, 2 failed, {(3 * repeat) - 2} not run of {3 * repeat} cells in {repeat} repetitions"));
        Assert.That(await errors, Does.Contain($"interop: interrupted by {name}"));
        var results = ResultsFile.Read(Path.Combine(_folder, "results.json"));
        Assert.That(results.Run.Interrupted, Is.EqualTo(name));
        Assert.That(results.Cells.Select(cell => (cell.Case, cell.Verdict)), Is.EqualTo(new[]
        {
            ("report-interval", Verdict.Failed), ("report-overdue", Verdict.Failed), ("report-true-minute", Verdict.NotRun),
        }));
        Assert.That(results.Cells[2].Reason, Is.EqualTo($"the run was ended by {name} before the cell was"));
        await ExpectNobodyLeft();
    }

    [Test]
    public async Task A_run_that_is_killed_leaves_nobody_behind()
    {
        using Process suite = await StartInMidRun(repeat: 1);

        _ = PosixSignals.Send(suite.Id, PosixSignals.Kill);
        await suite.WaitForExitAsync().WaitAsync(Long);

        await ExpectNobodyLeft();
    }

    private bool IsReady => File.Exists(Path.Combine(_folder, "pids")) && new FileInfo(Path.Combine(_folder, "pids")).Length > 0;

    // Two cells have failed by then, and the third has its peer, and that a child.
    private async Task<Process> StartInMidRun(int repeat)
    {
        string peer = Path.Combine(_folder, "peer.py");
        await File.WriteAllTextAsync(peer, Peer);
        Process suite = Start(
            "--server", $"python3 {peer} {{port}} {{report}}", "--case", "report-interval,report-overdue,report-true-minute",
            "--repeat", $"{repeat}", "--output", _folder);
        var lines = new List<string>();
        while (lines.Count(line => line.StartsWith("FAILED ", StringComparison.Ordinal)) < 2)
        {
            lines.Add(await suite.StandardOutput.ReadLineAsync().WaitAsync(Long) ?? throw new AssertionException(string.Join('\n', lines)));
        }

        await Wait.Until("the long cell's peer", "8.1", Long, () => IsReady, () => "none");
        return suite;
    }

    private async Task ExpectNobodyLeft()
    {
        foreach (string processId in (await File.ReadAllTextAsync(Path.Combine(_folder, "pids"))).Split(' '))
        {
            await Wait.Until($"that process {processId} is gone", "8.1", TimeSpan.FromSeconds(5), () => IsGone(processId), () => "it lives");
        }
    }

    private static bool IsGone(string processId)
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

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EasyTcp.Interop.dll"), .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
}
