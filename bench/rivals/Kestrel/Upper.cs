// What the rival answers: each whole request that has come, by its payload in capitals.
using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;

namespace EasyTcp.Rivals;

internal sealed class Upper : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        PipeReader reader = connection.Transport.Input;
        PipeWriter writer = connection.Transport.Output;
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            ReadOnlySequence<byte> rest = Answer(read.Buffer, writer);
            reader.AdvanceTo(rest.Start, rest.End);
            await writer.FlushAsync();
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static ReadOnlySequence<byte> Answer(ReadOnlySequence<byte> bytes, PipeWriter writer)
    {
        while (bytes.PositionOf((byte)'\n') is SequencePosition end)
        {
            ReadOnlySequence<byte> before = bytes.Slice(0, end);
            ReadOnlySpan<byte> header = before.IsSingleSegment ? before.FirstSpan : before.ToArray();
            if (!Utf8Parser.TryParse(header[(header.IndexOf((byte)' ') + 1)..], out int length, out _))
            {
                throw new InvalidDataException("no length");
            }

            SequencePosition start = bytes.GetPosition(1, end);
            if (bytes.Slice(start).Length < length)
            {
                break;
            }

            Span<byte> reply = writer.GetSpan(length + 16);
            "OK "u8.CopyTo(reply);
            Utf8Formatter.TryFormat(length, reply[3..], out int digits);
            int size = 3 + digits;
            reply[size++] = (byte)'\n';
            bytes.Slice(start, length).CopyTo(reply[size..]);
            Ascii.ToUpperInPlace(reply.Slice(size, length), out _);
            writer.Advance(size + length);
            bytes = bytes.Slice(bytes.GetPosition(length, start));
        }

        return bytes;
    }
}
