// The menu and what it prints (clauses 10.2, 10.3 and 10.5 to 10.9).
using System.Globalization;
using System.Text;
using static EasyTcp.Saboteurs.ClientFault;

namespace EasyTcp.Saboteurs;

internal sealed class Menu(Terminal terminal, Connection connection)
{
    private const string Farewell = "Bye bye~\n";

    private static readonly string[] Known = ["unknown command", "unexpected payload", "malformed header", "payload too large"];

    private readonly Clock _sinceStart = new();
    private Clock _sincePrompt = new();
    private Clock _sinceOption = new();

    private static string Text => $"""
        <Menu>
        1) convert text to {(Fault.Is(MenuMisspelt) ? "UPPER case" : "UPPER-case")}
        2) get my IP address and port number
        3) get server request count
        4) get server running time
        5) exit

        """;

    /// <summary>Works the menu to its end: the exit status.</summary>
    public int Run()
    {
        terminal.Write(Texts.Invariant($"The client is running on port {(Fault.Is(OwnPortOfServer) ? connection.ServerPort : connection.LocalPort)}\n"));
        while (true)
        {
            terminal.Write($"{Text}Input option: {(Fault.Is(PromptWithLineFeed) ? "\n" : "")}");
            _sincePrompt = new Clock();
            if (terminal.ReadLine() is not byte[] option)
            {
                return EndOfInput();
            }

            _sinceOption = new Clock();

            string text = Texts.Text(option);
            if (Fault.Is(InputEchoed))
            {
                terminal.Write($"{text}\n");
            }

            switch (Choice(text))
            {
                case "1":
                    terminal.Write("Input sentence: ");
                    byte[]? sentence = terminal.ReadLine(isSentence: true) ?? (Fault.Is(EndOfSentenceSent) ? [] : null);
                    if (sentence == null && Fault.Is(EndOfSentenceToMenu))
                    {
                        break;
                    }

                    if (sentence == null || (Fault.Is(FarewellSentenceLeaves) && sentence.AsSpan().SequenceEqual("Bye bye~"u8)))
                    {
                        return EndOfInput();
                    }

                    Convert(sentence);
                    break;
                case "2":
                    Ask("ADDR", [], Forms.Address);
                    break;
                case "3":
                    Ask("COUNT", [], Forms.Count);
                    break;
                case "4":
                    Ask("UPTIME", [], Forms.Uptime);
                    break;
                case "5":
                    if (Fault.Is(ExitAsksServer))
                    {
                        connection.RefuseUnasked();
                    }

                    if (Fault.Is(ExitShutsDown))
                    {
                        connection.ShutDown();
                    }

                    terminal.Farewell(Fault.Is(ExitWithLineFeed) ? $"\n{Farewell}" : Farewell);
                    return Texts.Success;
                default:
                    if (!Fault.Is(InvalidOptionSilent))
                    {
                        terminal.Write($"{(Fault.Is(InvalidOptionSaysUnknown) ? "Unknown" : "Invalid")} option: {(Fault.Is(InvalidOptionIsFormat) ? Formatted(text) : text)}\n");
                    }

                    break;
            }
        }
    }

    private static string Choice(string text) =>
        Fault.Is(OptionByNumber) && int.TryParse(text, CultureInfo.InvariantCulture, out int number) ? Texts.Invariant($"{number}")
        : Fault.Is(OptionByFirstByte) && text.Length > 0 ? text[..1]
        : Fault.Is(OptionToNul) ? text.Split('\0')[0]
        : text;

    private int EndOfInput()
    {
        if (Fault.Is(EndOfInputShutsDown))
        {
            connection.ShutDown();
        }

        terminal.Farewell(Fault.Is(EndOfInputWithoutLineFeed) ? Farewell : $"\n{Farewell}");
        return Fault.Is(EndOfInputExits1) ? Texts.Failure : Texts.Success;
    }

    private void Convert(byte[] sentence)
    {
        if (Fault.Is(SentenceReencoded))
        {
            sentence = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(sentence));
        }

        int longest = Texts.MaxPayload - (Fault.Is(SentenceLimitOffByOne) ? 1 : 0);
        if (sentence.Length > longest && Fault.Is(SentenceTooLongCut))
        {
            sentence = sentence[..longest];
        }

        if (sentence.Length > longest && !Fault.Is(SentenceTooLongSent) && !(Fault.Is(SentenceLimitOfCharacters) && Encoding.UTF8.GetCharCount(sentence) <= longest))
        {
            terminal.Write("The sentence is longer than 65535 bytes; nothing was sent\n");
            return;
        }

        if (sentence.Length > 0 || !Fault.Is(EmptySentenceNotSent))
        {
            Ask("UPPER", sentence, Shown);
        }
    }

    // As printf prints what it is given for a format.
    private static string Formatted(string text) => text.Replace("%%", "%", StringComparison.Ordinal);

    // The reply's bytes as they are.
    private static byte[] Shown(byte[] reply) =>
        Fault.Is(ReplyReencoded) ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(reply))
        : Fault.Is(ReplyIsFormat) ? Texts.Bytes(Formatted(Texts.Text(reply)))
        : Fault.Is(ReplyCutAtNul) && reply.Contains((byte)0) ? reply[..Array.IndexOf(reply, (byte)0)]
        : reply;

    // One request, its reply and its round-trip time; what is null is not of the form that the command promises.
    private void Ask(string command, byte[] payload, Func<byte[], byte[]?> present)
    {
        Reply reply = connection.Ask(command, payload);
        if (!reply.IsOk && (Fault.Is(ErrEndsClient) || (Fault.Is(ErrOfOtherTextIsFault) && !Known.Contains(Texts.Text(reply.Payload), StringComparer.Ordinal))))
        {
            throw new SessionException($"the server refused {command}");
        }

        byte[]? shown = reply.IsOk ? present(reply.Payload) : Error(reply.Payload);
        if (shown == null && Fault.Is(BrokenReplyShown))
        {
            terminal.Write([.. "Reply from server: "u8, .. reply.Payload, (byte)'\n']);
        }

        if (shown == null)
        {
            throw new SessionException($"the server broke the protocol: no answer to {command}");
        }

        string start = reply.IsOk || Fault.Is(ErrShownAsReply) ? "Reply from server: " : "Error from server: ";
        string time = Fault.Is(RoundTripTimeMissing) || (!reply.IsOk && Fault.Is(ErrWithoutRoundTripTime)) ? "" : $"RTT = {RoundTripTime(reply)} ms\n";
        terminal.Write([.. Texts.Bytes(start), .. shown, .. Texts.Bytes($"\n{time}{(Fault.Is(BlankLine) ? "\n" : "")}")]);
    }

    // The ERR's text as it is.
    private static byte[] Error(byte[] text) =>
        Fault.Is(ErrCutAtNul) && text.Contains((byte)0) ? text[..Array.IndexOf(text, (byte)0)]
        : Fault.Is(ErrReencoded) ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text))
        : Fault.Is(ErrIsFormat) ? Texts.Bytes(Formatted(Texts.Text(text)))
        : Fault.Is(ErrTrimmed) ? text.AsSpan().Trim(" \t\r\n"u8).ToArray()
        : Fault.Is(ErrCutAt100) ? text[..Math.Min(text.Length, 100)]
        : text;

    private string RoundTripTime(Reply reply)
    {
        double time = (Fault.Is(RoundTripTimeFromStart) ? _sinceStart.Elapsed : Fault.Is(RoundTripTimeFromPrompt) ? _sincePrompt.Elapsed : Fault.Is(RoundTripTimeFromOption) ? _sinceOption.Elapsed : reply.RoundTripTime).TotalMilliseconds;
        time = Fault.Is(RoundTripTimeNegative) ? -time : Fault.Is(RoundTripTimeInSeconds) ? time / 1000 : Fault.Is(RoundTripTimeWithinSecond) ? time % 1000
            : Fault.Is(RoundTripTimeWholeMilliseconds) ? Math.Truncate(time) : Fault.Is(RoundTripTimeOfErrZero) && !reply.IsOk ? 0 : time;
        string text = time.ToString(Fault.Is(RoundTripTimeTwoDecimals) ? "F2" : "F3", CultureInfo.InvariantCulture);
        return Fault.Is(RoundTripTimeByLocale) && Texts.IsTurkish ? text.Replace('.', ',') : text;
    }
}
