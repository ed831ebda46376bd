// Cuts what comes into the payloads of whole requests.
using System.Globalization;
using System.Text;
using DotNetty.Buffers;
using DotNetty.Codecs;
using DotNetty.Transport.Channels;

namespace EasyTcp.Rivals;

internal sealed class Requests : ByteToMessageDecoder
{
    protected override void Decode(IChannelHandlerContext context, IByteBuffer input, List<object> output)
    {
        int start = input.ReaderIndex;
        int end = input.IndexOf(start, input.WriterIndex, (byte)'\n');
        if (end < 0)
        {
            return;
        }

        string header = input.GetString(start, end - start, Encoding.ASCII);
        int length = int.Parse(header.AsSpan(header.IndexOf(' ', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture);
        if (input.ReadableBytes >= end - start + 1 + length)
        {
            input.SetReaderIndex(end + 1);
            output.Add(input.ReadRetainedSlice(length));
        }
    }
}
