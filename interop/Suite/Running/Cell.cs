// One square of the matrix in one respect: a server, a client, or both, and a case.
using System.Globalization;
using EasyTcp.Interop.Cases;
using EasyTcp.Interop.Evidence;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Running;

/// <summary>A planned judgement.</summary>
/// <param name="Server">The server under test; null for a case that judges a client alone.</param>
/// <param name="Client">The client under test; null for a case that judges a server alone.</param>
/// <param name="Case">The case.</param>
/// <param name="Registry">The peers that cases may ask for beside those under test.</param>
/// <param name="RunSeed">What everything random in the run is drawn from.</param>
internal sealed record Cell(Peer? Server, Peer? Client, Case Case, PeerRegistry Registry, long RunSeed = Selection.DefaultSeed)
{
    private const int MostRepetitions = 2;

    /// <summary>A history that is to be played instead of random ones; null for none.</summary>
    public string? HistoryFile { get; init; }

    /// <summary>As in <c>csharp-multithread x c / upper-full-range</c>.</summary>
    public string Name => $"{string.Join(" x ", new[] { Server?.Name, Client?.Name }.OfType<string>())} / {Case.About.Id}";

    /// <summary>The line that runs this cell alone.</summary>
    public string Replay => string.Join(' ', new[] { Target, Choice("SERVER", Server), Choice("CLIENT", Client), $"CASE={Case.About.Id}", Named("PEERS", Registry.File), Named("HISTORY", HistoryFile), Case.About.Nightly ? "NIGHTLY=1" : "", Variant, RunSeed == Selection.DefaultSeed ? "" : $"SEED={RunSeed}" }.Where(part => part.Length > 0));

    /// <summary>Runs the case.</summary>
    /// <param name="repetitions">How often again at most, if the machine was to blame.</param>
    public async Task<Outcome> Run(int repetitions = MostRepetitions)
    {
        if (Place.Current.Missing is string missing)
        {
            return new Outcome(Verdict.NotRun, $"{Name}\n  {missing}");
        }

        if (Unclaimed is string reason)
        {
            return new Outcome(Verdict.Unsupported, $"{Name}\n  {reason}");
        }

        var earlier = new List<Outcome>();
        while (true)
        {
            TimeSpan start = Moment.Now;
            Outcome outcome = await Attempt();
            outcome = outcome with { Earlier = [.. earlier], Duration = Moment.Now - start };
            if (outcome.Verdict != Verdict.Inconclusive || earlier.Count == repetitions)
            {
                return outcome;
            }

            earlier.Add(outcome);
        }
    }

    public override string ToString() => Name;

    // Peers of a variant are in no other run.
    private string Variant => new[] { Server, Client }.OfType<Peer>().SelectMany(peer => peer.Variants.Take(1)).FirstOrDefault() is string variant ? $"VARIANTS={variant}" : "";

    // Why a peer does not claim the case's clause, if it says so in the registry.
    private string? Unclaimed => new[] { Server, Client }.OfType<Peer>()
        .SelectMany(peer => peer.Unsupported.Where(gap => string.Equals(gap.Clause, Case.About.Clause, StringComparison.Ordinal))
            .Select(gap => $"{peer.Name} does not claim clause {gap.Clause}: {gap.Reason}"))
        .FirstOrDefault();

    private async Task<Outcome> Attempt()
    {
        var lab = new Lab(Server, Client, Registry.Clients, Chance.Derive(RunSeed, Name), isTapped: Case.About is { Role: Role.Pair, Direct: false })
        {
            HistoryFile = HistoryFile,
            KeepsAddresses = Case.About.KeepsAddresses,
            Shrinks = !Plan.Current.IsOfSaboteurs,
        };
        string stage = "judged it";
        return await StuckCell.Bound(Whole, LongestCase + StuckCell.Aftermath, Name, () => stage);

        async Task<Outcome> Whole()
        {
            Outcome outcome;
            await using (lab)
            {
                outcome = Measured(await Judge(lab), lab);
                stage = $"ended its peers and relays, having found it {outcome.Verdict}";
            }

            stage = "kept its evidence";
            return outcome with { Evidence = EvidenceKeeper.Current?.Keep(this, outcome.Verdict, lab) };
        }
    }

    private TimeSpan LongestCase => Place.Current.LongestCell + TimeSpan.FromSeconds(Case.About.Seconds);

    private async Task<Outcome> Judge(Lab lab)
    {
        lab.Enter();
        try
        {
            await Case.Run(lab).WaitAsync(LongestCase);
            await lab.JudgeExchanges();
            await lab.EndInstrumented();
            SanitizerReport.ExpectNone(lab.Peers);
            Unruliness.ExpectNone(lab.Peers);
            return Outcome.Passed;
        }
        catch (Exception caught)
        {
            // Whatever it was, the cell did not pass; a fault of the suite's own must not look like anything else.
            // What a sanitizer reports comes first: all else may be due to it.
            await StallMeter.CatchUp();
            await lab.NoteViolations();
            Exception fault = SanitizerReport.Find(lab.Peers) ?? Unruliness.Blame(caught, lab.Peers);
            string story = FailureStory.Tell(this, fault, lab);
            var failure = fault as CaseFailedException;
            if (failure?.Stall(lab.Peers) is TimeSpan stall)
            {
                return new Outcome(Verdict.Inconclusive, string.Create(CultureInfo.InvariantCulture,
                    $"{story}\n  but of the {(failure.Late!.Until - failure.Late.From).TotalSeconds:0.000} s in question the machine itself stood still for {stall.TotalSeconds:0.000} s"), failure);
            }

            return failure?.Hindrance is string hindrance
                ? new Outcome(Verdict.Inconclusive, $"{story}\n  but {hindrance}", failure)
                : new Outcome(Verdict.Failed, story, failure);
        }
    }

    // Whatever its verdict.
    private Outcome Measured(Outcome outcome, Lab lab)
    {
        IReadOnlyList<OutputLine> log = Case.About.HasCrowd ? lab.Peers.FirstOrDefault(lab.IsServer)?.Output.Lines ?? [] : [];
        return outcome with { Measurements = [.. lab.Measurements, .. CrowdFigures.Of(log)], Log = CrowdFigures.Lines(log) };
    }

    private static string Target => Plan.Current.IsOfSaboteurs ? Place.Current.Target.Replace("interop", "saboteurs", StringComparison.Ordinal) : Place.Current.Target;

    private static string Named(string variable, string? file) => file == null ? "" : $"{variable}={ShellText.Quoted(file)}";

    private static string Choice(string variable, Peer? peer) =>
        peer == null ? "" : peer.GuestCommand is string command
            ? $"{variable}={ShellText.Quoted(command)}"
            : $"{variable}={peer.Name}";
}
