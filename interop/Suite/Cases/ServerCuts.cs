// How sessions with a server are cut: many at once, each judged, while others are served.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Cases;

/// <summary>Cuts sessions with one server, beside a bystander who asks all the time, and judges the server at the end.</summary>
internal sealed class ServerCuts : IDisposable
{
    private const string Cut = ", the session being cut ";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ServerUnderTest _server;
    private readonly RawClient _bystander;
    private int _clients = 1;
    private int _asked;

    private ServerCuts(ServerUnderTest server, RawClient bystander) => (_server, _bystander) = (server, bystander);

    /// <summary>Starts the server under test; its first client is the bystander.</summary>
    public static async Task<ServerCuts> Begin(Lab lab)
    {
        ServerUnderTest server = await lab.StartServer();
        RawClient bystander = await server.Connect();
        await server.Connected(1);
        return new ServerCuts(server, bystander);
    }

    /// <summary>Connects a client for each place, brings all of them there, then cuts all of them at once.</summary>
    /// <param name="places">Where each session is cut.</param>
    /// <param name="describe">Tells a client's cut, for the sentence of its failure.</param>
    /// <param name="approach">Brings a client to its place.</param>
    /// <param name="cut">Cuts it and judges what still comes; gives the moment of the cut, after which the disconnect line is due.</param>
    public async Task At(IEnumerable<int> places, Func<RawClient, int, string> describe, Func<RawClient, int, Task> approach, Func<RawClient, int, Task<TimeSpan>> cut)
    {
        var clients = new List<(RawClient Client, int Place, string Cut)>();
        try
        {
            // One after the other, so that the IDs are in the order of the places (clause 6.3).
            foreach (int place in places)
            {
                RawClient client = await _server.Connect();
                clients.Add((client, place, describe(client, place)));
            }

            int before = _clients;
            _clients += clients.Count;
            await _server.Connected(_clients);
            TimeSpan[] moments = new TimeSpan[clients.Count];
            await Named($"somewhere from {clients[0].Cut} to {clients[^1].Cut}", async () =>
            {
                await Meanwhile(Task.WhenAll(clients.Select(each => Named(each.Cut, () => approach(each.Client, each.Place)))));
                await ExpectServing("beside clients that are in the midst of it");
                await Meanwhile(Task.WhenAll(clients.Select((each, i) => Named(each.Cut, async () => moments[i] = await cut(each.Client, each.Place)))));
                await ExpectServing("after all the cuts");
            });
            for (int i = 0; i < clients.Count; i++)
            {
                await Named(clients[i].Cut, () => _server.DisconnectedSince(before + i + 1, moments[i]));
            }
        }
        finally
        {
            clients.ForEach(each => each.Client.Dispose());
        }
    }

    /// <summary>Clients that come and are gone by a reset at once, before or after the server has accepted them: the last thing,
    /// for whether such a one is still given an ID is the system's affair.</summary>
    public async Task Vanish(int count)
    {
        for (int i = 0; i < count; i++)
        {
            (await _server.Connect()).Reset();
        }

        await ExpectServing($"after {count} clients were gone as soon as they had come");
    }

    /// <summary>Judges COUNT, the log as a history, and the farewell.</summary>
    /// <param name="atLeast">The OK replies that clients but the bystander were surely given.</param>
    /// <param name="atMost">Those that they may have been given.</param>
    public async Task End(int atLeast, int atMost)
    {
        Message count = await _bystander.Ask("COUNT");
        string[] legal = [.. Enumerable.Range(_asked + 1 + atLeast, atMost - atLeast + 1).Select(number => FormattableString.Invariant($"{number}"))];
        Expect.That(count.Word is "OK" && legal.Contains(count.Text, StringComparer.Ordinal), "3.3",
            $"COUNT after all the cuts: {(legal.Length == 1 ? legal[0] : $"from {legal[0]} to {legal[^1]}")}", $"{count.Word} {Excerpt.Of(count.Payload)}");
        TimeSpan left = Moment.Now;
        _bystander.Dispose();
        await _server.DisconnectedSince(1, left);
        await _server.Log.Find("the roster of nobody, after all have left", "6.4", Wait.Patience, lines => lines[^1] is { IsWhole: true, Text: "Connected clients = {}" } last ? last : null);
        History history = await _server.ExpectFarewell();
        Expect.That(history.Connected.Count == 0, "6.6", "nobody connected at the end", $"{history.Connected.Count} clients");
    }

    public void Dispose() => _bystander.Dispose();

    // The bystander asks until something is done: it must be answered meanwhile.
    private async Task Meanwhile(Task work)
    {
        do
        {
            await Ask();
            await Task.WhenAny(work, Wait.LetPass(Pause));
        }
        while (!work.IsCompleted);
        await work;
    }

    private async Task ExpectServing(string when)
    {
        await _server.ExpectServing("9.1", $"a new client's reply {when}");
        _clients++;
        _asked++;
    }

    private async Task Ask()
    {
        await _bystander.Send(WireText.Request("UPPER", "by the way"));
        await _bystander.ExpectReply("OK", "BY THE WAY", "9.1", "another client's reply while sessions are cut");
        _asked++;
    }

    // A failure names the cut; what one client saw, that client's.
    private static async Task Named(string cut, Func<Task> judge)
    {
        try
        {
            await judge();
        }
        catch (CaseFailedException fault) when (!fault.Expected.Contains(Cut, StringComparison.Ordinal))
        {
            throw fault.When($"{Cut}{cut}");
        }
    }
}
