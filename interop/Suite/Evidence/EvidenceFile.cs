// evidence.json: all that the suite saw of one attempt at a cell. What people read of it (logs, the conversation, a capture, the
// report) is made from this file.
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EasyTcp.Interop.Evidence;

/// <summary>The evidence of an attempt. Times are seconds since the run began, on the suite's monotonic clock.</summary>
/// <param name="Version">Of the file's form.</param>
/// <param name="Cell">The cell's name.</param>
/// <param name="Server">The server under test; null if there was none.</param>
/// <param name="Client">The client under test; null if there was none.</param>
/// <param name="Case">The case's ID.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Origin">The wall clock when the run began; for people, and for captures.</param>
/// <param name="Programs">The programs, in the order of their start.</param>
/// <param name="Connections">The connections that the suite saw, in the order of their begin: those through its relay, and those of
/// its own clients and servers.</param>
internal sealed record EvidenceFile(int Version, string Cell, string? Server, string? Client, string Case, long Seed, DateTimeOffset Origin,
    IReadOnlyList<ProgramEvidence> Programs, IReadOnlyList<ConnectionEvidence> Connections)
{
    public const int CurrentVersion = 1;
    public const string Name = "evidence.json";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads one back.</summary>
    /// <exception cref="InvalidDataException">It is none, or of another version.</exception>
    public static EvidenceFile Read(string file)
    {
        try
        {
            EvidenceFile read = JsonSerializer.Deserialize<EvidenceFile>(File.ReadAllBytes(file), Format) ?? throw new InvalidDataException($"{file} is empty");
            return read.Version != CurrentVersion ? throw new InvalidDataException($"{file} is evidence of version {read.Version}, and this suite reads version {CurrentVersion}")
                : !read.HasNoHoles ? throw new InvalidDataException($"{file} is no evidence: a list in it holds null")
                : !read.HasNoGaps ? throw new InvalidDataException($"{file} is no evidence: in a connection of it a piece does not begin where the one before it ended")
                : read;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file} is no evidence: {error.Message}", error);
        }
    }

    // A list in JSON may hold null where none is allowed.
    private bool HasNoHoles => Programs.All(program => program?.Stdout.Concat(program.Stderr).All(line => line != null) == true) &&
        Connections.All(connection => connection != null && new IEnumerable<object?>[] { connection.Pieces, connection.Ends, connection.Violations }.All(list => list.All(item => item != null)));

    private bool HasNoGaps => Connections.All(connection => connection.Pieces.GroupBy(piece => piece.IsReply).All(way =>
    {
        long end = 0;
        return way.All(piece => (end += piece.Bytes.Length) - piece.Bytes.Length == piece.Offset);
    }));

    /// <summary>Writes it.</summary>
    public void Write(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, Format) + "\n");
}

/// <summary>A program that ran.</summary>
/// <param name="Title">What it was, as in <c>server c-nonblocking</c>.</param>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Started">When it was started.</param>
/// <param name="Ended">When it ended; null if it had to be killed at the cell's end.</param>
/// <param name="Fate">How it ended; null while it ran.</param>
/// <param name="Stdout">What it printed.</param>
/// <param name="Stderr">What it printed on stderr.</param>
internal sealed record ProgramEvidence(string Title, string Command, double Started, double? Ended, string? Fate, IReadOnlyList<LineEvidence> Stdout, IReadOnlyList<LineEvidence> Stderr);

/// <summary>A line of output.</summary>
/// <param name="At">When its last byte came.</param>
/// <param name="Text">Its bytes as Latin-1, without its LF. Of very long output the middle is left out, and a line says so.</param>
/// <param name="IsWhole">False for a last line without LF.</param>
internal sealed record LineEvidence(double At, string Text, bool IsWhole);

/// <summary>A connection.</summary>
/// <param name="Client">Whose it was: <c>client c</c>, or <c>the suite</c>.</param>
/// <param name="Server">Likewise.</param>
/// <param name="ClientAddress">The client's address and port, as the server sees it.</param>
/// <param name="ServerAddress">The server's.</param>
/// <param name="Opened">When it was made.</param>
/// <param name="Fault">What the relay did to it, in words; null for nothing.</param>
/// <param name="Pieces">What passed, in order.</param>
/// <param name="Ends">How each direction ended, as far as it did.</param>
/// <param name="IsCutShort">True if more passed than is kept.</param>
/// <param name="Violations">What broke a clause.</param>
internal sealed record ConnectionEvidence(string Client, string Server, string ClientAddress, string ServerAddress, double Opened, string? Fault,
    IReadOnlyList<PieceEvidence> Pieces, IReadOnlyList<EndEvidence> Ends, bool IsCutShort, IReadOnlyList<ViolationEvidence> Violations);

/// <summary>Bytes that came together.</summary>
/// <param name="At">When.</param>
/// <param name="IsReply">True from the server to the client.</param>
/// <param name="Offset">How many bytes went that way before them.</param>
/// <param name="Bytes">The bytes; in Base64 in the file.</param>
internal sealed record PieceEvidence(double At, bool IsReply, long Offset, byte[] Bytes);

/// <summary>The end of a direction.</summary>
/// <param name="At">When.</param>
/// <param name="IsReply">True for that from the server to the client.</param>
/// <param name="IsReset">True if its sender has torn the connection down.</param>
internal sealed record EndEvidence(double At, bool IsReply, bool IsReset);

/// <summary>What broke a clause.</summary>
/// <param name="IsReply">Which direction it stands in.</param>
/// <param name="Offset">At which byte of it.</param>
/// <param name="Clause">The clause.</param>
/// <param name="Sentence">What was expected and what came.</param>
internal sealed record ViolationEvidence(bool IsReply, long Offset, string Clause, string Sentence);
