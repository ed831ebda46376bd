// A server under test that has said that it is ready.
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Processes;

/// <summary>A running server: its port, its log, and ways to reach it.</summary>
internal sealed partial class ServerUnderTest
{
    private ServerUnderTest(PeerProcess process, IPEndPoint endPoint, TimeSpan readyAt, double slack) => (Process, EndPoint, ReadyAt, Slack) = (process, endPoint, readyAt, slack);

    public PeerProcess Process { get; }

    /// <summary>Where it listens, over IPv4.</summary>
    public IPEndPoint EndPoint { get; }

    public int Port => EndPoint.Port;

    /// <summary>When the ready line came.</summary>
    public TimeSpan ReadyAt { get; }

    /// <summary>How much longer than others it may take, and how much larger be.</summary>
    public double Slack { get; }

    /// <summary>What a second of a clause may take until the suite has seen its end.</summary>
    public TimeSpan OneSecond => Tolerance.OneSecond * Slack;

    public OutputLog Log => Process.Output;

    /// <summary>Awaits a server's ready line (clause 6.2).</summary>
    public static async Task<ServerUnderTest> Ready(PeerProcess process, double slack = 1)
    {
        OutputLine first = await process.Output.Find("the ready line 'The server is ready to receive on port N'", "6.2", Wait.Patience,
            lines => lines.FirstOrDefault(line => line.IsWhole));
        Match ready = ReadyLine().Match(first.Text);
        Expect.That(ready.Success, "6.2", "the ready line 'The server is ready to receive on port N'", Excerpt.Of(first.Text));
        var endPoint = new IPEndPoint(await process.Address(AddressFamily.InterNetwork), int.Parse(ready.Groups[1].Value, CultureInfo.InvariantCulture));
        return new ServerUnderTest(process, endPoint, first.At, slack);
    }

    /// <summary>Connects a client of the suite's own.</summary>
    public async Task<RawClient> Connect(AddressFamily family = AddressFamily.InterNetwork) =>
        await RawClient.Connect(new IPEndPoint(family == AddressFamily.InterNetwork ? EndPoint.Address : await Process.Address(family), Port));

    /// <summary>Connects so many, one after another, each after the connect lines of the one before.</summary>
    /// <param name="count">How many.</param>
    /// <param name="before">How many have connected before them.</param>
    public async Task<List<RawClient>> ConnectInOrder(int count, int before = 0)
    {
        var clients = new List<RawClient>();
        for (int i = 0; i < count; i++)
        {
            clients.Add(await Connect());
            await Connected(before + i + 1);
        }

        return clients;
    }

    /// <summary>Awaits the connect line of an ID.</summary>
    public Task<OutputLine> Connected(long id, TimeSpan? within = null) => Told(id, "connected", "6.3", within ?? Wait.Patience);

    /// <summary>Awaits the disconnect line of an ID, in the time of clause 6.4 unless another is given.</summary>
    public Task<OutputLine> Disconnected(long id, TimeSpan? within = null) => Told(id, "disconnected", "6.4", within ?? OneSecond);

    /// <summary>Awaits the disconnect line of an ID in a time that a clause states, be it longer than the suite's own patience.</summary>
    public async Task<OutputLine> DisconnectedAsStated(long id, TimeSpan within)
    {
        try
        {
            return await Disconnected(id, within);
        }
        catch (CaseFailedException late) when (late.IsSilence)
        {
            throw new CaseFailedException(late.Clause, late.Expected, late.Actual);
        }
    }

    /// <summary>Awaits the disconnect line of an ID whose client ended at a moment. The line's own time is judged and not when
    /// the suite comes to look, for it may have many to look for.</summary>
    public async Task DisconnectedSince(long id, TimeSpan endedAt)
    {
        OutputLine line = await Told(id, "disconnected", "6.4", Wait.Soon);
        Expect.OfTime(line.At - endedAt <= OneSecond, "6.4",
            string.Create(CultureInfo.InvariantCulture, $"the disconnect line of client {id} within a second of its end"), Wait.Seconds(line.At - endedAt),
            Lateness.Of(endedAt + TimeSpan.FromSeconds(1), line.At));
    }

    /// <summary>Checks that the server still serves: a new client is answered.</summary>
    public async Task ExpectServing(string clause, string what)
    {
        using RawClient client = await Connect();
        await client.Send(WireText.Request("UPPER", "still here"));
        await client.ExpectReply("OK", "STILL HERE", clause, what, Wait.Soon);
    }

    /// <summary>Stops the server by a signal and judges its farewell (clause 8.1) and its whole log (clause 6.6).</summary>
    public async Task<History> ExpectFarewell(int signal = PosixSignals.Interrupt)
    {
        TimeSpan sent = Moment.Now;
        Process.Signal(signal);
        Ending ending = await Process.End("8.1", OneSecond);
        Expect.That(ending.ExitCode == 0, "8.1", $"exit status 0 after signal {signal}", $"exit status {ending.ExitCode}");
        Expect.Within(ending.At - sent, TimeSpan.Zero, OneSecond, "8.1", $"an end after signal {signal}");
        Expect.Same("", Process.Errors.Text, "8.1", "stderr");
        Expect.Same("Bye bye~", Log.Lines.Count == 0 ? "" : Log.Lines[^1].Text, "8.1", "the last line");
        return History.Replay(Log.Lines);
    }

    private Task<OutputLine> Told(long id, string change, string clause, TimeSpan within)
    {
        string start = string.Create(CultureInfo.InvariantCulture, $"Client {id} {change}. ");
        return Log.Find($"a line that begins with '{start}'", clause, within,
            lines => lines.FirstOrDefault(line => line.Text.StartsWith(start, StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"\AThe server is ready to receive on port ([1-9][0-9]{0,4})\z", RegexOptions.CultureInvariant)]
    private static partial Regex ReadyLine();
}
