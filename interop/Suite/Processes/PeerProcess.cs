// A program under test, as a process of its own (CliWrap starts it and carries its stdio).
using System.Diagnostics;
using System.Threading.Channels;
using CliWrap;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its status; 128 + N if signal N ended it.</param>
/// <param name="At">When.</param>
internal sealed record Ending(int ExitCode, TimeSpan At);

/// <summary>A peer that runs: its output with times, its stdin, signals to it, and its end.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    // How long a peer that was killed may take to be gone.
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(5);

    private static readonly HashSet<PeerProcess> Running = [];
    private static bool _closing;

    private readonly Channel<byte[]> _input = Channel.CreateUnbounded<byte[]>();
    private readonly CancellationTokenSource _kill = new();

    // To find a process's children costs a look at every process of the system, so only a command that may have some is
    // killed with its whole tree.
    private readonly bool _hasChildren;

    private PeerProcess(string title, string[] command, string workingDirectory, IReadOnlyDictionary<string, string?> environment, bool hasChildren)
    {
        (Title, CommandText, _hasChildren) = (title, string.Join(' ', command), hasChildren);
        CommandTask<CommandResult> task = Cli.Wrap(command[0])
            .WithArguments(command[1..])
            .WithWorkingDirectory(workingDirectory)
            .WithEnvironmentVariables(environment)
            .WithStandardInputPipe(PipeSource.Create(CopyInput))
            .WithStandardOutputPipe(PipeTarget.Create(Output.ReadAsync))
            .WithStandardErrorPipe(PipeTarget.Create(Errors.ReadAsync))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(_kill.Token, CancellationToken.None);
        ProcessId = task.ProcessId;
        Ended = Watch(task.Task);
    }

    /// <summary>What the peer is, for reports: <c>server c-nonblocking</c>.</summary>
    public string Title { get; }

    public string CommandText { get; }

    /// <summary>When the case first sent a signal that ends a program; null for never.</summary>
    public TimeSpan? ToldToEndAt { get; private set; }

    /// <summary>When the case killed it; null for never.</summary>
    public TimeSpan? KilledAt { get; private set; }

    /// <summary>When the process was started.</summary>
    public TimeSpan StartedAt { get; } = Moment.Now;

    public int ProcessId { get; }

    public OutputLog Output { get; } = new();

    public OutputLog Errors { get; } = new();

    /// <summary>Completes when the process has ended and its output is read to the end.</summary>
    public Task<Ending> Ended { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="title">What it is, for reports.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="environment">What to set in its environment.</param>
    /// <param name="hasChildren">True for a command that may start others, such as a shell.</param>
    /// <exception cref="CaseFailedException">It cannot be started.</exception>
    public static PeerProcess Start(string title, string[] command, string workingDirectory, IReadOnlyDictionary<string, string?> environment, bool hasChildren)
    {
        try
        {
            lock (Running)
            {
                // Under the lock, so that an interrupted suite leaves nobody behind who was just being started.
                ObjectDisposedException.ThrowIf(_closing, typeof(PeerProcess));
                var peer = new PeerProcess(title, command, workingDirectory, environment, hasChildren);
                Running.Add(peer);
                return peer;
            }
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            throw new CaseFailedException("6.1", $"that '{string.Join(' ', command)}' starts", (error.InnerException ?? error).Message);
        }
    }

    /// <summary>Kills whatever still runs, for a suite that ends or is interrupted.</summary>
    /// <param name="forGood">Nothing can be started afterwards.</param>
    public static void KillAll(bool forGood)
    {
        lock (Running)
        {
            _closing |= forGood;
            foreach (PeerProcess peer in Running)
            {
                peer.KillTree();
            }
        }
    }

    // With all that it started; whoever is gone already is no fault.
    private void KillTree()
    {
        try
        {
            if (_hasChildren && !Ended.IsCompleted)
            {
                Process.GetProcessById(ProcessId).Kill(entireProcessTree: true);
            }
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or AggregateException)
        {
            // it ended by itself meanwhile
        }

        Signal(PosixSignals.Kill);
    }

    /// <summary>Writes to the peer's stdin.</summary>
    public void Type(ReadOnlySpan<byte> bytes) => _input.Writer.TryWrite(bytes.ToArray());

    /// <summary>Ends the peer's stdin.</summary>
    public void EndInput() => _input.Writer.TryComplete();

    /// <summary>Sends a signal to the program itself.</summary>
    public void Signal(int signal)
    {
        if (!Ended.IsCompleted)
        {
            ToldToEndAt ??= signal is PosixSignals.Interrupt or PosixSignals.Terminate or PosixSignals.Kill ? Moment.Now : null;
            KilledAt ??= signal is PosixSignals.Kill ? Moment.Now : null;
            _ = PosixSignals.Send(ProcessId, signal);
        }
    }

    /// <summary>Stops the process, and awaits that it stands still: a signal takes its time.</summary>
    public Task Freeze()
    {
        Signal(PosixSignals.Stop);
        return Wait.Until($"that {Title} stands still", "6", Wait.Patience, () => ProcessFacts.IsStopped(ProcessId), () => "it runs on after SIGSTOP");
    }

    /// <summary>Lets a stopped process go on.</summary>
    public void Thaw() => Signal(PosixSignals.Continue);

    /// <summary>Awaits the end of the process.</summary>
    public Task<Ending> End(string clause, TimeSpan within) =>
        Wait.For($"the end of {Title}", clause, within, cancel => Ended.WaitAsync(cancel));

    /// <summary>Ends the process, and any that it started, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        EndInput();
        if (_hasChildren)
        {
            Thaw(); // one that a case stopped could not be waited for
            await _kill.CancelAsync();
        }

        Signal(PosixSignals.Kill);
        try
        {
            await Ended.WaitAsync(KillTime);
        }
        catch (TimeoutException)
        {
            // its output is still held open by a grandchild; the process itself is gone
        }

        _kill.Dispose();
        lock (Running)
        {
            Running.Remove(this);
        }
    }

    private static async Task<Ending> Watch(Task<CommandResult> task)
    {
        try
        {
            CommandResult result = await task;
            return new Ending(result.ExitCode, Moment.Now);
        }
        catch (OperationCanceledException)
        {
            return new Ending(128 + PosixSignals.Kill, Moment.Now);
        }
    }

    private async Task CopyInput(Stream stream, CancellationToken cancel)
    {
        try
        {
            await foreach (byte[] bytes in _input.Reader.ReadAllAsync(cancel))
            {
                await stream.WriteAsync(bytes, cancel);
                await stream.FlushAsync(cancel);
            }
        }
        catch (IOException)
        {
            // the peer closed its stdin, or ended: what it did instead is judged by its output and its status
        }
    }
}
