// A program under test, as a process of its own on this machine (CliWrap starts it and carries its stdio).
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CliWrap;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>A peer that is a process of this machine, reached over loopback.</summary>
internal sealed class LocalProcess : PeerProcess
{
    /// <summary>Starts a command in a session of its own.</summary>
    public const string NewSession = "/usr/bin/setsid"; // where there is none, a child whose parent has ended is not found

    // How long a peer that was killed may take to be gone.
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(5);

    // What a process that has ended had printed is read by then, unless another holds its output open.
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(1);

    private const int Killed = 128 + PosixSignals.Kill;

    private readonly CancellationTokenSource _kill = new();

    // A command that may start others gets a session of its own, by which all of them can be killed, also those whose parent
    // has ended. It is also killed with its tree; to find that costs a look at every process of the system.
    private readonly bool _hasChildren;

    private LocalProcess(string title, string[] command, string workingDirectory, IReadOnlyDictionary<string, string?> environment, bool hasChildren)
        : base(title, command)
    {
        _hasChildren = hasChildren;
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

    public override bool IsAlone => !_hasChildren;

    public override int ProcessId { get; }

    public override Task<Ending> Ended { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="title">What it is, for reports.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="environment">What to set in its environment.</param>
    /// <param name="hasChildren">True for a command that may start others, such as a shell.</param>
    /// <exception cref="CaseFailedException">It cannot be started.</exception>
    public static LocalProcess Start(string title, string[] command, string workingDirectory, IReadOnlyDictionary<string, string?> environment, bool hasChildren)
    {
        Watchdog.Watch();
        try
        {
            return Begin(() => new LocalProcess(title, command, workingDirectory, environment, hasChildren));
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or IOException)
        {
            throw new CaseFailedException("6.1", $"that '{string.Join(' ', command)}' starts", (error.InnerException ?? error).Message);
        }
    }

    public override Task<IPAddress> Address(AddressFamily family) =>
        Task.FromResult(family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback);

    public override async ValueTask DisposeAsync()
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

        _kill.Dispose();
        await base.DisposeAsync();
    }

    public override Task NoteWaits()
    {
        Waits.Look(Moment.Now, ProcessFacts.ThreadsOf(ProcessId));
        return Task.CompletedTask;
    }

    protected override void Deliver(int signal) => _ = PosixSignals.Send(ProcessId, signal);

    protected override bool IsStopped() => ProcessFacts.IsStopped(ProcessId);

    // At once, and with those of its session.
    protected override void Kill()
    {
        if (Ended == null)
        {
            return; // just being started; and no number yet, 0, would stand for the suite's own group
        }

        if (_hasChildren)
        {
            _ = PosixSignals.Send(-ProcessId, PosixSignals.Kill);
        }

        base.Kill();
    }

    // With all that it started; whoever is gone already is no fault.
    protected override void KillTree()
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
        IsHeldOpen = await Task.WhenAny(read, Task.Delay(ReadingTime)) != read;
        int status = (gone.IsCompletedSuccessfully ? await gone : null)
            ?? (read.IsCompletedSuccessfully ? (await read).ExitCode : Killed);
        return NoteEnd(status, at);
    }

    private async Task CopyInput(Stream stream, CancellationToken cancel)
    {
        try
        {
            await foreach (byte[] bytes in Input.ReadAllAsync(cancel))
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
