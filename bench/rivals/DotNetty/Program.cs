// A rival: DotNetty. As much of EasyTCP/1 as the benchmark asks for.
using System.Globalization;
using System.Net;
using DotNetty.Transport.Bootstrapping;
using DotNetty.Transport.Channels;
using DotNetty.Transport.Channels.Sockets;
using EasyTcp.Rivals;

var acceptors = new MultithreadEventLoopGroup(1);
var workers = new MultithreadEventLoopGroup(1);
IChannel listener = await new ServerBootstrap()
    .Group(acceptors, workers)
    .Channel<TcpServerSocketChannel>()
    .Option(ChannelOption.SoBacklog, 4096)
    .ChildOption(ChannelOption.TcpNodelay, true)
    .ChildHandler(new ActionChannelInitializer<IChannel>(channel => channel.Pipeline.AddLast(new Requests(), new Upper())))
    .BindAsync(IPAddress.IPv6Any, int.Parse(args[0], CultureInfo.InvariantCulture));
Console.WriteLine($"The server is ready to receive on port {((IPEndPoint)listener.LocalAddress).Port}");
await listener.CloseCompletion;
