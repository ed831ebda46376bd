// The files that the fuzzers begin with are the corpus, byte for byte.
using System.Text;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Running;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class SeedCorpusTests
{
    [Test]
    public void Every_header_of_the_corpus_is_a_file_and_nothing_else_is()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "stale"), "of an earlier run");

            SeedCorpus.Write(folder);

            IEnumerable<string> written = folder.EnumerateFiles().Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file.FullName)));
            Assert.That(written, Is.EquivalentTo(Corpus.MalformedHeaders.Select(each => each.Header).Concat(Corpus.LegalMessages)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Test]
    public void Legal_messages_are_legal_and_malformed_headers_are_not()
    {
        string Line(string message) => message[..(message.IndexOf('\n', StringComparison.Ordinal) + 1)];

        Assert.That(Corpus.LegalMessages.Where(message => WireText.ReadHeader(Line(message)) == null), Is.Empty);
        Assert.That(Corpus.MalformedHeaders.Where(each => each.Header.Length <= 23 && WireText.ReadHeader(Line(each.Header)) != null), Is.Empty);
    }
}
