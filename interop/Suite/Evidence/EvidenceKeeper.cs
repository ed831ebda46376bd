// Keeps what was seen of a cell, in a folder of its own: server/client/case, with "-" for a side that there is not.
using System.Globalization;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Running;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Evidence;

/// <summary>Writes evidence below a folder.</summary>
/// <param name="folder">Where the results go.</param>
/// <param name="isAll">True to keep it of every cell, false of those alone that did not pass.</param>
internal sealed class EvidenceKeeper(string folder, bool isAll)
{
    private const string Name = "evidence";
    private const int MostLines = 2000; // of a stream; half of them from its begin, half from its end
    private const int LongestLine = 4096;
    private const long MostBytes = 1024 * 1024; // of a connection

    private static readonly DateTimeOffset Origin = TimeProvider.System.GetUtcNow() - Moment.Now;

    private readonly TextWriter _errors = Console.Error; // as it is before NUnit, while it runs, puts its own in its place
    private readonly Dictionary<string, int> _attempts = new(StringComparer.Ordinal);

    /// <summary>The keeper of this run; null if nothing is kept.</summary>
    public static EvidenceKeeper? Current { get; set; }

    /// <summary>Removes what an earlier run has left there.</summary>
    public void Begin()
    {
        string old = Path.Combine(folder, Name);
        if (Directory.Exists(old))
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Keeps the evidence of an attempt, if it is to be kept.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="verdict">What came of it.</param>
    /// <param name="lab">What it was judged in, with all programs ended.</param>
    /// <returns>The folder, from the results' own; null if nothing was kept.</returns>
    public string? Keep(Cell cell, Verdict verdict, Lab lab)
    {
        if (!isAll && verdict == Verdict.Passed)
        {
            return null;
        }

        string path = string.Join('/', Name, cell.Server?.Name ?? "-", cell.Client?.Name ?? "-", cell.Case.About.Id);
        int attempt;
        lock (_attempts)
        {
            _attempts[path] = attempt = _attempts.GetValueOrDefault(path) + 1;
        }

        path = attempt == 1 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}/attempt-{attempt}");
        string full = Path.Combine(folder, path);
        if (EvidenceFolder.Write(full, Of(cell, lab)) is string reason)
        {
            _errors.WriteLine($"interop: the evidence of {cell.Name} could not be kept whole: {reason}");
        }

        return path;
    }

    private static EvidenceFile Of(Cell cell, Lab lab)
    {
        string serverTitle = lab.Peers.LastOrDefault(lab.IsServer)?.Title ?? "a server";
        string[] clients = [.. lab.Peers.Where(peer => !lab.IsServer(peer)).Select(peer => peer.Title).Distinct(StringComparer.Ordinal)];
        string clientTitle = clients.Length == 1 ? clients[0] : "a client";
        return new EvidenceFile(EvidenceFile.CurrentVersion, cell.Name, cell.Server?.Name, cell.Client?.Name, cell.Case.About.Id, cell.RunSeed, Origin,
            [.. lab.Peers.Select(Of)],
            [.. lab.Exchanges.Concat(lab.OwnExchanges).OrderBy(exchange => exchange.OpenedAt).Select(exchange => Of(exchange, clientTitle, serverTitle))]);
    }

    private static ProgramEvidence Of(PeerProcess peer)
    {
        bool hasEnded = peer.Ended.IsCompletedSuccessfully;
        return new ProgramEvidence(peer.Title, peer.CommandText, Seconds(peer.StartedAt), hasEnded ? Seconds(peer.Ended.Result.At) : null, peer.Fate, Lines(peer.Output), Lines(peer.Errors));
    }

    private static LineEvidence[] Lines(OutputLog log)
    {
        IReadOnlyList<OutputLine> lines = log.Lines;
        int left = lines.Count - MostLines;
        return left <= 0 ? [.. lines.Select(Of)]
            :
            [
                .. lines.Take(MostLines / 2).Select(Of),
                new LineEvidence(Seconds(lines[MostLines / 2].At), string.Create(CultureInfo.InvariantCulture, $"[{left} lines left out]"), true),
                .. lines.Skip(lines.Count - (MostLines / 2)).Select(Of),
            ];
    }

    private static LineEvidence Of(OutputLine line) => new(Seconds(line.At),
        line.Text.Length <= LongestLine ? line.Text : string.Create(CultureInfo.InvariantCulture, $"{line.Text[..LongestLine]} [{line.Text.Length - LongestLine} bytes left out]"), line.IsWhole);

    private static ConnectionEvidence Of(Exchange exchange, string client, string server)
    {
        var pieces = new List<PieceEvidence>();
        long bytes = 0;
        IReadOnlyList<Piece> all = exchange.Pieces;
        foreach (Piece piece in all.TakeWhile(piece => (bytes += piece.Bytes.Length) <= MostBytes))
        {
            pieces.Add(new PieceEvidence(Seconds(piece.At), piece.Direction == Direction.ToClient, piece.Offset, piece.Bytes));
        }

        EndEvidence[] ends = [.. Enum.GetValues<Direction>().Select(way => (Way: way, End: exchange.EndOf(way))).Where(each => each.End != null)
            .Select(each => new EndEvidence(Seconds(each.End!.At), each.Way == Direction.ToClient, each.End.IsReset)).OrderBy(end => end.At)];
        return new ConnectionEvidence(
            exchange.Part == Part.Client ? "the suite" : client, exchange.Part == Part.Server ? "the suite" : server,
            exchange.AddressTold, exchange.ServerAddress, Seconds(exchange.OpenedAt), exchange.Fault?.ToString(),
            pieces, ends, exchange.IsCutShort || pieces.Count < all.Count, exchange.Violation is CaseFailedException { Spot: Spot spot } violation
                ? [new ViolationEvidence(spot.Direction == Direction.ToClient, spot.Offset, violation.Clause, violation.Message)]
                : []);
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);
}
