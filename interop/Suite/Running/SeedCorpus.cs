// The corpus as files, for `make fuzz`: written from Corpus.cs each time, so that the two cannot drift apart.
using System.Globalization;
using System.Text;
using EasyTcp.Interop.Cases;

namespace EasyTcp.Interop.Running;

/// <summary>What fuzzers begin with.</summary>
internal static class SeedCorpus
{
    /// <summary>Fills a folder, made anew, with one file for each malformed header and each legal message.</summary>
    public static void Write(DirectoryInfo folder)
    {
        if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }

        folder.Create();
        WriteAll(folder, "malformed", Corpus.MalformedHeaders.Select(each => each.Header));
        WriteAll(folder, "legal", Corpus.LegalMessages);
    }

    private static void WriteAll(DirectoryInfo folder, string kind, IEnumerable<string> inputs)
    {
        foreach ((int number, string input) in inputs.Index())
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, string.Create(CultureInfo.InvariantCulture, $"{kind}-{number + 1:00}")), Encoding.Latin1.GetBytes(input));
        }
    }
}
