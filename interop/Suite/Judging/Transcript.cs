// A client's session as it must look (part 10): the script that is typed, and every byte that is printed.
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Places;

namespace EasyTcp.Interop.Judging;

/// <summary>
/// Builds a script and the transcript that it must give. Ports, round-trip times, counts and running times, which differ
/// from run to run, are written <c>#</c>: <see cref="Normalise"/> turns legal ones, and no others, into that.
/// </summary>
/// <param name="clause">The clause that the transcript proves.</param>
internal sealed partial class Transcript(string clause)
{
    private const string Menu = """
        <Menu>
        1) convert text to UPPER-case
        2) get my IP address and port number
        3) get server request count
        4) get server running time
        5) exit
        Input option: 
        """;

    private readonly StringBuilder _input = new();
    private readonly StringBuilder _expected = new("The client is running on port #\n" + Menu);

    public string Clause => clause;

    /// <summary>What is typed.</summary>
    public string Input => _input.ToString();

    /// <summary>What must be printed, normalised.</summary>
    public string Expected => _expected.ToString();

    /// <summary>Option 1 with a sentence, and its reply in upper case.</summary>
    public Transcript Upper(string sentence) => Upper(sentence, Encoding.Latin1.GetString(Wire.WireText.Upper(Encoding.Latin1.GetBytes(sentence))));

    /// <summary>Option 1 with a sentence, and its reply.</summary>
    public Transcript Upper(string sentence, string reply) =>
        Step($"1\n{sentence}\n", $"Input sentence: Reply from server: {reply}\nRTT = # ms\n{Menu}");

    /// <summary>Option 2.</summary>
    public Transcript Address(string? host = null) => Step("2\n", $"Reply from server: client IP = {host ?? Place.Current.Suite(AddressFamily.InterNetwork)}, port = #\nRTT = # ms\n{Menu}");

    /// <summary>Option 3.</summary>
    public Transcript Count() => Step("3\n", $"Reply from server: requests served = #\nRTT = # ms\n{Menu}");

    /// <summary>Option 4.</summary>
    public Transcript Uptime() => Step("4\n", $"Reply from server: run time = #\nRTT = # ms\n{Menu}");

    /// <summary>An option that is none; <paramref name="typed"/> if it differs from what is shown.</summary>
    public Transcript Invalid(string text, string? typed = null) => Step(typed ?? $"{text}\n", $"Invalid option: {text}\n{Menu}");

    /// <summary>Option 5.</summary>
    public Transcript Exit() => Step("5\n", "Bye bye~\n");

    /// <summary>The end of stdin.</summary>
    public Transcript EndOfInput() => Step("", "\nBye bye~\n");

    /// <summary>Anything else.</summary>
    public Transcript Step(string input, string expected)
    {
        _input.Append(input);
        _expected.Append(expected);
        return this;
    }

    /// <summary>Anything else that the menu comes again after.</summary>
    public Transcript StepToMenu(string input, string expected) => Step(input, expected + Menu);

    /// <summary>Writes <c>#</c> for each legal port, round-trip time, count and running time in a transcript.</summary>
    public static string Normalise(string transcript) =>
        // A client that prints the sign itself prints nothing legal.
        Varying().Replace(transcript.Replace("= #", "= ##", StringComparison.Ordinal).Replace("port #", "port ##", StringComparison.Ordinal), "${fixed}#");

    [GeneratedRegex(@"(?<fixed>\AThe client is running on port )[1-9][0-9]{0,4}(?=\n)|" +
        @"(?<fixed>\nRTT = )[0-9]+\.[0-9]{3}(?= ms\n)|" +
        @"(?<fixed>Reply from server: client IP = [0-9a-f.:]+, port = )[1-9][0-9]{0,4}(?=\n)|" +
        @"(?<fixed>Reply from server: requests served = )[0-9]+(?=\n)|" +
        @"(?<fixed>Reply from server: run time = )[0-9]{2,}:[0-5][0-9]:[0-5][0-9](?=\n)", RegexOptions.CultureInvariant)]
    private static partial Regex Varying();
}
