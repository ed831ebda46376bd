// The folder of an attempt: evidence.json for programs, and beside it what people and their tools read of it.
using System.Globalization;
using System.Text;

namespace EasyTcp.Interop.Evidence;

/// <summary>Writes the files of an attempt.</summary>
internal static class EvidenceFolder
{
    public const string Conversation = "wire.txt";
    public const string Capture = "wire.pcapng";

    /// <summary>Writes all files of the evidence, into a folder that is made if it is not there.</summary>
    /// <returns>Null, or the system's reason why not everything could be written.</returns>
    public static string? Write(string folder, EvidenceFile evidence)
    {
        try
        {
            Directory.CreateDirectory(folder);
            evidence.Write(Path.Combine(folder, EvidenceFile.Name));
            File.WriteAllText(Path.Combine(folder, Conversation), ConversationText.Of(evidence));
            using (FileStream capture = File.Create(Path.Combine(folder, Capture)))
            {
                CaptureFile.Write(capture, evidence);
            }

            WriteOutputs(folder, evidence.Programs);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    // A name is a title in which other characters than a file's usual ones are replaced; those that several programs have are numbered.
    private static void WriteOutputs(string folder, IReadOnlyList<ProgramEvidence> programs)
    {
        foreach (IGrouping<string, ProgramEvidence> namesakes in programs.GroupBy(program => FileName(program.Title), StringComparer.OrdinalIgnoreCase))
        {
            int number = 0;
            bool isNumbered = namesakes.Count() > 1;
            foreach (ProgramEvidence program in namesakes)
            {
                number++;
                string name = isNumbered ? string.Create(CultureInfo.InvariantCulture, $"{namesakes.Key}-{number}") : namesakes.Key;
                WriteOutput(Path.Combine(folder, $"{name}.stdout.txt"), program.Stdout);
                WriteOutput(Path.Combine(folder, $"{name}.stderr.txt"), program.Stderr);
            }
        }
    }

    // Latin-1 turns the text back into the bytes that the program printed.
    private static void WriteOutput(string file, IReadOnlyList<LineEvidence> lines)
    {
        if (lines.Count > 0)
        {
            File.WriteAllText(file, string.Concat(lines.Select(line =>
                string.Create(CultureInfo.InvariantCulture, $"{line.At,12:0.000000}  {line.Text}{(line.IsWhole ? "\n" : "")}"))), Encoding.Latin1);
        }
    }

    private static string FileName(string title) =>
        string.Concat(title.Select(each => char.IsAsciiLetterOrDigit(each) || each is '-' or '_' ? each : '-'));
}
