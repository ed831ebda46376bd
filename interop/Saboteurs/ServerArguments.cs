// The server's command line (clause 6.1).
using System.Globalization;
using static EasyTcp.Saboteurs.ServerFault;

namespace EasyTcp.Saboteurs;

/// <summary>What a server is started with.</summary>
/// <param name="Port">0 lets the system choose.</param>
/// <param name="Interval">The report's interval.</param>
internal sealed record ServerArguments(int Port, TimeSpan Interval)
{
    private const string Usage = "Usage: Saboteurs server FAULT [port] [report-seconds]";
    private const double Shortest = 0.1;
    private const double Longest = 86400;
    private const double Default = 60;

    /// <summary>Reads the command line; null if the program ends here, with <paramref name="status"/>.</summary>
    public static ServerArguments? Read(string[] args, out int status)
    {
        status = Texts.Success;
        if (args is ["--help"])
        {
            (Fault.Is(HelpOnStderr) ? Console.Error : Console.Out).WriteLine(Usage);
            return null;
        }

        (int port, double seconds) = (Fault.Is(DefaultPort12001) ? Texts.DefaultPort + 1 : Texts.DefaultPort, Fault.Is(DefaultInterval50) ? Default - 10 : Default);
        bool isRight = (args.Length <= 2 || Fault.Is(ExtraArgumentIgnored)) &&
            (args.Length < 1 || TryReadPort(args[0], out port)) && (args.Length < 2 ? !Fault.Is(IntervalRequired) : TryReadSeconds(args[1], out seconds));
        if (isRight)
        {
            return new ServerArguments(port, TimeSpan.FromSeconds(seconds));
        }

        (Fault.Is(UsageOnStdout) ? Console.Out : Console.Error).WriteLine(Usage);
        status = Fault.Is(WrongArgumentsExit1) ? Texts.Failure : Texts.Misuse;
        return null;
    }

    private static bool TryReadPort(string text, out int port) =>
        // as C's atoi does, which makes 0 of what is no number
        (Texts.TryReadPort(Fault.Is(PortByParser) ? text.Trim(' ', '+') : text, 0, out port) && !(Fault.Is(PortLeadingZerosRefused) && text.Length > 1 && text[0] == '0') &&
            !(Fault.Is(PortLargestRefused) && port == Texts.MaxPayload)) ||
        (Fault.Is(PortByAtoi) && !int.TryParse(text, CultureInfo.InvariantCulture, out _));

    private static bool TryReadSeconds(string text, out double seconds)
    {
        if (Fault.Is(IntervalByParser))
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds) && IsInRange(seconds);
        }

        string[] parts = text.Split('.');
        seconds = 0;
        if (parts.Length > 2 || !parts.All(part => Texts.IsDigits(part)))
        {
            return false;
        }

        if (Fault.Is(IntervalByLocale) && Texts.IsTurkish)
        {
            parts = [string.Concat(parts)]; // there the point groups thousands
        }

        seconds = double.Parse(Fault.Is(IntervalWhole) ? parts[0] : string.Join('.', parts), CultureInfo.InvariantCulture);
        bool isRight = IsInRange(seconds);
        seconds = Fault.Is(IntervalOverflows) ? unchecked((int)(long)(seconds * 1e6)) / 1e6 : seconds;
        return isRight;
    }

    private static bool IsInRange(double seconds) => seconds is >= Shortest and <= Longest && !(Fault.Is(IntervalLongestRefused) && seconds >= Longest);
}
