// What the rival answers: each whole request that has come, by its payload in capitals.
using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
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
            ReadOnlySpan<byte> header = bytes.Slice(0, end).ToArray();
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
            int size = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"OK {length}\n"), reply);
            bytes.Slice(start, length).CopyTo(reply[size..]);
            Ascii.ToUpperInPlace(reply.Slice(size, length), out _);
            writer.Advance(size + length);
            bytes = bytes.Slice(bytes.GetPosition(length, start));
        }

        return bytes;
    }
}
