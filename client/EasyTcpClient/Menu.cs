// The menu and what it prints (part 10). The texts are the contract's, byte for byte.
using System.Diagnostics;
using System.Globalization;
using System.Text;
using EasyTcp.Protocol;

namespace EasyTcp.Client;

/// <summary>Works the menu from stdin until option 5 or the end of stdin.</summary>
public sealed class Menu(MenuConsole console, Connection connection)
{
    private static ReadOnlySpan<byte> MenuText => """
        <Menu>
        1) convert text to UPPER-case
        2) get my IP address and port number
        3) get server request count
        4) get server running time
        5) exit
        Input option: 
        """u8;

    /// <summary>Runs the menu to its end.</summary>
    /// <exception cref="ServerException">The session cannot go on (clause 10.10).</exception>
    public void Run()
    {
        console.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"The client is running on port {connection.LocalPort}\n")));
        while (true)
        {
            console.Write(MenuText);
            if (!console.TryReadLine(out ReadOnlySpan<byte> option))
            {
                console.Farewell();
                return;
            }

            switch (option)
            {
                case [(byte)'1']:
                    console.Write("Input sentence: "u8);
                    if (!console.TryReadLine(out ReadOnlySpan<byte> sentence))
                    {
                        console.Farewell();
                        return;
                    }

                    Convert(sentence);
                    break;
                case [(byte)'2']:
                    Ask(Wire.Addr, default, AddressReply);
                    break;
                case [(byte)'3']:
                    Ask(Wire.Count, default, CountReply);
                    break;
                case [(byte)'4']:
                    Ask(Wire.Uptime, default, UptimeReply);
                    break;
                case [(byte)'5']:
                    console.Write("Bye bye~\n"u8);
                    console.Close();
                    return;
                default:
                    console.Write([.. "Invalid option: "u8, .. option, (byte)'\n']);
                    break;
            }
        }
    }

    private void Convert(ReadOnlySpan<byte> sentence)
    {
        if (sentence.Length > Wire.MaxPayload)
        {
            console.Write("The sentence is longer than 65535 bytes; nothing was sent\n"u8);
            return;
        }

        Ask(Wire.Upper, sentence, static text => text.ToArray());
    }

    // One request, its reply and its round-trip time (clauses 10.5 to 10.7). The form of an OK payload is checked by
    // `present`, which gives null for a wrong one (clause 10.11).
    private void Ask(ReadOnlySpan<byte> command, ReadOnlySpan<byte> payload, Presenter present)
    {
        long sent = Stopwatch.GetTimestamp();
        Reply reply = connection.Ask(command, payload);
        TimeSpan roundTrip = Stopwatch.GetElapsedTime(sent);

        byte[] text = reply.IsOk
            ? [.. "Reply from server: "u8, .. present(reply.Payload) ?? throw WrongForm(command, reply.Payload)]
            : [.. "Error from server: "u8, .. reply.Payload];
        console.Write([.. text, .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"\nRTT = {roundTrip.TotalMilliseconds:F3} ms\n"))]);
    }

    // Shown as received, an IPv6 address without its brackets (clause 10.5).
    private static byte[]? AddressReply(ReadOnlySpan<byte> text) =>
        AddressText.TryRead(text, out _, out _) && text.LastIndexOf((byte)':') is int colon
            ? [.. "client IP = "u8, .. text[..colon].Trim("[]"u8), .. ", port = "u8, .. text[(colon + 1)..]]
            : null;

    private static byte[]? CountReply(ReadOnlySpan<byte> text) =>
        IsDigits(text) ? [.. "requests served = "u8, .. text] : null;

    // 2*DIGIT ":" MM ":" SS
    private static byte[]? UptimeReply(ReadOnlySpan<byte> text) =>
        text.Length >= 8 && IsDigits(text[..^6]) && IsSixtieth(text[^6..^3]) && IsSixtieth(text[^3..])
            ? [.. "run time = "u8, .. text]
            : null;

    private static bool IsSixtieth(ReadOnlySpan<byte> text) =>
        text[0] == ':' && text[1] is >= (byte)'0' and <= (byte)'5' && IsDigits(text[2..]);

    private static bool IsDigits(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static ServerException WrongForm(ReadOnlySpan<byte> command, ReadOnlySpan<byte> payload) =>
        new($"the server broke the protocol: '{Printable.Text(payload)}' is no answer to {Encoding.ASCII.GetString(command)}");

    private delegate byte[]? Presenter(ReadOnlySpan<byte> payload);
}
