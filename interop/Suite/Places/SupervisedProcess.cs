// A program under test that a supervisor runs elsewhere: its stdio, signals and end travel over one connection.
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Places;

/// <summary>A peer behind a supervisor. The supervisor's clock is told apart from this one's, so that times can be laid side by side.</summary>
internal sealed class SupervisedProcess : PeerProcess
{
    private const int CouldNotStart = 126;
    private const int Probes = 3;

    private static readonly TimeSpan EndTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SupervisorTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookTime = TimeSpan.FromSeconds(1); // one that has fallen silent tells nothing of its peer's waits
    private static readonly TimeSpan SupervisorPause = TimeSpan.FromSeconds(0.1);

    private readonly Channel<(char Type, byte[] Payload)> _requests = Channel.CreateUnbounded<(char, byte[])>();
    private readonly TaskCompletionSource<Ending> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Queue<TaskCompletionSource> _looks = new(); // at its threads' waits, that were asked for
    private readonly Task _life;
    private TimeSpan _offset;
    private volatile bool _isStopped;

    private SupervisedProcess(string title, Peer peer, DnsEndPoint supervisor, string[] arguments, IReadOnlyDictionary<string, string?> environment)
        : base(title, peer.CommandWith(arguments))
    {
        Host = peer.Name;
        IEnumerable<(char, string)> order =
        [
            .. environment.Select(pair => ('E', $"{pair.Key}={pair.Value}")),
            .. arguments.Select(argument => ('A', argument)),
            ('S', ""),
        ];
        _life = Task.Run(() => Live(supervisor, [.. order.Select(frame => (frame.Item1, Encoding.UTF8.GetBytes(frame.Item2)))]));
    }

    public override string Host { get; }

    public override Task<Ending> Ended => _ended.Task;

    /// <summary>Asks a supervisor to start a peer.</summary>
    public static SupervisedProcess Start(string title, Peer peer, DnsEndPoint supervisor, string[] arguments, IReadOnlyDictionary<string, string?> environment) =>
        Begin(() => new SupervisedProcess(title, peer, supervisor, arguments, environment));

    public override Task<IPAddress> Address(AddressFamily family) => Task.FromResult(SupervisedPlace.Resolve(Host)[family]);

    public override async ValueTask DisposeAsync()
    {
        Kill();
        try
        {
            await Ended.WaitAsync(EndTime);
        }
        catch (TimeoutException)
        {
            // the supervisor ends the peer when the connection ends
        }

        _socket.Dispose();
        await _life;
        await base.DisposeAsync();
    }

    public override Task NoteWaits()
    {
        var look = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_looks)
        {
            _looks.Enqueue(look);
            _requests.Writer.TryWrite(('W', []));
        }

        return Task.WhenAny(look.Task, _life, Task.Delay(LookTime));
    }

    protected override void Deliver(int signal) => _requests.Writer.TryWrite(('K', [(byte)signal]));

    protected override bool IsStopped() => _isStopped || Ended.IsCompleted;

    // From the connection to its end, whatever the reason.
    private async Task Live(DnsEndPoint supervisor, (char, byte[])[] order)
    {
        try
        {
            await Connect(supervisor);
            await using var stream = new NetworkStream(_socket);
            await MeasureOffset(stream);
            StartedAt = Moment.Now;
            foreach ((char type, byte[] payload) in order)
            {
                await Send(stream, type, payload);
            }

            Task typing = Task.WhenAll(PassOnInput(), SendRequests(stream));
            await Hear(stream);
            _requests.Writer.TryComplete();
            EndInput();
            await typing;
        }
        catch (Exception error) when (error is IOException or SocketException or ObjectDisposedException)
        {
            EndBadly($"the connection to its supervisor failed: {error.Message}");
        }
    }

    // Its container may have been started a moment ago.
    private async Task Connect(DnsEndPoint supervisor)
    {
        TimeSpan start = Moment.Now;
        while (true)
        {
            try
            {
                await _socket.ConnectAsync(supervisor);
                return;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused && Moment.Now - start < SupervisorTime)
            {
                _socket.Dispose();
                _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await Task.Delay(SupervisorPause);
            }
        }
    }

    // An answer's moment lies between question and answer, by which the clocks' offset has bounds. A machine that the two share
    // has one clock, and then the offset is known to the microsecond; else the middle of the bounds is the best guess.
    private async Task MeasureOffset(NetworkStream stream)
    {
        (TimeSpan least, TimeSpan most) = (TimeSpan.MinValue, TimeSpan.MaxValue);
        for (int i = 0; i < Probes; i++)
        {
            TimeSpan asked = Moment.Now;
            await Send(stream, 'N', []);
            (_, byte[] answer) = await Receive(stream) ?? throw new IOException("it ended");
            least = TimeSpan.FromTicks(Math.Max(least.Ticks, (asked - Time(answer)).Ticks));
            most = TimeSpan.FromTicks(Math.Min(most.Ticks, (Moment.Now - Time(answer)).Ticks));
        }

        _offset = least <= Moment.OfSystem && Moment.OfSystem <= most ? Moment.OfSystem : least + ((most - least) / 2);
    }

    private async Task Hear(NetworkStream stream)
    {
        while (await Receive(stream) is (char type, byte[] payload))
        {
            TimeSpan at = Time(payload) + _offset;
            byte[] rest = payload[sizeof(long)..];
            switch (type)
            {
                case 'O':
                    Output.Add(rest, at);
                    break;
                case 'R':
                    Errors.Add(rest, at);
                    break;
                case 'Z' or 'z':
                    _isStopped = type == 'Z';
                    break;
                case 'W':
                    Waits.Look(at, Threads(rest));
                    lock (_looks)
                    {
                        _looks.Dequeue().SetResult();
                    }

                    break;
                case 'X':
                    _ended.TrySetResult(NoteEnd(BinaryPrimitives.ReadInt32BigEndian(rest), at));
                    return;
                case 'F':
                    EndBadly(Encoding.UTF8.GetString(rest));
                    return;
            }
        }

        EndBadly("its supervisor ended the connection");
    }

    private void EndBadly(string reason)
    {
        if (!_ended.Task.IsCompleted)
        {
            Errors.Add(Encoding.UTF8.GetBytes($"supervisor: {reason}\n"), Moment.Now);
            _ended.TrySetResult(NoteEnd(CouldNotStart, Moment.Now, $": {reason}"));
        }
    }

    private async Task PassOnInput()
    {
        await foreach (byte[] bytes in Input.ReadAllAsync())
        {
            _requests.Writer.TryWrite(('I', bytes));
        }

        _requests.Writer.TryWrite(('C', []));
    }

    private async Task SendRequests(NetworkStream stream)
    {
        await foreach ((char type, byte[] payload) in _requests.Reader.ReadAllAsync())
        {
            try
            {
                await Send(stream, type, payload);
            }
            catch (IOException)
            {
                // the supervisor is done with it: what it said last tells why
            }
        }
    }

    private static async Task Send(NetworkStream stream, char type, byte[] payload)
    {
        byte[] frame = new byte[1 + sizeof(int) + payload.Length];
        frame[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        payload.CopyTo(frame, 1 + sizeof(int));
        await stream.WriteAsync(frame);
    }

    // The next frame; null at the end.
    private static async Task<(char Type, byte[] Payload)?> Receive(NetworkStream stream)
    {
        byte[] head = new byte[1 + sizeof(int)];
        int read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false);
        if (read < head.Length)
        {
            return null;
        }

        byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await stream.ReadExactlyAsync(payload);
        return ((char)head[0], payload);
    }

    // A line a thread: its number, its state, its times.
    private static IEnumerable<ThreadTimes> Threads(byte[] lines) =>
        Encoding.ASCII.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))
            .Select(fields => ThreadTimes.Of(fields[0], fields[1][0], fields.AsSpan(2)));

    // The supervisor's time, with which each of its payloads begins.
    private static TimeSpan Time(byte[] payload) => TimeSpan.FromTicks(BinaryPrimitives.ReadInt64BigEndian(payload) / TimeSpan.NanosecondsPerTick);
}
