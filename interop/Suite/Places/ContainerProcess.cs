// A program under test in a container of its own: PID 1 there, with nothing but its image, which it cannot write to.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;
using Peer = EasyTcp.Interop.Peers.Peer;

namespace EasyTcp.Interop.Places;

/// <summary>A peer in a container. Its output is taken by attaching and not from the engine's log, which holds a prompt back
/// until its line ends.</summary>
internal sealed class ContainerProcess : PeerProcess
{
    private const int CouldNotStart = 125; // as `docker run` has it
    private const int Aliases = 1_000_000_000;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(30);
    private static int _count;

    private readonly ContainerPlace _place;
    private readonly TaskCompletionSource<ContainerInspectResponse> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hasTurn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Ending> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _order = new();
    private readonly Task _life;
    private Task _delivered = Task.CompletedTask; // the signals so far
    private Task _starting = Task.CompletedTask;
    private volatile string _id = ""; // none yet
    private volatile bool _isUnwanted; // its end has come, be it before its start
    private bool _isHandedOn;
    private bool _keepsAddress;
    private volatile bool _hasMemoryLimit;

    private ContainerProcess(ContainerPlace place, string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, EndpointIPAMConfig? addresses)
        : base(title, peer.CommandWith(arguments))
    {
        _place = place;
        Host = string.Create(CultureInfo.InvariantCulture, $"{peer.Name.Replace(':', '-')}-{Interlocked.Increment(ref _count) % Aliases}");
        DueFrom(_hasTurn.Task);
        _life = Task.Run(() => Live(async () => (await _place.Engine.Containers.CreateContainerAsync(ContainerOrder.Of(place, Host, peer, arguments, environment, addresses))).ID));
    }

    // The same container once more.
    private ContainerProcess(ContainerProcess before)
        : base(before.Title, [before.CommandText])
    {
        (_place, Host) = (before._place, before.Host);
        DueFrom(_hasTurn.Task);
        _life = Task.Run(() => Live(() => Task.FromResult(before._id)));
    }

    public override string Host { get; }

    public override Task<Ending> Ended => _ended.Task;

    // The engine takes a container's network and file system apart before it says that the program has ended.
    protected override TimeSpan NewsOfEndTakes => TimeSpan.FromMinutes(1);

    // Its number on the engine's system, which is this one; null before it runs.
    private int? NumberHere => _running.Task.IsCompletedSuccessfully ? (int)_running.Task.Result.State!.Pid : null;

    private IContainerOperations Containers => _place.Engine.Containers;

    /// <summary>Starts a peer in a new container, which the engine gives its addresses unless it has some of its own.</summary>
    public static ContainerProcess Start(ContainerPlace place, string title, Peer peer, string[] arguments, IReadOnlyDictionary<string, string?> environment, EndpointIPAMConfig? addresses) =>
        Begin(() => new ContainerProcess(place, title, peer, arguments, environment, addresses));

    /// <summary>Starts the container once more after its end: the same name, and a new process.</summary>
    public ContainerProcess StartAgain()
    {
        _isHandedOn = true;
        return Begin(() => new ContainerProcess(this));
    }

    public override async Task<IPAddress> Address(AddressFamily family)
    {
        ContainerInspectResponse facts = await _running.Task;
        EndpointSettings here = facts.NetworkSettings!.Networks!.Values.Single();
        return IPAddress.Parse(family == AddressFamily.InterNetwork ? here.IPAddress : here.GlobalIPv6Address);
    }

    /// <summary>Takes the container off its network.</summary>
    /// <param name="isForGood">True if it need not come back.</param>
    public async Task Disconnect(bool isForGood = false)
    {
        if (!isForGood)
        {
            await _place.Addresses.Keep();
            _keepsAddress = true;
        }

        await _place.Engine.Networks.DisconnectNetworkAsync(_place.Network, new NetworkDisconnectParameters { Container = _id });
    }

    /// <summary>Brings it back, with the addresses and the name that it had.</summary>
    public async Task Reconnect()
    {
        await _place.Engine.Networks.ConnectNetworkAsync(_place.Network, new NetworkConnectParameters
        {
            Container = _id,
            EndpointConfig = new EndpointSettings
            {
                Aliases = [Host],
                IPAMConfig = new EndpointIPAMConfig
                {
                    IPv4Address = (await Address(AddressFamily.InterNetwork)).ToString(),
                    IPv6Address = (await Address(AddressFamily.InterNetworkV6)).ToString(),
                },
            },
        });
        GiveAddressBack();
    }

    /// <summary>Freezes everything in the container.</summary>
    public Task Pause() => Containers.PauseContainerAsync(_id);

    /// <summary>Lets it go on.</summary>
    public Task Resume() => Containers.UnpauseContainerAsync(_id);

    /// <summary>Limits the container's memory, without swap.</summary>
    public Task LimitMemory(long bytes)
    {
        _hasMemoryLimit = true;
        return Containers.UpdateContainerAsync(_id, new ContainerUpdateParameters { Memory = bytes, MemorySwap = bytes });
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (!_isHandedOn)
            {
                await Remove();
            }
        }
        finally
        {
            GiveAddressBack(); // or no other container could start
        }

        await _life.WaitAsync(EndTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync();
    }

    public override Task NoteWaits()
    {
        if (NumberHere is int number)
        {
            Waits.Look(Moment.Now, ProcessFacts.ThreadsOf(number));
        }

        return Task.CompletedTask;
    }

    protected override bool IsStopped() => Ended.IsCompleted || (NumberHere is int number && ProcessFacts.IsStopped(number));

    // In order, for each takes a request.
    protected override void Deliver(int signal)
    {
        lock (_order)
        {
            _delivered = DeliverAfter(_delivered, signal);
        }
    }

    protected override void KillTree() => Remove().GetAwaiter().GetResult();

    private void GiveAddressBack()
    {
        if (_keepsAddress)
        {
            _keepsAddress = false;
            _place.Addresses.GiveBack();
        }
    }

    private async Task DeliverAfter(Task before, int signal)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await _running.Task;
            await Containers.KillContainerAsync(_id, new ContainerKillParameters { Signal = signal.ToString(CultureInfo.InvariantCulture) });
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or CaseFailedException)
        {
            // it has ended by itself, or never came to run
        }
    }

    private async Task Remove()
    {
        Task starting;
        lock (_order)
        {
            _isUnwanted = true;
            starting = _starting;
        }

        // An engine that is to remove what it is just starting may count an endpoint of its network for ever (moby issue 42119).
        await starting.WaitAsync(StartTime).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            if (_id.Length > 0)
            {
                await Containers.RemoveContainerAsync(_id, new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
            }
        }
        catch (Exception error) when (error is DockerApiException or HttpRequestException or IOException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            // it is gone, or just going; or the engine is, or does not answer
        }
    }

    private Task StartUnlessUnwanted()
    {
        lock (_order)
        {
            return _isUnwanted && !_isHandedOn ? Task.CompletedTask : _starting = Containers.StartContainerAsync(_id, new ContainerStartParameters());
        }
    }

    // What was removed before it was made is there all the same.
    private async Task EndIfUnwanted()
    {
        if (_isUnwanted && !_isHandedOn)
        {
            await Remove();
        }
    }

    // From the order to the end of the output, whatever happens.
    private async Task Live(Func<Task<string>> make)
    {
        MultiplexedStream? stdio = null;
        try
        {
            await _place.Addresses.Start(
                async () =>
                {
                    ObjectDisposedException.ThrowIf(_isUnwanted && !_isHandedOn, this);
                    _id = await make();
                    await EndIfUnwanted();
                    stdio = await Containers.AttachContainerAsync(_id, new ContainerAttachParameters { Stream = true, Stdin = true, Stdout = true, Stderr = true });
                },
                () =>
                {
                    StartedAt = Moment.Now; // and not while others were waited for
                    _hasTurn.TrySetResult();
                    return StartUnlessUnwanted();
                });
            await EndIfUnwanted();
            _running.TrySetResult(await Containers.InspectContainerAsync(_id));
            Task typing = PassOnInput(stdio!);
            await Read(stdio!);
            ContainerEnd end = await ContainerEnd.Of(_place.Engine, _id, () => _hasMemoryLimit);
            _ended.TrySetResult(NoteEnd(end.Status, end.At, end.Reason));
            EndInput();
            await typing;
        }
        catch (Exception error)
        {
            // Whatever it was, an engine that does not answer too: whoever waits for this peer must hear of it.
            string reason = error.Message.ReplaceLineEndings(" ");
            Errors.Add(System.Text.Encoding.UTF8.GetBytes($"container: {reason}\n"), Moment.Now);
            _running.TrySetException(new CaseFailedException("6.1", $"that {Title} starts in a container", reason));
            _ended.TrySetResult(NoteEnd(CouldNotStart, Moment.Now, $": {reason}"));
        }
        finally
        {
            _hasTurn.TrySetResult();
            stdio?.Dispose();
        }
    }

    private async Task Read(MultiplexedStream stdio)
    {
        byte[] chunk = new byte[16 * 1024];
        while (await stdio.ReadOutputAsync(chunk, 0, chunk.Length, CancellationToken.None) is { EOF: false } read)
        {
            (read.Target == MultiplexedStream.TargetStream.StandardError ? Errors : Output).Add(chunk.AsSpan(0, read.Count), Moment.Now);
        }
    }

    private async Task PassOnInput(MultiplexedStream stdio)
    {
        try
        {
            await foreach (byte[] bytes in Input.ReadAllAsync())
            {
                await stdio.WriteAsync(bytes, 0, bytes.Length, CancellationToken.None);
            }

            stdio.CloseWrite();
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            // it closed its stdin, or ended: what it did instead is judged by its output and its status
        }
    }
}
