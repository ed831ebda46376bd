// A server's life from its command line to its farewell (parts 6 and 8), whatever its way of waiting.
using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using EasyTcp.Protocol;
using CommandLine = EasyTcp.Protocol.CommandLine;

namespace EasyTcp.Servers;

/// <summary>Runs a server.</summary>
public static class ServerProgram
{
    private const double ShortestInterval = 0.1;
    private const double LongestInterval = 86400;
    private const double DefaultInterval = 60;

    /// <summary>Runs a server until a signal ends it.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="method">How it waits, for its usage.</param>
    /// <param name="args">The command line (clause 6.1).</param>
    /// <param name="serve">Waits, for ever.</param>
    /// <returns>The exit status.</returns>
    public static int Run(string name, string method, string[] args, Action<Service> serve)
    {
        Argument<int> port = CommandLine.Port(0, "The port to listen on; 0 lets the system choose");
        Argument<TimeSpan> interval = Interval();
        return CommandLine.Run(name, $"The EasyTCP/1 server, {method}", [port, interval], args,
            parsed => Run(name, parsed.GetValue(port), parsed.GetValue(interval), serve));
    }

    private static int Run(string name, int port, TimeSpan interval, Action<Service> serve)
    {
        var console = new ServerConsole(StandardStreams.Output());
        DescriptorLimit.Raise();
        var reports = new ReportSchedule(TimeProvider.System, interval);
        var clients = new ClientRegistry(console, reports);
        Action<string> errors = StandardStreams.Errors();
        void Tell(string line) => errors($"{name}: {line}");

        AppDomain.CurrentDomain.UnhandledException += (_, fault) =>
        {
            Tell($"stopped by a fault: {(fault.ExceptionObject as Exception)?.Message}");
            Environment.Exit(CommandLine.Fault);
        };
        Signals.EndWith(clients.Farewell);
        Socket listener;
        try
        {
            listener = Listener.Open(port);
        }
        catch (SocketException error)
        {
            Tell($"cannot listen on port {port}: {error.Message}");
            return CommandLine.Fault;
        }

        var service = new Service(listener, clients, reports, Tell, TimeProvider.System);
        clients.Ready(((System.Net.IPEndPoint)listener.LocalEndPoint!).Port);
        service.Begin();
        serve(service);
        return CommandLine.Success;
    }

    // 1*DIGIT ["." 1*DIGIT], from 0.1 to 86400
    private static Argument<TimeSpan> Interval() => new("report-seconds")
    {
        Description = "The report's interval in seconds",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => TimeSpan.FromSeconds(DefaultInterval),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            int point = text.IndexOf('.', StringComparison.Ordinal);
            bool wellFormed = point < 0
                ? CommandLine.IsDigits(text)
                : CommandLine.IsDigits(text.AsSpan(0, point)) && CommandLine.IsDigits(text.AsSpan(point + 1));
            if (wellFormed && IsInRange(text, point))
            {
                return TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));
            }

            result.AddError(string.Create(CultureInfo.InvariantCulture,
                $"'{text}' is not an interval: seconds from {ShortestInterval} to {LongestInterval} are expected"));
            return default;
        },
    };

    // By the digits, for a number of any length: a double would round 86400.00000000000001 into the range.
    private static bool IsInRange(string text, int point)
    {
        string whole = (point < 0 ? text : text[..point]).TrimStart('0');
        string fraction = point < 0 ? "" : text[(point + 1)..].TrimEnd('0');
        bool tooShort = whole.Length == 0 && (fraction.Length == 0 || fraction[0] == '0');
        int longest = string.CompareOrdinal(whole.PadLeft(5, '0'), "86400");
        return !tooShort && whole.Length <= 5 && (longest < 0 || (longest == 0 && fraction.Length == 0));
    }
}
