// A program under test that a person starts: its stdio goes through named pipes, by which it is also found.
using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Places;

/// <summary>A peer that is awaited. It runs when somebody opens its pipes, and has ended when nobody holds them open any more.</summary>
internal sealed partial class AttachedProcess : PeerProcess
{
    private const uint OwnerOnly = 0x180; // rw-------

    private static readonly string Folder = Path.Combine("artifacts", "attach", "stdio");

    // The shell writes the status once the program has ended; a debugger does not.
    private static readonly TimeSpan StatusTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static int _count;

    private readonly TextWriter _told;
    private readonly string _folder;
    private readonly Task<string> _status;
    private readonly Task _typing;
    private int _processId;

    private AttachedProcess(string title, string[] command, string folder, TextWriter told)
        : base(title, command)
    {
        (_folder, _told) = (folder, told);
        _status = Task.Run(ReadStatus);
        _typing = Task.Run(PassOnInput);
        Ended = Task.Run(Live);
    }

    public override bool IsAlone => false; // a debugger may hold it

    public override int ProcessId => _processId != 0 ? _processId : _processId = Find();

    public override Task<Ending> Ended { get; }

    /// <summary>Says how a peer is to be started, and waits for it in the background.</summary>
    /// <param name="title">What it is, for reports.</param>
    /// <param name="command">The command, as it would be started.</param>
    /// <param name="told">Where to say so.</param>
    /// <exception cref="IOException">There can be no pipes.</exception>
    public static AttachedProcess Await(string title, string[] command, TextWriter told)
    {
        string name = Path.Combine(Folder, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture));
        string folder = Path.GetFullPath(name, Repository.Root);
        Directory.CreateDirectory(folder);
        foreach (string pipe in new[] { "in", "out", "err", "status" })
        {
            File.Delete(Path.Combine(folder, pipe));
            if (MakePipe(Path.Combine(folder, pipe), OwnerOnly) != 0)
            {
                throw new IOException($"no named pipe can be made in {name}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }
        }

        string redirected = $"<{name}/in >{name}/out 2>{name}/err";
        told.WriteLine($"waiting for {title}; run it in {Repository.Root}:");
        told.WriteLine($"  {string.Join(' ', command.Select(ShellText.Word))} {redirected}; echo $? >{name}/status");
        told.WriteLine($"  or under a debugger, with this after its arguments: {redirected}");
        return Begin(() => new AttachedProcess(title, command, folder, told));
    }

    public override Task<IPAddress> Address(AddressFamily family) =>
        Task.FromResult(family == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback);

    public override Task NoteWaits()
    {
        if (ProcessId != 0)
        {
            Waits.Look(Moment.Now, ProcessFacts.ThreadsOf(ProcessId));
        }

        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        EndInput();
        Kill();
        Task all = Task.WhenAll(Ended, _typing, _status);
        while (!all.IsCompleted)
        {
            // Whoever of us still waits for the other side of a pipe gets one; and again, for he may come to wait just now.
            foreach (string pipe in Directory.Exists(_folder) ? Directory.GetFiles(_folder) : [])
            {
                Open(pipe, FileAccess.ReadWrite).Dispose();
            }

            await Task.WhenAny(all, Task.Delay(Pause));
        }

        RemovePipes();
        await base.DisposeAsync();
    }

    protected override void Deliver(int signal)
    {
        if (ProcessId != 0)
        {
            _ = PosixSignals.Send(ProcessId, signal);
        }
    }

    protected override bool IsStopped() => ProcessId == 0 || ProcessFacts.IsStopped(ProcessId);

    protected override void Kill()
    {
        if (Ended == null)
        {
            return; // it is just being made
        }

        base.Kill();
        foreach (int holder in Holders())
        {
            _ = PosixSignals.Send(holder, PosixSignals.Kill);
        }
    }

    // The suite ends, and will not come to dispose of it.
    protected override void KillTree()
    {
        base.KillTree();
        RemovePipes();
    }

    private static FileStream Open(string path, FileAccess access) =>
        new(path, new FileStreamOptions { Mode = FileMode.Open, Access = access, Share = FileShare.ReadWrite, BufferSize = 0 });

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MakePipe(string path, uint mode);

    private async Task<Ending> Live()
    {
        await Task.WhenAll(Read("out", Output), Read("err", Errors));
        TimeSpan at = Moment.Now;
        string status = await Task.WhenAny(_status, Task.Delay(StatusTime)) == _status ? await _status : "";
        if (!int.TryParse(status, CultureInfo.InvariantCulture, out int number))
        {
            _told.WriteLine($"{Title} has ended; nobody said with which status, so 0 is assumed");
        }

        return NoteEnd(number, at);
    }

    // On a thread of its own: to open a pipe is to wait for the other side.
    private Task Read(string pipe, OutputLog log) => Task.Factory.StartNew(
        () =>
        {
            using FileStream stream = Open(Path.Combine(_folder, pipe), FileAccess.Read);
            StartedAt = Moment.Now;
            log.ReadAsync(stream, CancellationToken.None).GetAwaiter().GetResult();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private string ReadStatus()
    {
        using var reader = new StreamReader(Open(Path.Combine(_folder, "status"), FileAccess.Read));
        return reader.ReadToEnd();
    }

    private async Task PassOnInput()
    {
        try
        {
            await using FileStream stream = Open(Path.Combine(_folder, "in"), FileAccess.Write);
            await foreach (byte[] bytes in Input.ReadAllAsync())
            {
                await stream.WriteAsync(bytes);
            }
        }
        catch (IOException)
        {
            // it reads no more: what it did instead is judged by its output
        }
    }

    private void RemovePipes()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    // The program itself; 0 if it does not run. Some shells have the pipe for their stdout as well, while they wait for it.
    private int Find()
    {
        int[] holders = [.. Holders()];
        HashSet<int> parents = [.. holders.Select(ProcessFacts.ParentOf)];
        return holders.FirstOrDefault(holder => !parents.Contains(holder));
    }

    // Whoever has the pipe for its stdout.
    private IEnumerable<int> Holders()
    {
        string pipe = Path.Combine(_folder, "out");
        bool Holds(string process)
        {
            try
            {
                return string.Equals(File.ResolveLinkTarget(Path.Combine(process, "fd", "1"), returnFinalTarget: false)?.FullName, pipe, StringComparison.Ordinal);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return false; // it has ended, or is another's
            }
        }

        return Directory.EnumerateDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]) && Holds(process))
            .Select(process => int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture));
    }
}
