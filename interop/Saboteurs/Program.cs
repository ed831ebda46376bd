// A server and a client that are correct, or wrong in exactly one way: the one that the verb names.
using EasyTcp.Saboteurs;

const int Success = 0;
const int Misuse = 2;
const string Usage = """
    Usage: Saboteurs server FAULT [port] [report-seconds]
           Saboteurs client FAULT [host] [port]
           Saboteurs list
    The fault none is the correct program.
    """;

switch (args)
{
    case ["list"]:
        Fault.Verbs.ToList().ForEach(Console.WriteLine);
        return Success;
    case ["--help"]:
        Console.WriteLine(Usage);
        return Success;
    case ["server", string verb, .. string[] rest] when Fault.TryChooseServer(verb):
        return ServerProgram.Run(rest);
    case ["client", string verb, .. string[] rest] when Fault.TryChooseClient(verb):
        return ClientProgram.Run(rest);
    default:
        Console.Error.WriteLine(Usage);
        return Misuse;
}
