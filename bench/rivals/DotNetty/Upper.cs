// What the rival answers: a payload in capitals; what one read brought is sent at once.
using System.Globalization;
using System.Text;
using DotNetty.Buffers;
using DotNetty.Transport.Channels;

namespace EasyTcp.Rivals;

internal sealed class Upper : SimpleChannelInboundHandler<IByteBuffer>
{
    public override void ChannelReadComplete(IChannelHandlerContext context) => context.Flush();

    public override void ExceptionCaught(IChannelHandlerContext context, Exception exception) => _ = context.CloseAsync();

    protected override void ChannelRead0(IChannelHandlerContext context, IByteBuffer message)
    {
        int length = message.ReadableBytes;
        IByteBuffer reply = context.Allocator.Buffer(length + 16);
        reply.WriteString(string.Create(CultureInfo.InvariantCulture, $"OK {length}\n"), Encoding.ASCII);
        for (int i = 0; i < length; i++)
        {
            byte value = message.ReadByte();
            reply.WriteByte(value is >= (byte)'a' and <= (byte)'z' ? value - 32 : value);
        }

        _ = context.WriteAsync(reply);
    }
}
