// Request streams sent to a server side by side, and every reply judged by the model.
using System.Net.Sockets;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Generating;

/// <summary>What was judged.</summary>
/// <param name="Replies">How many replies.</param>
/// <param name="Counted">How many requests counted, the last COUNT included.</param>
internal sealed record Exchanged(int Replies, int Counted);

/// <summary>One client with its stream.</summary>
internal sealed class Dialogue
{
    // A client that goes on sending is safe from a reset for so long after the server's last ERR (clause 5.3).
    private static readonly TimeSpan SafeTime = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<string> _pieces;
    private readonly IReadOnlyList<OwedReply> _owed;
    private readonly bool _endsEarly;
    private readonly RawClient _client;
    private readonly string _who;
    private readonly TimeSpan[] _sentAt;
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<CountedRequest> _counted = [];
    private volatile bool _isOver;

    private Dialogue(RequestStream stream, RawClient client, string who)
    {
        (_pieces, _owed, _endsEarly) = (stream.Pieces, Owed.For(stream.Bytes), stream.EndsEarly);
        (_client, _who, _sentAt) = (client, who, new TimeSpan[_pieces.Count]);
    }

    /// <summary>Sends streams side by side, a piece of each in turn: so most pieces reach the server by themselves.</summary>
    /// <param name="server">The server.</param>
    /// <param name="streams">A connection each.</param>
    /// <param name="before">How many requests the server has answered OK so far.</param>
    /// <param name="patience">How long a reply may take.</param>
    /// <exception cref="CaseFailedException">A reply is not the one owed, or the numbers told cannot all be true.</exception>
    public static async Task<Exchanged> Judge(ServerUnderTest server, IReadOnlyList<RequestStream> streams, long before, TimeSpan patience)
    {
        var all = new List<Dialogue>();
        try
        {
            foreach (RequestStream stream in streams)
            {
                all.Add(new Dialogue(stream, await server.Connect(), $"client {all.Count + 1} of {streams.Count}"));
            }

            Task[] reading = [.. all.Select(each => Task.Run(() => each.Read(server, patience)))];
            for (int piece = 0; piece < all.Max(each => each._pieces.Count); piece++)
            {
                await Task.WhenAll(all.Select(each => each.Send(piece)));
            }

            await Task.WhenAll(reading);
        }
        finally
        {
            all.ForEach(each => each._client.Dispose());
        }

        CountedRequest[] counted = [.. all.SelectMany(each => each._counted), await Observe(server, patience)];
        CountOrder.Judge(counted, before);
        return new Exchanged(all.Sum(each => each._owed.Count), counted.Length);
    }

    // One more client, when all are done: did everything count that should, and nothing else?
    private static async Task<CountedRequest> Observe(ServerUnderTest server, TimeSpan patience)
    {
        using RawClient client = await server.Connect();
        TimeSpan asked = Moment.Now;
        await client.Send("COUNT 0\n");
        Message reply = await client.Reply("the reply to COUNT afterwards", patience);
        return new CountedRequest("a client that asked afterwards", asked, Moment.Now, ReplyJudge.Judge(reply, Owed.For("COUNT 0\n")[0], client.Address, server, asked, "COUNT afterwards"));
    }

    // What the server does instead of taking a piece is for the reader to see.
    private async Task Send(int piece)
    {
        if (piece >= _pieces.Count || _isOver)
        {
            return;
        }

        try
        {
            _sentAt[piece] = Moment.Now;
            await _client.Send(_pieces[piece]);
            if (piece == _pieces.Count - 1 && _endsEarly)
            {
                _client.EndSending();
            }
        }
        catch (Exception error) when (error is CaseFailedException or SocketException or ObjectDisposedException)
        {
            _sent.TrySetResult();
        }

        if (piece == _pieces.Count - 1)
        {
            _sent.TrySetResult();
        }
    }

    private async Task Read(ServerUnderTest server, TimeSpan patience)
    {
        try
        {
            for (int i = 0; i < _owed.Count; i++)
            {
                OwedReply owed = _owed[i];
                string what = $"{_who}, reply {i + 1} of {_owed.Count}";
                Message reply = await _client.Reply($"{what}: {owed.Status} {Excerpt.Of(owed.Text ?? $"to {owed.Command}")}", patience);
                TimeSpan told = Moment.Now;
                TimeSpan asked = SentAt(owed.End);
                long? count = ReplyJudge.Judge(reply, owed, _client.Address, server, asked, what);
                if (owed.IsCounted)
                {
                    _counted.Add(new CountedRequest(_who, asked, told, count));
                }
            }

            await End(patience);
        }
        catch
        {
            _client.Dispose(); // nobody reads any more, so nobody should send
            throw;
        }
        finally
        {
            _isOver = true;
        }
    }

    // The clean end, which the server makes after an error, and else the client.
    private async Task End(TimeSpan patience)
    {
        bool isBroken = _owed.Count > 0 && _owed[^1].EndsConnection;
        if (!isBroken)
        {
            await _sent.Task;
            if (!_endsEarly)
            {
                _client.EndSending();
            }
        }

        TimeSpan since = Moment.Now;
        try
        {
            await _client.ExpectEnd(isBroken ? "5.1" : "1.4", $"{_who}, after all {_owed.Count} replies", patience);
        }
        catch (CaseFailedException failed) when (isBroken && Moment.Now - since > SafeTime)
        {
            throw new CaseFailedException(failed.Clause, failed.Expected, failed.Actual) { Late = Lateness.Of(since + SafeTime, Moment.Now) };
        }
    }

    // When the piece with the last byte of a request was sent.
    private TimeSpan SentAt(int end)
    {
        int piece = 0;
        for (int bytes = _pieces[0].Length; bytes < end; bytes += _pieces[piece].Length)
        {
            piece++;
        }

        return _sentAt[piece];
    }
}
