// The client from its command line to its exit status (clauses 10.1, 10.9 and 10.10).
using System.Runtime.InteropServices;
using static EasyTcp.Saboteurs.ClientFault;

namespace EasyTcp.Saboteurs;

internal static class ClientProgram
{
    private const string Usage = "Usage: Saboteurs client FAULT [host] [port]";
    private const int Interrupted = 130;
    private const int Terminated = 143;

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(9);

    // Kept, for a registration that is collected is none.
    private static PosixSignalRegistration[] _registrations = [];

    public static int Run(string[] args)
    {
        if (args is ["--help"])
        {
            (Fault.Is(HelpOnStderr) ? Console.Error : Console.Out).WriteLine(Usage);
            return Texts.Success;
        }

        string host = args.Length > 0 ? args[0] : "localhost";
        int port = Fault.Is(DefaultPort12001) ? Texts.DefaultPort + 1 : Texts.DefaultPort;
        bool isRight = (args.Length <= 2 || Fault.Is(ExtraArgumentIgnored)) && host.Length > 0 && host[0] != '-' &&
            (args.Length < 2 || Texts.TryReadPort(Fault.Is(PortByParser) ? args[1].Trim(' ', '+') : args[1], Fault.Is(PortZeroAccepted) ? 0 : 1, out port)) &&
            !(Fault.Is(HostAloneRefused) && args.Length == 1) && !(Fault.Is(PortLargestRefused) && port == Texts.MaxPayload);
        if (!isRight)
        {
            (Fault.Is(UsageOnStdout) ? Console.Out : Console.Error).WriteLine(Usage);
            return Fault.Is(WrongArgumentsExit1) ? Texts.Failure : Texts.Misuse;
        }

        if (Fault.Is(InputFileRefused) && Terminal.IsFile)
        {
            Console.Error.WriteLine("cannot wait for input: Operation not permitted");
            return Texts.Failure;
        }

        using var terminal = new Terminal();
        Native.TakeInterrupts();
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, terminal)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, terminal)),
        ];
        return Run(host, port, terminal);
    }

    private static int Run(string host, int port, Terminal terminal)
    {
        Connection connection;
        try
        {
            connection = Connection.Open(host, port);
        }
        catch (SessionException error)
        {
            Console.Error.WriteLine(Fault.Is(NoServerStackTrace) ? error.ToString() : error.Message);
            return Fault.Is(NoServerExits0) ? Texts.Success : Texts.Failure;
        }

        using (connection)
        {
            try
            {
                return new Menu(terminal, connection).Run();
            }
            catch (SessionException error)
            {
                return Complain(error, terminal);
            }
        }
    }

    // One line on stderr, no farewell, exit 1 (clause 10.10).
    private static int Complain(SessionException error, Terminal terminal)
    {
        if (Fault.Is(FaultSaysBye))
        {
            terminal.Farewell("\nBye bye~\n");
        }

        terminal.Close();
        for (int times = Fault.Is(FaultSilent) ? 0 : Fault.Is(FaultSaidTwice) ? 2 : 1; times > 0; times--)
        {
            Console.Error.WriteLine(Fault.Is(FaultStackTrace) ? error.ToString() : error.Message);
        }

        return Fault.Is(FaultExits0) ? Texts.Success : Texts.Failure;
    }

    private static void End(PosixSignalContext signal, Terminal terminal)
    {
        signal.Cancel = true;
        if ((Fault.Is(SignalIgnoredWhileWaiting) && Connection.IsWaiting) || (Fault.Is(SignalIgnoredInReply) && Connection.IsInReply) || (Fault.Is(SignalIgnoredWhileSending) && Connection.IsSending))
        {
            return;
        }

        if (Fault.Is(SignalObeyedLateWhileWaiting) && Connection.IsWaiting)
        {
            Clock.LetPass(Late);
        }

        bool isInterrupt = signal.Signal == PosixSignal.SIGINT;
        if (Connection.IsConnecting && (Fault.Is(SignalKillsWhileConnecting) || (Fault.Is(SigtermKillsWhileConnecting) && !isInterrupt)))
        {
            Environment.Exit(isInterrupt ? Interrupted : Terminated);
        }

        string farewell = Fault.Is(FarewellTwice) ? "\nBye bye~\nBye bye~\n" : "\nBye bye~\n";
        terminal.Farewell(Fault.Is(CtrlCWithoutLineFeed) && isInterrupt ? "Bye bye~\n" : farewell);
        Environment.Exit(
            Fault.Is(CtrlCExits130) && isInterrupt ? Interrupted
            : Fault.Is(SigtermExits143) && !isInterrupt ? Terminated
            : Texts.Success);
    }
}
