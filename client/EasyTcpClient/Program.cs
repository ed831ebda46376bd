// The menu client: connects, then works its menu from stdin (part 10).
using System.CommandLine;
using EasyTcp.Client;
using EasyTcp.Protocol;
using CommandLine = EasyTcp.Protocol.CommandLine;

const string Name = "EasyTcpClient";

var host = new Argument<string>("host")
{
    Description = "A name, an IPv4 or an IPv6 address",
    Arity = ArgumentArity.ZeroOrOne,
    DefaultValueFactory = _ => "localhost",
};
host.Validators.Add(result =>
{
    string text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "localhost";
    if (text.Length == 0 || text[0] == '-')
    {
        result.AddError($"'{text}' is not a host: a name or an address is expected");
    }
});
Argument<int> port = CommandLine.Port(1, "The server's port");

return CommandLine.Run(Name, "The EasyTCP/1 client, a menu", [host, port], args, parsed =>
    Run(parsed.GetValue(host)!, parsed.GetValue(port)));

static int Run(string host, int port)
{
    var console = new MenuConsole(StandardStreams.Input(), StandardStreams.Output());
    Signals.EndWith(console.Farewell);
    try
    {
        using var connection = Connection.Open(host, port);
        new Menu(console, connection).Run();
        return CommandLine.Success;
    }
    catch (ServerException error)
    {
        console.Close();
        StandardStreams.Errors()($"{Name}: {error.Message}");
        return CommandLine.Fault;
    }
}
