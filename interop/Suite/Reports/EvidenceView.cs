// Evidence as a page shows it: each connection as a conversation, and the logs of all programs on one clock.
using System.Globalization;
using System.Text;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Reports;

/// <summary>The evidence of an attempt.</summary>
/// <param name="Clock">When its clock is zero.</param>
/// <param name="Connections">The conversations.</param>
/// <param name="Log">What the programs printed, merged.</param>
/// <param name="Programs">How the programs were started, and ended.</param>
/// <param name="LeftOut">What is not shown, in words; null if all is.</param>
internal sealed record EvidenceView(string Clock, IReadOnlyList<ConnectionView> Connections, IReadOnlyList<EvidenceRow> Log, IReadOnlyList<ProgramView> Programs, string? LeftOut)
{
    private const int MostConnections = 4;
    private const int MostLines = 80;
    private const int LongestLine = 240;

    /// <summary>What there is to show.</summary>
    public static EvidenceView Of(EvidenceFile evidence)
    {
        double zero = evidence.Programs.Select(program => program.Started).Concat(evidence.Connections.Select(connection => connection.Opened)).DefaultIfEmpty().Min();
        // What broke a clause is what one looks for; else what came last.
        ConnectionEvidence[] shown = [.. evidence.Connections.OrderByDescending(connection => connection.Violations.Count > 0).ThenByDescending(connection => connection.Opened).Take(MostConnections).OrderBy(connection => connection.Opened)];
        // A client's lines would be its menu, most of them.
        (LineEvidence Line, string Kind, string Who)[] log = [.. evidence.Programs.SelectMany((program, i) => Lines(program, NameOf(evidence.Programs, i))).Where(each => !Told.MenuItem().IsMatch(each.Line.Text)).OrderBy(each => each.Line.At)];
        string[] leftOut = [.. LeftOutOf(evidence.Connections.Count - shown.Length, "connection"), .. LeftOutOf(log.Length - MostLines, "line")];
        return new EvidenceView(Seconds(zero, 0), [.. shown.Select(connection => ConnectionView.Of(connection, zero))], [.. log.TakeLast(MostLines).Select(each => new EvidenceRow(each.Line.At, Seconds(each.Line.At, zero), each.Kind, each.Who, Escaped(each.Line.Text) + (each.Line.IsWhole ? "" : " [no LF]")))],
            [.. evidence.Programs.Select(program => new ProgramView(program.Title, Escaped(program.Command), program.Fate ?? "it ran until the case was over"))],
            leftOut.Length == 0 ? null : $"{string.Join(" and ", leftOut)} left out here; all are in evidence.json.");
    }

    /// <summary>A time on the evidence's own clock.</summary>
    public static string Seconds(double at, double zero) => (at - zero).ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>Bytes as text, shortened.</summary>
    public static string Escaped(string latin, int most = LongestLine) =>
        latin.Length <= most ? Excerpt.Escaped(latin) : string.Create(CultureInfo.InvariantCulture, $"{Excerpt.Escaped(latin.AsSpan(0, most))} [{latin.Length - most} more bytes]");

    private static IEnumerable<string> LeftOutOf(int number, string what) => number > 0 ? [Standing.Of(number, what)] : [];

    private static IEnumerable<(LineEvidence Line, string Kind, string Who)> Lines(ProgramEvidence program, string name)
    {
        string kind = program.Title.StartsWith("server", StringComparison.Ordinal) ? "server" : "client";
        return program.Stdout.Select(line => (line, kind, name)).Concat(program.Stderr.Select(line => (line, $"{kind} stderr", $"{name}, stderr")));
    }

    // Of several with one title, which it is, in the order of their start.
    private static string NameOf(IReadOnlyList<ProgramEvidence> programs, int index)
    {
        string title = programs[index].Title;
        bool IsNamesake(ProgramEvidence program) => string.Equals(program.Title, title, StringComparison.Ordinal);
        return programs.Count(IsNamesake) == 1 ? title : string.Create(CultureInfo.InvariantCulture, $"{title} ({programs.Take(index + 1).Count(IsNamesake)})");
    }
}

/// <summary>A line of a conversation or of a log.</summary>
/// <param name="Time">When, in seconds.</param>
/// <param name="At">When, for people.</param>
/// <param name="Kind">What CSS knows it by.</param>
/// <param name="Who">Where it comes from, in words.</param>
/// <param name="Text">What came; as far as to the mark, if there is one.</param>
/// <param name="Mark">The byte that broke a clause; null for none.</param>
/// <param name="Rest">What came after it.</param>
internal sealed record EvidenceRow(double Time, string At, string Kind, string Who, string Text, string? Mark = null, string? Rest = null);

/// <summary>A program.</summary>
/// <param name="Title">What it was.</param>
/// <param name="Command">How it was started.</param>
/// <param name="Fate">How it ended.</param>
internal sealed record ProgramView(string Title, string Command, string Fate);

/// <summary>A connection as a sequence diagram.</summary>
/// <param name="Client">Whose it was.</param>
/// <param name="Server">Likewise.</param>
/// <param name="Address">The client's address.</param>
/// <param name="Opened">When it was made.</param>
/// <param name="Fault">What the relay did to it; null for nothing.</param>
/// <param name="Rows">What passed.</param>
/// <param name="LeftOut">What is not shown, in words; null if all is.</param>
internal sealed record ConnectionView(string Client, string Server, string Address, string Opened, string? Fault, IReadOnlyList<EvidenceRow> Rows, string? LeftOut)
{
    private const int MostRows = 40;
    private const int LongestPiece = 320;
    private const int Before = 80;

    /// <summary>A connection, around what broke a clause in it, or else its end.</summary>
    public static ConnectionView Of(ConnectionEvidence connection, double zero)
    {
        // Of very many rows few are shown: only those are made.
        var rows = new List<(double Time, bool IsViolation, Func<EvidenceRow> Make)>();
        var open = new List<ViolationEvidence>(connection.Violations);
        foreach (PieceEvidence piece in connection.Pieces)
        {
            ViolationEvidence? violation = open.Find(each => each.IsReply == piece.IsReply && each.Offset < piece.Offset + piece.Bytes.Length);
            rows.Add((piece.At, false, () => Shown(Row(piece.At, piece.IsReply, "", violation != null), piece, violation)));
            if (violation != null)
            {
                open.Remove(violation);
                rows.Add((piece.At, true, () => Violation(piece.At, violation)));
            }
        }

        rows.AddRange(connection.Ends.Select(end => (end.At, false, (Func<EvidenceRow>)(() => Row(end.At, end.IsReply, end.IsReset ? "resets the connection (RST)" : "ends its side (FIN)", isWrong: false)))));
        (double Time, bool IsViolation, Func<EvidenceRow> Make)[] sorted = [.. rows.OrderBy(row => row.Time), .. open.Select(each => (double.NaN, true, (Func<EvidenceRow>)(() => Violation(double.NaN, each))))];
        int wrong = Array.FindIndex(sorted, row => row.IsViolation);
        int start = Math.Max(0, Math.Min(sorted.Length - MostRows, wrong < 0 ? sorted.Length : wrong - (MostRows / 2)));
        int leftOut = sorted.Length - Math.Min(sorted.Length, MostRows);
        return new ConnectionView(connection.Client, connection.Server, connection.ClientAddress, EvidenceView.Seconds(connection.Opened, zero), connection.Fault, [.. sorted.Skip(start).Take(MostRows).Select(row => row.Make())],
            leftOut > 0 || connection.IsCutShort ? $"{Standing.Of(leftOut, "row")} of this connection left out here{(connection.IsCutShort ? ", and more passed than was kept" : "")}." : null);

        EvidenceRow Row(double at, bool isReply, string text, bool isWrong) => new(at, EvidenceView.Seconds(at, zero), (isReply ? "reply" : "request") + (isWrong ? " wrong" : ""),
            isReply ? "\u2190 server to client" : "client to server \u2192", text);
        EvidenceRow Violation(double at, ViolationEvidence each) => new(at, double.IsNaN(at) ? "end" : EvidenceView.Seconds(at, zero), "violation",
            string.Create(CultureInfo.InvariantCulture, $"\u2717 breaks clause {each.Clause} at byte {each.Offset} of this direction"), Templates.Printable(each.Sentence));
    }

    private static EvidenceRow Shown(EvidenceRow row, PieceEvidence piece, ViolationEvidence? violation)
    {
        string latin = Encoding.Latin1.GetString(piece.Bytes);
        long wrong = violation == null ? -1 : violation.Offset - piece.Offset;
        // The first message of a piece is told by its begin, what broke a clause by what stands before it.
        int start = wrong < 0 || latin.Length <= LongestPiece ? 0 : (int)Math.Clamp(wrong - Before, 0, latin.Length - LongestPiece);
        string skipped = start > 0 ? string.Create(CultureInfo.InvariantCulture, $"[{start} bytes] ") : "";
        return wrong < 0 ? row with { Text = skipped + EvidenceView.Escaped(latin[start..], LongestPiece) } : row with
        {
            Text = skipped + Excerpt.Escaped(latin.AsSpan(start, (int)wrong - start)),
            Mark = Excerpt.Escaped(latin.AsSpan((int)wrong, 1)),
            Rest = EvidenceView.Escaped(latin[((int)wrong + 1)..], LongestPiece),
        };
    }
}
