// A menu client under test, driven through its stdin.
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Processes;

/// <summary>A running client.</summary>
/// <param name="process">Its process.</param>
internal sealed partial class ClientUnderTest(PeerProcess process)
{
    /// <summary>How long after its request a client that got no reply must be gone: the 10 s of clause 10.10, and what a busy machine adds.</summary>
    public static readonly TimeSpan ReplyTime = TimeSpan.FromSeconds(13);

    public const string OptionPrompt = "Input option: ";
    public const string SentencePrompt = "Input sentence: ";

    // What a menu's prompt looks like at the end of the output.
    private const string Menu = $"5) exit\n{OptionPrompt}";

    public PeerProcess Process => process;

    /// <summary>Awaits the client's first line: its own port.</summary>
    public async Task<int> Port()
    {
        OutputLine line = await process.Output.Find("the line 'The client is running on port N'", "10.2", Wait.Patience, lines => lines.FirstOrDefault(line => line.IsWhole));
        Match match = PortLine().Match(line.Text);
        Expect.That(match.Success, "10.2", "the line 'The client is running on port N'", Excerpt.Of(line.Text));
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Awaits the menu's prompt.</summary>
    public Task Prompt(TimeSpan? within = null) => process.Output.EndsWith(Menu, "10.2", within ?? Wait.Patience);

    /// <summary>Types text, a byte for each character.</summary>
    public void Type(string latin1) => process.Type(Encoding.Latin1.GetBytes(latin1));

    /// <summary>Types an option at the prompt and awaits the prompt after it.</summary>
    /// <returns>What was printed between the two prompts, menu aside.</returns>
    public async Task<string> Choose(string text)
    {
        await Prompt();
        int before = process.Output.Text.Length;
        Type(text + "\n");
        await process.Output.Find($"the menu again after '{text}'", "10.7", Wait.Patience, _ =>
            process.Output.Text.Length > before && process.Output.Text.EndsWith(Menu, StringComparison.Ordinal) ? this : null);
        string printed = process.Output.Text[before..];
        return printed[..printed.IndexOf("<Menu>", StringComparison.Ordinal)];
    }

    /// <summary>Types a script, ends stdin if the script does, and judges transcript and status.</summary>
    public Task ExpectTranscript(Transcript transcript)
    {
        Type(transcript.Input);
        process.EndInput();
        return ExpectPrinted(transcript);
    }

    /// <summary>Judges transcript and status of a client that has its script.</summary>
    public async Task ExpectPrinted(Transcript transcript)
    {
        Ending ending = await process.End("10.9", Wait.Patience);
        Expect.Same(transcript.Expected, Transcript.Normalise(process.Output.Text), transcript.Clause, "the transcript");
        Expect.That(ending.ExitCode == 0, "10.9", "exit status 0", $"exit status {ending.ExitCode}, stderr {Excerpt.Of(process.Errors.Text)}");
        Expect.Same("", process.Errors.Text, "10.9", "stderr");
    }

    /// <summary>Awaits the failing end of clause 10.10: one line on stderr, exit 1, no farewell, no stack trace.</summary>
    public async Task ExpectFault(string because, TimeSpan? within = null)
    {
        Ending ending = await process.End("10.10", within ?? Wait.Patience);
        string errors = process.Errors.Text;
        Expect.That(ending.ExitCode == 1, "10.10", $"exit status 1: {because}", $"exit status {ending.ExitCode}, stdout ending in {Excerpt.OfEnd(process.Output.Text)}, stderr {Excerpt.Of(errors)}");
        Expect.That(errors.EndsWith('\n') && errors.Length > 1 && errors.IndexOf('\n', StringComparison.Ordinal) == errors.Length - 1,
            "10.10", $"one line on stderr: {because}", Excerpt.Of(errors));
        Expect.That(!process.Output.Text.Contains("Bye bye~", StringComparison.Ordinal), "10.10", "no farewell after a fault", "'Bye bye~'");
    }

    /// <summary>Awaits the good end of clause 10.9.</summary>
    /// <param name="onOwnLine">True if an LF comes before the farewell.</param>
    /// <param name="prompt">The prompt that it follows then; null for any, or for none where nothing has been printed.</param>
    /// <param name="within">How long it may take; null for the suite's patience.</param>
    public async Task ExpectFarewell(bool onOwnLine, string? prompt = null, TimeSpan? within = null)
    {
        Ending ending = await process.End("10.9", within ?? Wait.Patience);
        string farewell = onOwnLine ? "\nBye bye~\n" : "Input option: Bye bye~\n";
        Expect.That(process.Output.Text.EndsWith(farewell, StringComparison.Ordinal), "10.9",
            $"output that ends with {Excerpt.Of(farewell)}", Excerpt.OfEnd(process.Output.Text));
        string before = process.Output.Text[..^farewell.Length];
        string[] prompts = prompt == null ? [OptionPrompt, SentencePrompt] : [prompt];
        Expect.That(!onOwnLine || (prompt == null && before.Length == 0) || prompts.Any(each => before.EndsWith(each, StringComparison.Ordinal)), "10.9",
            $"{Excerpt.Of(farewell)} right after {string.Join(" or ", prompts.Select(each => Excerpt.Of(each)))}", Excerpt.OfEnd(process.Output.Text));
        Expect.That(ending.ExitCode == 0, "10.9", "exit status 0", $"exit status {ending.ExitCode}");
        Expect.Same("", process.Errors.Text, "10.9", "stderr");
    }

    [GeneratedRegex(@"\AThe client is running on port ([1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex PortLine();
}
