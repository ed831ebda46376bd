// What people read of evidence: the conversation as text, and the programs' outputs as they were.
using System.Text;
using EasyTcp.Interop.Evidence;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class EvidenceFolderTests
{
    private string _folder = "";

    [SetUp]
    public void Choose() => _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [TearDown]
    public void Remove()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public void Outputs_are_files_of_unharmed_bytes_named_by_title_and_numbered()
    {
        LineEvidence[] lines = [new(1.5, "gr\u00FC\u00DF", true), new(2.25, "end", false)];

        Write(Samples.Evidence() with
        {
            Programs =
            [
                new ProgramEvidence("server a/b", "x", 0, null, null, lines, []),
                new ProgramEvidence("client c", "x", 0, null, null, lines, []),
                new ProgramEvidence("client c", "x", 0, null, null, [], lines),
            ],
        });

        Assert.That(Directory.GetFiles(_folder).Select(Path.GetFileName), Is.EquivalentTo(new[]
        {
            "evidence.json", "wire.txt", "wire.pcapng", "server-a-b.stdout.txt", "client-c-1.stdout.txt", "client-c-2.stderr.txt",
        }));
        Assert.That(File.ReadAllBytes(Path.Combine(_folder, "server-a-b.stdout.txt")), Is.EqualTo((byte[])[.. "    1.500000  gr"u8, 0xFC, 0xDF, .. "\n    2.250000  end"u8]));
    }

    [TestCase("\"programs\":[", "\"programs\":[null,")]
    [TestCase("\"stdout\":[", "\"stdout\":[null,")]
    [TestCase("\"connections\":[", "\"connections\":[null,")]
    [TestCase("\"pieces\":[", "\"pieces\":[null,")]
    [TestCase("\"violations\":[", "\"violations\":[null,")]
    public void A_list_with_a_hole_is_no_evidence(string sound, string damaged)
    {
        LineEvidence line = new(1, "x", true);
        ConnectionEvidence connection = Samples.Connection([Samples.Piece(1, false, 0, "x")]) with { Violations = [new ViolationEvidence(true, 0, "1.1", "x")] };
        Write(Samples.Evidence(connection) with { Programs = [new ProgramEvidence("server", "x", 0, null, null, [line], [line])] });
        string file = Path.Combine(_folder, "evidence.json");
        string text = File.ReadAllText(file);
        File.WriteAllText(file, text.Replace(sound, damaged, StringComparison.Ordinal));

        Assert.That(File.ReadAllText(file), Is.Not.EqualTo(text));
        Assert.That(() => EvidenceFile.Read(file), Throws.TypeOf<InvalidDataException>().With.Message.Contains("holds null"));
    }

    [TestCase(1, 4)]
    [TestCase(0, 3)]
    [TestCase(0, 5)]
    public void Pieces_that_do_not_follow_each_other_are_no_evidence(long first, long second)
    {
        string file = Path.Combine(Directory.CreateDirectory(_folder).FullName, EvidenceFile.Name);
        Samples.Evidence(Samples.Connection(Samples.Piece(1, false, first, "ADDR"), Samples.Piece(1, true, 0, "OK"), Samples.Piece(2, false, second, " 0\n"))).Write(file);

        Assert.That(() => EvidenceFile.Read(file), Throws.TypeOf<InvalidDataException>().With.Message.Contains("does not begin where the one before it ended"));
    }

    [Test]
    public void The_conversation_tells_messages_ends_and_violations_in_their_order()
    {
        ConnectionEvidence connection = Samples.Connection([
            Samples.Piece(1, false, 0, "UPPER 2"), Samples.Piece(1.5, false, 7, "\nhiADDR 0\n"),
            Samples.Piece(2, true, 0, "OK 2\nHJwhat"), Samples.Piece(3, true, 11, "?\n")]) with
        {
            Fault = "a fault",
            Ends = [new EndEvidence(4, true, true)],
            Violations = [new ViolationEvidence(true, 5, "3.1", "clause 3.1: expected 'HI'; actual: 'HJ'"), new ViolationEvidence(true, 13, "1.4", "a reset")],
        };

        Write(Samples.Evidence(connection));

        Assert.That(File.ReadAllText(Path.Combine(_folder, "wire.txt")).Split("\n\n")[1].TrimEnd('\n').Split('\n'), Is.EqualTo(new[]
        {
            "Connection 1: client c (127.0.0.1:40000) -> server d (127.0.0.1:12000)",
            "Fault: a fault",
            "    0.500000      opened",
            "    1.500000  ->  UPPER 2 'hi' (since 1.000000)",
            "    1.500000  ->  ADDR 0",
            "    2.000000  <-  OK 2 'HJ'",
            "     !!! byte 5 <- breaks clause 3.1: expected 'HI'; actual: 'HJ'",
            "    2.000000  <-  no whole message, 4 bytes: 'what'",
            "    3.000000  <-  no whole message, 2 bytes: '?\\n'",
            "    4.000000  <-  RST",
            "     !!! byte 13 <- breaks clause 1.4: a reset",
        }));
    }

    [Test]
    public void What_cannot_be_written_is_told_and_not_thrown()
    {
        File.WriteAllText(_folder, "a file where the folder should be");
        try
        {
            Assert.That(EvidenceFolder.Write(_folder, Samples.Evidence()), Is.Not.Null.And.Not.Empty);
        }
        finally
        {
            File.Delete(_folder);
        }
    }

    private void Write(EvidenceFile evidence) => Assert.That(EvidenceFolder.Write(_folder, evidence), Is.Null);
}

/// <summary>Evidence to test with.</summary>
internal static class Samples
{
    public static EvidenceFile Evidence(params ConnectionEvidence[] connections) =>
        new(EvidenceFile.CurrentVersion, "server d / case", "d", "c", "case", 1, DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000.25), [], connections);

    public static ConnectionEvidence Connection(params PieceEvidence[] pieces) =>
        new("client c", "server d", "127.0.0.1:40000", "127.0.0.1:12000", 0.5, null, pieces, [], false, []);

    public static PieceEvidence Piece(double at, bool isReply, long offset, string text) => new(at, isReply, offset, Encoding.Latin1.GetBytes(text));
}
