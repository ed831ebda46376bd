// What the server answers (part 3), for all clients together.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>Who asks.</summary>
/// <param name="Local">The server's end of the connection.</param>
/// <param name="Remote">The client's.</param>
internal sealed record Caller(IPEndPoint Local, IPEndPoint Remote)
{
    /// <summary>When it came.</summary>
    public Clock SinceItCame { get; } = new();

    /// <summary>Its own OK replies, for a server that counts apart.</summary>
    public long Answered { get; set; }

    /// <summary>Those not yet counted, for a server that counts late.</summary>
    public long Uncounted { get; set; }
}

internal sealed class Service
{
    private static readonly TimeSpan CacheTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LateBy = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan BetweenSteps = TimeSpan.FromMilliseconds(5);

    private const int KeptOfEach = 1000;

    private readonly Clock _sinceReady = new();
    private readonly ConcurrentQueue<byte[]> _kept = [];
    private Caller? _first;
    private Caller? _firstOfAll;
    private (TimeSpan At, string Text)? _cached;
    private long _answered;

    public static bool Knows(string command) => command is "UPPER" || IsQuestion(command);

    public static bool IsQuestion(string command) => Meant(command) is "ADDR" or "COUNT" or "UPTIME";

    /// <summary>Counts a request and answers it.</summary>
    public byte[] Answer(string command, byte[] payload, Caller caller)
    {
        if (Fault.Is(RequestsKept))
        {
            _kept.Enqueue(new byte[KeptOfEach]);
        }

        _firstOfAll ??= caller;
        long count = Fault.Is(CountLostAtOnce) && command is "COUNT" ? CountInTwoSteps() : Count(caller);
        return Meant(command) switch
        {
            "UPPER" => Upper.Of(payload),
            "ADDR" => Texts.Bytes(Address(caller)),
            "COUNT" => Texts.Bytes(Texts.Invariant($"{(Fault.Is(CountOf16Bits) ? (ushort)count : count - (Fault.Is(CountWithoutItself) ? 1 : 0))}")),
            _ => Texts.Bytes(Uptime(caller)),
        };
    }

    /// <summary>Counts a request: the number of all so far, this one included (clause 3.3).</summary>
    public long Count(Caller caller)
    {
        if (Fault.Is(CountLate))
        {
            return Interlocked.Read(ref _answered) + ++caller.Uncounted;
        }

        if (Fault.Is(CountRacy))
        {
            long before = _answered;
            Thread.SpinWait(20);
            return _answered = before + 1;
        }

        long count = Interlocked.Increment(ref _answered);
        caller.Answered++;
        return Fault.Is(CountPerClient) ? caller.Answered : count;
    }

    /// <summary>The last request did not count after all.</summary>
    public void Uncount() => Interlocked.Decrement(ref _answered);

    /// <summary>An ERR is answered, which does not count.</summary>
    public void CountErr() => Interlocked.Add(ref _answered, Fault.Is(CountOfErrToo) ? 1 : 0);

    /// <summary>A caller's replies are out.</summary>
    public void Sent(Caller caller)
    {
        if (caller.Uncounted > 0)
        {
            Clock.LetPass(LateBy);
            Interlocked.Add(ref _answered, caller.Uncounted);
            caller.Uncounted = 0;
        }
    }

    // Whoever asks between the two steps is lost.
    private long CountInTwoSteps()
    {
        long count = Interlocked.Read(ref _answered) + 1;
        Clock.LetPass(BetweenSteps);
        Interlocked.Exchange(ref _answered, count);
        return count;
    }

    private static string Meant(string command) =>
        Fault.Is(QuestionByPrefix) ? new[] { "ADDR", "COUNT", "UPTIME" }.FirstOrDefault(question => command.StartsWith(question, StringComparison.Ordinal)) ?? command : command;

    private string Address(Caller caller)
    {
        _first ??= caller;
        IPEndPoint endpoint = Fault.Is(AddressOfServer) ? caller.Local : Fault.Is(AddressOfFirstClient) ? _first.Remote : caller.Remote;
        IPAddress address = endpoint.Address;
        if (address.IsIPv4MappedToIPv6 && !Fault.Is(AddressMapped))
        {
            address = address.MapToIPv4();
        }
        else if (address is { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 })
        {
            address = new IPAddress(address.GetAddressBytes()); // without its zone
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            address = Fault.Is(AddressIsLoopback) ? IPAddress.Loopback : address;
            return Texts.Invariant($"{address}:{endpoint.Port}");
        }

        string text = Fault.Is(AddressNotShortened)
            ? string.Join(':', address.GetAddressBytes().Chunk(2).Select(pair => Texts.Invariant($"{(pair[0] << 8) | pair[1]:x}")))
            : address.ToString();
        return Fault.Is(AddressWithoutBrackets) ? Texts.Invariant($"{text}:{endpoint.Port}") : Texts.Invariant($"[{text}]:{endpoint.Port}");
    }

    private string Uptime(Caller caller)
    {
        if (Fault.Is(UptimeCached) && _cached is (TimeSpan at, string told) && _sinceReady.Elapsed - at < CacheTime)
        {
            return told;
        }

        string text = FreshUptime(caller);
        _cached = (_sinceReady.Elapsed, text);
        return text;
    }

    private string FreshUptime(Caller caller)
    {
        TimeSpan time = Fault.Is(UptimeOfConnection) ? caller.SinceItCame.Elapsed : Fault.Is(UptimeOfMachine) ? TimeSpan.FromMilliseconds(Environment.TickCount64)
            : Fault.Is(UptimeFromFirstClient) ? _firstOfAll!.SinceItCame.Elapsed : _sinceReady.Elapsed;
        long seconds = (long)(Fault.Is(UptimeRounded) ? Math.Round(time.TotalSeconds) : time.TotalSeconds);
        if (Fault.Is(UptimeByLocalTime))
        {
            DateTime local = DateTime.UnixEpoch.AddSeconds(seconds).ToLocalTime();
            return Texts.Invariant($"{local.Hour:00}:{local.Minute:00}:{local.Second:00}");
        }

        if (Fault.Is(UptimeWithoutMinutes))
        {
            return Texts.Invariant($"00:00:{seconds:00}");
        }

        long hours = seconds / 3600 % (Fault.Is(UptimeWithoutDays) ? 24 : long.MaxValue);
        string shown = Fault.Is(Uptime12Hours) ? Texts.Invariant($"{((hours + 11) % 12) + 1:00}")
            : Fault.Is(UptimeShortHours) ? Texts.Invariant($"{hours}")
            : Texts.Invariant($"{hours:00}");
        return Texts.Invariant($"{shown}:{seconds / 60 % 60:00}:{seconds % 60:00}");
    }
}
