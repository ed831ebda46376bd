// A program under test that runs, wherever that is: its stdio with times, signals to it, and its end.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Its status; 128 + N if signal N ended it.</param>
/// <param name="At">When.</param>
internal sealed record Ending(int ExitCode, TimeSpan At);

/// <summary>A peer that runs.</summary>
internal abstract class PeerProcess : IAsyncDisposable
{
    private const int Signalled = 128;

    private static readonly HashSet<PeerProcess> Running = [];
    private static bool _closing;

    private readonly Channel<byte[]> _input = Channel.CreateUnbounded<byte[]>();

    /// <summary>A peer that is being started.</summary>
    /// <param name="title">What it is, for reports: <c>server c-nonblocking</c>.</param>
    /// <param name="command">The program and its arguments, for reports.</param>
    protected PeerProcess(string title, IEnumerable<string> command)
    {
        (Title, CommandText) = (title, string.Join(' ', command));
        (Output, Errors) = (new OutputLog(Kill), new OutputLog(Kill)); // before anybody reads, and anybody asks
    }

    /// <summary>What the peer is, for reports: <c>server c-nonblocking</c>.</summary>
    public string Title { get; }

    public string CommandText { get; }

    /// <summary>When the case first sent a signal that ends a program; null for never.</summary>
    public TimeSpan? ToldToEndAt { get; private set; }

    /// <summary>When the case killed it; null for never.</summary>
    public TimeSpan? KilledAt { get; private set; }

    /// <summary>When the process was started.</summary>
    public TimeSpan StartedAt { get; protected set; } = Moment.Now;

    /// <summary>True for the program itself; a command that may start others need not pass a signal on to them.</summary>
    public virtual bool IsAlone => true;

    /// <summary>Its number on this system; 0 for one that runs elsewhere.</summary>
    public virtual int ProcessId => 0;

    public OutputLog Output { get; }

    public OutputLog Errors { get; }

    /// <summary>Completes when the process has ended and its output is read to the end; a little later if another process that
    /// it left behind holds its output open.</summary>
    public abstract Task<Ending> Ended { get; }

    /// <summary>How long its threads waited for a processor, as far as that was noted.</summary>
    public RunDelay Waits { get; } = new();

    /// <summary>How it ended, as in <c>server c-nonblocking exited with status 3</c>; null while it runs.</summary>
    public string? Fate { get; private set; }

    /// <summary>What no program may do, whatever the case is about: flood the suite, or leave a process behind. Null if it did not.</summary>
    public string? Misdeed =>
        Output.Flood is string flood ? $"{Title}, stdout: {flood}; it was killed for that"
        : Errors.Flood is string errors ? $"{Title}, stderr: {errors}; it was killed for that"
        : IsHeldOpen ? $"{Fate}, but a process that it had started lives on and holds its stdout or stderr open"
        : null;

    /// <summary>How long after its end one hears of it at most, where that is not at once.</summary>
    protected virtual TimeSpan NewsOfEndTakes => TimeSpan.Zero;

    /// <summary>True if it has ended and another holds its output open.</summary>
    protected bool IsHeldOpen { get; set; }

    /// <summary>What is typed, in order, until stdin ends.</summary>
    protected ChannelReader<byte[]> Input => _input.Reader;

    /// <summary>Kills whatever still runs, for a suite that ends or is interrupted.</summary>
    /// <param name="forGood">True if nothing can be started afterwards.</param>
    public static void KillAll(bool forGood)
    {
        lock (Running)
        {
            _closing |= forGood;
            Parallel.ForEach(Running, peer => peer.KillTree()); // one that is a container takes its time
        }
    }

    /// <summary>The name by which others reach it.</summary>
    public virtual string Host => "localhost";

    /// <summary>The address that others reach it at.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    public abstract Task<IPAddress> Address(AddressFamily family);

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
            Deliver(signal);
        }
    }

    /// <summary>Stops the process, and awaits that it stands still: a signal takes its time.</summary>
    public Task Freeze()
    {
        Signal(PosixSignals.Stop);
        return Wait.Until($"that {Title} stands still", "6", Wait.Patience, IsStopped, () => "it runs on after SIGSTOP");
    }

    /// <summary>Lets a stopped process go on.</summary>
    public void Thaw() => Signal(PosixSignals.Continue);

    /// <summary>Awaits the end of the process.</summary>
    public async Task<Ending> End(string clause, TimeSpan within)
    {
        await Output.DueFrom; // nor is the end of one that waits for its turn to start
        TimeSpan start = Moment.Now;
        Ending ending = await EndHeardOf(clause, start, within);
        Expect.OfTime(ending.At - start <= within, clause, $"the end of {Title} within {Wait.Seconds(within)}", Wait.Seconds(ending.At - start), Lateness.Of(start + within, ending.At));
        return Misdeed == null ? ending : throw new CaseFailedException(clause, $"the end of {Title}", Misdeed);
    }

    // To hear of it may take longer than it may take itself: then it is the stated time that has passed, and no mere silence.
    private async Task<Ending> EndHeardOf(string clause, TimeSpan start, TimeSpan within)
    {
        try
        {
            return await Wait.For($"the end of {Title}", clause, within + NewsOfEndTakes, cancel => Ended.WaitAsync(cancel), $"it runs on after {Wait.Seconds(within)}");
        }
        catch (CaseFailedException late) when (late.IsSilence && within < Wait.Patience)
        {
            throw new CaseFailedException(late.Clause, late.Expected, late.Actual) { Late = Lateness.OfWait(start, within) };
        }
    }

    /// <summary>Notes how long its threads have waited by now, where the system tells.</summary>
    public abstract Task NoteWaits();

    /// <summary>Ends the process, and any that it started, if it still runs.</summary>
    public virtual ValueTask DisposeAsync()
    {
        StallMeter.Forget(this);
        lock (Running)
        {
            Running.Remove(this);
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Starts one, unless the suite is about to end: an interrupted suite leaves nobody behind who was just being started.</summary>
    protected static T Begin<T>(Func<T> start)
        where T : PeerProcess
    {
        lock (Running)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(PeerProcess));
            T peer = start();
            Running.Add(peer);
            return peer;
        }
    }

    /// <summary>For one that waits for its turn to start: nothing is due from it before that.</summary>
    /// <param name="turn">Completes when it is its turn, whatever becomes of it.</param>
    protected void DueFrom(Task turn) => (Output.DueFrom, Errors.DueFrom) = (turn, turn);

    /// <summary>Sends a signal.</summary>
    protected abstract void Deliver(int signal);

    /// <summary>True if it stands still after a signal to stop, or has ended.</summary>
    protected abstract bool IsStopped();

    /// <summary>Ends the program at once.</summary>
    protected virtual void Kill() => Signal(PosixSignals.Kill);

    /// <summary>Ends the program and all that it started.</summary>
    protected virtual void KillTree() => Kill();

    /// <summary>Notes the end and closes the logs.</summary>
    /// <param name="status">The exit status.</param>
    /// <param name="at">When.</param>
    /// <param name="reason">Why, if the system tells.</param>
    protected Ending NoteEnd(int status, TimeSpan at, string reason = "")
    {
        Fate = string.Create(CultureInfo.InvariantCulture, $"{Title} exited with status {status}{(status > Signalled ? $", which stands for signal {status - Signalled}," : "")}{reason}");
        Output.Close(Misdeed ?? Fate);
        Errors.Close(Misdeed ?? Fate);
        return new Ending(status, at);
    }
}
