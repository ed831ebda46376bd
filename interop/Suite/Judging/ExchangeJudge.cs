// The tap's verdict: both directions of a recorded connection against the clauses, read by the suite's own reader.
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Judging;

/// <summary>A message of a recorded direction.</summary>
/// <param name="What">The message.</param>
/// <param name="Offset">Where its first byte stands in the direction's stream.</param>
/// <param name="First">The piece that its first byte came in.</param>
/// <param name="Last">The piece that its last byte came in.</param>
internal sealed record TappedMessage(Message What, long Offset, Piece First, Piece Last);

/// <summary>Judges a connection between a client and a server under test.</summary>
internal static class ExchangeJudge
{
    /// <summary>Checks who spoke, in what order, each header, each length, one right reply a request, and clean ends.</summary>
    /// <param name="exchange">What passed.</param>
    /// <param name="serverToldToEnd">When the case sent the server a signal that ends it: from then on its stream may end
    /// anywhere, but what stands there must be right; null for never.</param>
    /// <param name="clientKilled">Likewise of the client.</param>
    /// <returns>How long each reply took, from the last byte of its request to its own last.</returns>
    /// <exception cref="CaseFailedException">The first thing that is wrong, with direction, offset and bytes.</exception>
    public static async Task<IReadOnlyList<TimeSpan>> Judge(Exchange exchange, TimeSpan? serverToldToEnd, TimeSpan? clientKilled)
    {
        // In this order: the server's may follow from the client's at any moment.
        StreamEnd? serversEnd = exchange.EndOf(Direction.ToClient);
        StreamEnd? clientsEnd = exchange.EndOf(Direction.ToServer);
        bool isServerExcused = exchange.IsCut || serversEnd?.At >= serverToldToEnd || clientsEnd?.At >= clientKilled;
        bool isClientExcused = exchange.IsCut || clientsEnd?.At >= clientKilled || clientsEnd?.At >= serverToldToEnd;
        IReadOnlyList<TappedMessage> requests = await Messages(exchange, Direction.ToServer, mayBeCut: isClientExcused);
        IReadOnlyList<TappedMessage> replies = await Messages(exchange, Direction.ToClient, mayBeCut: isServerExcused);
        for (int i = 0; i < requests.Count; i++)
        {
            TappedMessage request = requests[i];
            Check(request.What.Word is "UPPER" || request.What.Payload.Length == 0, "3", Direction.ToServer, request.Offset,
                $"{request.What.Word} without a payload", $"{request.What.Payload.Length} bytes of it, {Excerpt.Of(request.What.Payload)}");
            if (i > 0 && (replies.Count < i || replies[i - 1].Last.Order > request.First.Order))
            {
                Check(false, "10.7", Direction.ToServer, request.Offset, $"request {i + 1} ({request.What.Word}) after the whole reply to request {i}",
                    replies.Count < i ? "it was sent although that reply never came" : "it was sent before that reply had come");
            }
        }

        for (int i = 0; i < replies.Count; i++)
        {
            TappedMessage reply = replies[i];
            Check(i < requests.Count, "1.2", Direction.ToClient, reply.Offset, $"no reply beyond those to the {requests.Count} requests", Shown(reply.What));
            Check(reply.First.Order > requests[i].Last.Order, "1.2", Direction.ToClient, reply.Offset,
                $"reply {i + 1} after the whole of request {i + 1} ({requests[i].What.Word})", $"{Shown(reply.What)}, before the request's last byte had come");
            ExpectRight(requests[i].What, reply, exchange.AddressTold, i + 1);
        }

        Check(isClientExcused || clientsEnd is not { IsReset: true }, "1.7", Direction.ToServer, exchange.BytesOf(Direction.ToServer).Length,
            "that the client closes its connection in order", "a reset");
        if (!isServerExcused)
        {
            int sent = exchange.BytesOf(Direction.ToClient).Length;
            Check(serversEnd is not { IsReset: true }, "1.4", Direction.ToClient, sent, "a clean end of the server's", "a reset");
            Check(serversEnd == null || clientsEnd != null, "1.2", Direction.ToClient, sent, "a connection that stays open until the client ends it", "the server's end");
            Check(serversEnd == null || replies.Count == requests.Count, "1.2", Direction.ToClient, sent, $"{requests.Count} replies to {requests.Count} requests", $"{replies.Count}");
        }

        return [.. replies.Select((reply, i) => reply.Last.At - requests[i].Last.At)];
    }

    /// <summary>The whole messages of a direction.</summary>
    /// <param name="exchange">What passed.</param>
    /// <param name="direction">Which way.</param>
    /// <param name="mayBeCut">True if the last message may lack its end.</param>
    public static async Task<IReadOnlyList<TappedMessage>> Messages(Exchange exchange, Direction direction, bool mayBeCut)
    {
        IReadOnlyList<Piece> pieces = [.. exchange.Pieces.Where(piece => piece.Direction == direction)];
        byte[] bytes = [.. pieces.SelectMany(piece => piece.Bytes)];
        int given = 0;
        var reader = new MessageReader(direction == Direction.ToServer ? Voice.Client : Voice.Server, (room, _) =>
        {
            int count = Math.Min(room.Length, bytes.Length - given);
            bytes.AsMemory(given, count).CopyTo(room);
            given += count;
            return ValueTask.FromResult(count);
        });
        var messages = new List<TappedMessage>();
        bool isOpen = exchange.EndOf(direction) == null;
        while (true)
        {
            long start = reader.Offset;
            try
            {
                if (await reader.Read(CancellationToken.None) is not Message message)
                {
                    return messages;
                }

                messages.Add(new TappedMessage(message, start, PieceAt(pieces, start), PieceAt(pieces, reader.Offset - 1)));
            }
            catch (CaseFailedException fault) when (fault.IsCutShort && (mayBeCut || isOpen))
            {
                return messages;
            }
            catch (CaseFailedException fault)
            {
                throw new CaseFailedException(fault.Clause, $"on the wire, {Way(direction)}: {fault.Expected}", fault.Actual) { Spot = new Spot(direction, start) };
            }
        }
    }

    private static void ExpectRight(Message request, TappedMessage reply, string address, int number)
    {
        string text = reply.What.Text;
        (string clause, string expected, bool isRight) = request.Word switch
        {
            "UPPER" => ("3.1", $"OK {Excerpt.Of(WireText.Upper(request.Payload))}", reply.What.Payload.AsSpan().SequenceEqual(WireText.Upper(request.Payload))),
            "ADDR" => ("3.2", $"OK '{address}', where the connection comes from", string.Equals(text, address, StringComparison.Ordinal)),
            "COUNT" => ("3.3", "OK and a decimal number from 1 on", WireText.IsCount(text)),
            _ => ("3.4", "OK and HH:MM:SS", WireText.IsUptime(text)),
        };
        Check(isRight && reply.What.Word is "OK", clause, Direction.ToClient, reply.Offset + WrongAt(request, reply.What),
            $"as reply {number}, to {request.Word}: {expected}", Shown(reply.What));
    }

    // The first wrong byte of a reply, where a right one is known to the byte; else the reply as a whole is wrong.
    private static int WrongAt(Message request, Message reply) => request.Word is not "UPPER" ? 0
        : WireText.Reply("OK", WireText.Upper(request.Payload)).AsSpan().CommonPrefixLength(WireText.Reply(reply.Word, reply.Payload));

    private static void Check(bool condition, string clause, Direction direction, long offset, string expected, string actual)
    {
        if (!condition)
        {
            throw new CaseFailedException(clause, $"on the wire, {Way(direction)}, at byte {offset}: {expected}", actual) { Spot = new Spot(direction, offset) };
        }
    }

    private static string Way(Direction direction) => direction == Direction.ToServer ? "client to server" : "server to client";

    private static string Shown(Message message) => $"{message.Word} {Excerpt.Of(message.Payload)}";

    private static Piece PieceAt(IReadOnlyList<Piece> pieces, long offset) => pieces.Last(piece => piece.Offset <= offset);
}
