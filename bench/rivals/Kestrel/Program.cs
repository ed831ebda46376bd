// A rival: Kestrel's ConnectionHandler. As much of EasyTCP/1 as the benchmark asks for.
using System.Globalization;
using System.Net;
using EasyTcp.Rivals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(options =>
{
    options.Limits.MaxConcurrentConnections = null;
    options.Listen(IPAddress.IPv6Any, int.Parse(args[0], CultureInfo.InvariantCulture), listen => listen.UseConnectionHandler<Upper>());
});
builder.WebHost.UseSockets(options => options.Backlog = 4096); // as the others have
await using WebApplication app = builder.Build();
await app.StartAsync();
string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
Console.WriteLine($"The server is ready to receive on port {new Uri(address).Port}");
await app.WaitForShutdownAsync();
