// A scenario played against a server, freshly started, and judged: replies, log and counts together.
using EasyTcp.Interop.Generating;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Histories;

/// <summary>One playing of a scenario.</summary>
internal sealed class Play
{
    /// <summary>What each playing ends with, in words.</summary>
    public const string LastLine = $"{Observer} connects, asks 'COUNT 0\\n' and closes; then the server is interrupted";

    // After the last group, one more client asks how many were counted.
    private const string Observer = "the observer";

    // Often enough that some fall among the steps; their times are judged elsewhere.
    private const string ReportInterval = "0.1";

    // What connect lines usually take far less than. No clause says when those of a silent client are due.
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    private readonly Lab _lab;
    private readonly ServerUnderTest _server;
    private readonly TimeSpan _patience;
    private readonly Observations _seen = new();
    private readonly Dictionary<string, ISteppingClient> _clients = new(StringComparer.Ordinal);

    private Play(Lab lab, ServerUnderTest server, TimeSpan patience) => (_lab, _server, _patience) = (lab, server, patience);

    /// <summary>Plays a scenario and judges what came of it.</summary>
    /// <param name="lab">Where the server and the menu clients are started.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="patience">How long a reply may take.</param>
    /// <exception cref="CaseFailedException">Something is not as the clauses say.</exception>
    public static async Task Judge(Lab lab, Scenario scenario, TimeSpan patience)
    {
        var play = new Play(lab, await lab.StartServer(report: ReportInterval), patience);
        try
        {
            foreach (IReadOnlyList<Step> group in scenario.Groups)
            {
                await Task.WhenAll(group.GroupBy(step => step.Client, StringComparer.Ordinal).Select(own => (Own: own, Client: play.ClientOf(own.First())))
                    .ToArray().Select(each => Task.Run(() => play.Take([.. each.Own], each.Client))));
                await play.Settle();
            }

            Step[] observation = [new(Observer, Deed.Connect), new(Observer, Deed.Ask, "COUNT 0\n"), new(Observer, Deed.Close)];
            await play.Take(observation, new OwnClient(play._server, patience));
            await play.LeaveAfterErrors();
            await play.JudgeAll();
        }
        finally
        {
            play._clients.Values.ToList().ForEach(client => client.Dispose());
        }
    }

    private ISteppingClient ClientOf(Step step)
    {
        if (!_clients.TryGetValue(step.Client, out ISteppingClient? client))
        {
            Peer? peer = _lab.Clients.FirstOrDefault(peer => string.Equals(peer.Name, step.Client, StringComparison.Ordinal));
            client = !step.IsByMenu ? new OwnClient(_server, _patience)
                : peer != null ? new MenuClient(_lab, _server, peer)
                : throw new InvalidDataException($"no client of the registry is named '{step.Client}'");
            _clients.Add(step.Client, client);
        }

        return client;
    }

    // One client's steps of a group, one after another.
    private async Task Take(IReadOnlyList<Step> steps, ISteppingClient client)
    {
        foreach (Step step in steps)
        {
            switch (step.Deed)
            {
                case Deed.Connect or Deed.ConnectByIpv6:
                    await Connect(step, client);
                    break;
                case Deed.Ask:
                    await Ask(step, client, VisitOf(step));
                    break;
                default:
                    await Leave(step, client, VisitOf(step));
                    break;
            }
        }
    }

    private async Task Connect(Step step, ISteppingClient client)
    {
        var visit = new Visit(step.Client, Moment.Now);
        await client.Connect(step.Deed);
        visit.Connected = Moment.Now;
        _seen.Add(visit);
    }

    private async Task Ask(Step step, ISteppingClient client, Visit visit)
    {
        OwedReply owed = Owed.For(step.Request)[0];
        TimeSpan asked = Moment.Now;
        if (owed.EndsConnection)
        {
            visit.Leaving = asked;
        }

        Message reply = await client.Ask(step.Request, owed);
        TimeSpan told = Moment.Now;
        visit.Heard ??= told;
        long? count = ReplyJudge.Judge(reply, owed, client.Address, _server, asked, $"the reply to {step.Client}, who asked {Excerpt.Of(step.Request)}");
        if (owed.IsCounted)
        {
            _seen.Add(new CountedRequest(step.Client, asked, told, count));
        }
    }

    private async Task Leave(Step step, ISteppingClient client, Visit visit)
    {
        TimeSpan leaving = Moment.Now;
        visit.Leaving ??= leaving;
        visit.WasReset = step.Deed == Deed.Reset && !step.IsByMenu;
        await client.Leave(step.Deed, step.Request);
        visit.Left = Moment.Now;
        if (step.Deed == Deed.Abandon)
        {
            _seen.Add(new CountedRequest(step.Client, leaving, Told: null)); // the server may have it, or not, or later
        }
    }

    // Whoever an error has sent off closes now, if not before: from then on its end is due.
    private async Task LeaveAfterErrors()
    {
        foreach (Visit visit in _seen.Visits.Where(visit => visit is { Leaving: not null, Left: null }))
        {
            await Leave(new Step(visit.Who, Deed.Close), _clients[visit.Who], visit);
        }
    }

    private Visit VisitOf(Step step) => _seen.Visits.Last(visit => string.Equals(visit.Who, step.Client, StringComparison.Ordinal));

    // Gives the connect lines time to come, so that the order in which the next clients come is known to the server as well.
    private async Task Settle()
    {
        int visits = _seen.Visits.Count;
        Task lines = _server.Log.Find("connect lines", "6.3", Settling, log => Count(log, " connected. ") >= visits ? log : null);
        await lines.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task JudgeAll()
    {
        CountOrder.Judge(_seen.Counted);
        IReadOnlyList<Visit> visits = _seen.Visits;
        int stay = visits.Count(visit => visit.Left == null);
        Task lines = _server.Log.Find($"connect lines of {visits.Count} clients and the disconnect lines of all but {stay}", "6.4", _server.OneSecond,
            log => Count(log, " connected. ") >= visits.Count && Count(log, " connected. ") - Count(log, " disconnected. ") <= stay ? log : null);
        // A client that the server never accepted has no lines, and the match knows.
        await lines.ConfigureAwait(visits.Any(visit => visit.MayBeUnseen) ? ConfigureAwaitOptions.SuppressThrowing : ConfigureAwaitOptions.None);
        LogMatch.Judge(await _server.ExpectFarewell(), visits, _server.OneSecond);
        SanitizerReport.ExpectNone(_lab.Peers);
    }

    private static int Count(IReadOnlyList<OutputLine> lines, string change) => lines.Count(line => line.Text.Contains(change, StringComparison.Ordinal));
}
