// The server's life: it listens, serves, and says farewell (clauses 6.2, 6.7 and part 8).
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

internal static class ServerProgram
{
    private const int UnflushedOutput = 120; // as Python has it
    private const int Interrupted = 130;
    private const int Terminated = 143;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(0.8);

    private static readonly Clock Life = new();
    private static long _lastSignal;

    // Kept, for a registration that is collected is none.
    private static PosixSignalRegistration[] _registrations = [];

    public static int Run(string[] args)
    {
        if (ServerArguments.Read(args, out int status) is not ServerArguments arguments)
        {
            return status;
        }

        try
        {
            Serve(arguments);
            return Texts.Success;
        }
        catch (SocketException error)
        {
            string line = Texts.Invariant($"cannot listen on port {arguments.Port}{(Fault.Is(PortInUseWithoutReason) ? "" : $": {error.Message}")}");
            Console.Error.WriteLine(line);
            if (Fault.Is(PortInUseSaidTwice))
            {
                Console.Error.WriteLine(line);
            }

            return Fault.Is(PortInUseExits0) ? Texts.Success : Texts.Failure;
        }
    }

    // For ever, if the port can be had.
    private static void Serve(ServerArguments arguments)
    {
        if (!Fault.Is(DescriptorLimitKept))
        {
            Native.RaiseDescriptorLimit();
        }

        using Socket listener = Bind(arguments.Port);
        if (!Fault.Is(ReadyBeforeListening))
        {
            Listen(listener);
        }

        using var output = new Output();
        var registry = new Registry(output);
        Native.TakeInterrupts();
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, registry, listener)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, registry, listener)),
        ];
        int port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        output.Write(Texts.Invariant($"The server is ready to receive on port {(Fault.Is(ReadyLineNamesAskedPort) ? arguments.Port : port)}\n"));
        var service = new Service();
        var reports = new Reports(registry, arguments.Interval);
        new Thread(reports.Run) { IsBackground = true }.Start();
        if (Fault.Is(ReadyBeforeListening))
        {
            Clock.LetPass(TimeSpan.FromSeconds(0.5));
            Listen(listener);
        }

        if (Fault.Is(EndsWithStdin))
        {
            new Thread(EndWithStdin) { IsBackground = true }.Start();
        }

        using var acceptor = new Acceptor(listener, registry, service);
        acceptor.Run();
    }

    private static void EndWithStdin()
    {
        using Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Environment.Exit(Texts.Success);
    }

    // TCP either way; but only where it is asked for by name .NET sets SO_REUSEADDR.
    private static ProtocolType Protocol => Fault.Is(PortTakenByItself) ? ProtocolType.Unspecified : ProtocolType.Tcp;

    private static Socket Bind(int port)
    {
        if (Socket.OSSupportsIPv6 && !Fault.Is(Ipv4Only))
        {
            try
            {
                return Bind(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, Protocol) { DualMode = !Fault.Is(Ipv6Only) }, new IPEndPoint(IPAddress.IPv6Any, port));
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable || Fault.Is(PortInUseOverIpv6Overlooked))
            {
                // IPv6 is off
            }
        }

        return Bind(new Socket(AddressFamily.InterNetwork, SocketType.Stream, Protocol), new IPEndPoint(IPAddress.Any, port));
    }

    private static Socket Bind(Socket socket, IPEndPoint address)
    {
        if (Fault.Is(PortShared))
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true); // .NET makes it SO_REUSEPORT
        }

        socket.Bind(address);
        return socket;
    }

    // It stays blocking: what it accepts would else be served by .NET's threads for what does not block, and hundreds of
    // saboteurs run at once. On Linux nobody who was there to be accepted goes away before that.
    private static void Listen(Socket socket) => socket.Listen(int.MaxValue);

    private static void End(PosixSignalContext signal, Registry registry, Socket listener)
    {
        signal.Cancel = true;
        Interlocked.Exchange(ref _lastSignal, Life.Elapsed.Ticks);
        bool isInterrupt = signal.Signal == PosixSignal.SIGINT;
        if (Fault.Is(SigtermIgnored) && !isInterrupt)
        {
            return;
        }

        if (Fault.Is(CtrlCStackTrace) && isInterrupt)
        {
            Console.Error.WriteLine($"Unhandled exception. System.OperationCanceledException: interrupted\n{Environment.StackTrace}");
        }

        if (Fault.Is(FarewellSlow))
        {
            Clock.LetPass(TimeSpan.FromSeconds(3));
        }

        if (Fault.Is(FarewellSlowInCrowd))
        {
            Clock.LetPass(registry.Count * TimeSpan.FromMilliseconds(2)); // one after the other
        }

        while (Fault.Is(FarewellAwaitsQuiet) && Traffic.Silence < Quiet)
        {
            Clock.LetPass(TimeSpan.FromMilliseconds(10));
        }

        while (Fault.Is(FarewellWaitsForClients) && registry.Count > 0)
        {
            Clock.LetPass(TimeSpan.FromMilliseconds(10));
        }

        while (Fault.Is(FarewellWaitsForReaders) && Session.Sending > 0)
        {
            Clock.LetPass(TimeSpan.FromMilliseconds(10));
        }

        if (Fault.Is(PortHeldByChild))
        {
            Native.LetChildrenInherit(listener.Handle);
            using Process? child = Process.Start(new ProcessStartInfo("sleep", "3")
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            });
        }

        SayFarewell(registry, isAwaited: Fault.Is(FarewellAwaitsReader) || (Fault.Is(SigtermAwaitsReader) && !isInterrupt));
        Environment.Exit(
            Fault.Is(OutputClosedExits120) && Output.IsBroken ? UnflushedOutput
            : Fault.Is(CtrlCExits130) && isInterrupt ? Interrupted
            : Fault.Is(SigtermExits143) && !isInterrupt ? Terminated
            : Texts.Success);
    }
    // On a thread that can be left behind: a stdout that nobody reads must not keep the program.
    private static void SayFarewell(Registry registry, bool isAwaited)
    {
        var speaker = new Thread(registry.Farewell) { IsBackground = true };
        speaker.Start();
        if (isAwaited)
        {
            speaker.Join();
        }

        TimeSpan last = Life.Elapsed;
        while (!speaker.Join(TimeSpan.FromMilliseconds(10)) && Life.Elapsed - last < LongestFarewell)
        {
            if (Fault.Is(FarewellPutOffBySignals))
            {
                last = TimeSpan.FromTicks(Interlocked.Read(ref _lastSignal));
            }
        }
    }
}
