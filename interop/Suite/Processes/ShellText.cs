// Words as a shell takes them, for lines that people copy.
namespace EasyTcp.Interop.Processes;

/// <summary>Quoting for a POSIX shell.</summary>
internal static class ShellText
{
    /// <summary>One word of a command line; quoted only if the shell would take it for something else.</summary>
    public static string Word(string text) =>
        text.Length > 0 && text.All(each => char.IsAsciiLetterOrDigit(each) || "-_./:=,+@%".Contains(each, StringComparison.Ordinal)) ? text : Quoted(text);

    /// <summary>A text in quotes.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
