// A program under test, as a process of its own (CliWrap starts it and carries its stdio).
using System.Diagnostics;
using System.Globalization;
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

    // What a process that has ended had printed is read by then, unless another holds its output open.
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(1);

    private const int Signalled = 128;

    private const string NewSession = "/usr/bin/setsid"; // where there is none, a child whose parent has ended is not found

    private static readonly HashSet<PeerProcess> Running = [];
    private static bool _closing;

    private readonly Channel<byte[]> _input = Channel.CreateUnbounded<byte[]>();
    private readonly CancellationTokenSource _kill = new();

    // A command that may start others gets a session of its own, by which all of them can be killed, also those whose parent
    // has ended. It is also killed with its tree; to find that costs a look at every process of the system.
    private readonly bool _hasChildren;
    private bool _isHeldOpen;

    private PeerProcess(string title, string[] command, string workingDirectory, IReadOnlyDictionary<string, string?> environment, bool hasChildren)
    {
        (Title, CommandText, _hasChildren) = (title, string.Join(' ', command), hasChildren);
        (Output, Errors) = (new OutputLog(Kill), new OutputLog(Kill));
        string[] started = hasChildren && File.Exists(NewSession) ? [NewSession, .. command] : command;
        var gone = new TaskCompletionSource<int?>(TaskCreationOptions.RunContinuationsAsynchronously);
        CommandTask<CommandResult> task = Cli.Wrap(started[0])
            .WithArguments(started[1..])
            .WithWorkingDirectory(workingDirectory)
            .WithEnvironmentVariables(environment)
            .WithStandardInputPipe(PipeSource.Create(CopyInput))
            .WithStandardOutputPipe(PipeTarget.Create(Output.ReadAsync))
            .WithStandardErrorPipe(PipeTarget.Create(Errors.ReadAsync))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(null, process => TellEnd(process, gone), _kill.Token, CancellationToken.None);
        ProcessId = task.ProcessId;
        Ended = Watch(task.Task, gone.Task);
        if (Misdeed != null)
        {
            Kill(); // it flooded before its number was known
        }
    }

    /// <summary>What the peer is, for reports: <c>server c-nonblocking</c>.</summary>
    public string Title { get; }

    public string CommandText { get; }

    /// <summary>When the case first sent a signal that ends a program; null for never.</summary>
    public TimeSpan? ToldToEndAt { get; private set; }

    /// <summary>When the case killed it; null for never.</summary>
    public TimeSpan? KilledAt { get; private set; }

    /// <summary>True for the program itself; a command that may start others need not pass a signal on to them.</summary>
    public bool IsAlone => !_hasChildren;

    /// <summary>When the process was started.</summary>
    public TimeSpan StartedAt { get; } = Moment.Now;

    public int ProcessId { get; }

    public OutputLog Output { get; }

    public OutputLog Errors { get; }

    /// <summary>Completes when the process has ended and its output is read to the end; a little later if another process that
    /// it left behind holds its output open.</summary>
    public Task<Ending> Ended { get; }

    /// <summary>How it ended, as in <c>server c-nonblocking exited with status 3</c>; null while it runs.</summary>
    public string? Fate { get; private set; }

    /// <summary>What no program may do, whatever the case is about: flood the suite, or leave a process behind. Null if it did not.</summary>
    public string? Misdeed =>
        Output.Flood is string flood ? $"{Title}, stdout: {flood}; it was killed for that"
        : Errors.Flood is string errors ? $"{Title}, stderr: {errors}; it was killed for that"
        : _isHeldOpen ? $"{Fate}, but a process that it had started lives on and holds its stdout or stderr open"
        : null;

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
    /// <param name="forGood">True if nothing can be started afterwards.</param>
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

        Kill();
    }

    // At once, and with those of its session.
    private void Kill()
    {
        if (Ended == null)
        {
            return; // just being started; and no number yet, 0, would stand for the suite's own group
        }

        if (_hasChildren)
        {
            _ = PosixSignals.Send(-ProcessId, PosixSignals.Kill);
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
    public async Task<Ending> End(string clause, TimeSpan within)
    {
        Ending ending = await Wait.For($"the end of {Title}", clause, within, cancel => Ended.WaitAsync(cancel), $"it runs on after {Wait.Seconds(within)}");
        return Misdeed == null ? ending : throw new CaseFailedException(clause, $"the end of {Title}", Misdeed);
    }

    /// <summary>Ends the process, and any that it started, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        EndInput();
        if (_hasChildren && !Ended.IsCompleted)
        {
            Thaw(); // one that a case stopped could not be waited for
            await _kill.CancelAsync();
        }

        Kill();
        try
        {
            await Ended.WaitAsync(KillTime);
        }
        catch (TimeoutException)
        {
            // its output is still held open by a grandchild; the process itself is gone
        }

        StallMeter.Forget(ProcessId);
        _kill.Dispose();
        lock (Running)
        {
            Running.Remove(this);
        }
    }

    private static void TellEnd(Process process, TaskCompletionSource<int?> gone)
    {
        void Tell()
        {
            try
            {
                gone.TrySetResult(process.ExitCode);
            }
            catch (InvalidOperationException)
            {
                gone.TrySetResult(null); // CliWrap is done with it already, and has the status
            }
        }

        process.Exited += (_, _) => Tell();
        if (process.HasExited)
        {
            Tell();
        }
    }

    private async Task<Ending> Watch(Task<CommandResult> read, Task<int?> gone)
    {
        await Task.WhenAny(read, gone);
        TimeSpan at = Moment.Now;
        _isHeldOpen = await Task.WhenAny(read, Task.Delay(ReadingTime)) != read;
        int status = (gone.IsCompletedSuccessfully ? await gone : null)
            ?? (read.IsCompletedSuccessfully ? (await read).ExitCode : Signalled + PosixSignals.Kill);
        Fate = string.Create(CultureInfo.InvariantCulture, $"{Title} exited with status {status}{(status > Signalled ? $", which stands for signal {status - Signalled}," : "")}");
        Output.Close(Misdeed ?? Fate);
        Errors.Close(Misdeed ?? Fate);
        return new Ending(status, at);
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
