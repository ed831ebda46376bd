// A direction of a recorded connection, taken apart by the suite's own reader.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Evidence;

/// <summary>A message of a recorded direction, or a piece of what is none.</summary>
/// <param name="IsReply">True from the server to the client.</param>
/// <param name="Offset">How many bytes of the direction came before.</param>
/// <param name="Length">How many bytes it has, the header's included.</param>
/// <param name="Begun">When its first byte came.</param>
/// <param name="At">When its last byte came.</param>
/// <param name="Message">The message; null for bytes that are none, or not a whole one.</param>
/// <param name="Bytes">Its bytes.</param>
internal sealed record DecodedPart(bool IsReply, long Offset, int Length, double Begun, double At, Message? Message, byte[] Bytes);

/// <summary>Takes a direction apart.</summary>
internal static class DecodedStream
{
    // A command that nobody knows is a message all the same (clause 4.1).
    private static readonly Voice AnyClient = Voice.Client with { Words = [] };

    /// <summary>The messages of a direction in order, up to the first that is none; from there on the pieces as they came.</summary>
    public static IReadOnlyList<DecodedPart> Of(ConnectionEvidence connection, bool isReply)
    {
        PieceEvidence[] pieces = [.. connection.Pieces.Where(piece => piece.IsReply == isReply)];
        byte[] bytes = [.. pieces.SelectMany(piece => piece.Bytes)];
        var parts = new List<DecodedPart>();
        var stream = new MemoryStream(bytes);
        var reader = new MessageReader(isReply ? Voice.Server : AnyClient, stream.ReadAsync);
        int start = 0;
        int piece = 0; // that of the byte at `start`
        try
        {
            while (reader.Read(CancellationToken.None).GetAwaiter().GetResult() is Message message) // a stream in memory never waits
            {
                int end = (int)reader.Offset;
                double begun = pieces[piece].At;
                while (EndOf(pieces[piece]) < end)
                {
                    piece++;
                }

                parts.Add(new DecodedPart(isReply, start, end - start, begun, pieces[piece].At, message, bytes[start..end]));
                piece += EndOf(pieces[piece]) == end ? 1 : 0;
                start = end;
            }
        }
        catch (CaseFailedException)
        {
            for (; piece < pieces.Length; piece++)
            {
                int end = (int)EndOf(pieces[piece]);
                parts.Add(new DecodedPart(isReply, start, end - start, pieces[piece].At, pieces[piece].At, null, bytes[start..end]));
                start = end;
            }
        }

        return parts;
    }

    private static long EndOf(PieceEvidence piece) => piece.Offset + piece.Bytes.Length;
}
