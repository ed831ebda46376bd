// Which fault this process has. It has one, or none.
namespace EasyTcp.Saboteurs;

/// <summary>The chosen fault, asked for at the one place where it belongs.</summary>
internal static class Fault
{
    private static ServerFault _server;
    private static ClientFault _client;

    /// <summary>All verbs, each after its role.</summary>
    public static IEnumerable<string> Verbs =>
    [
        .. Enum.GetNames<ServerFault>().Select(name => $"server {Verb(name)}"),
        .. Enum.GetNames<ClientFault>().Select(name => $"client {Verb(name)}"),
    ];

    public static bool Is(ServerFault fault) => _server == fault;

    public static bool Is(ClientFault fault) => _client == fault;

    public static bool TryChooseServer(string verb) => TryChoose(verb, out _server);

    public static bool TryChooseClient(string verb) => TryChoose(verb, out _client);

    private static bool TryChoose<T>(string verb, out T fault)
        where T : struct, Enum
    {
        string? name = Enum.GetNames<T>().FirstOrDefault(name => string.Equals(Verb(name), verb, StringComparison.Ordinal));
        fault = name == null ? default : Enum.Parse<T>(name);
        return name != null;
    }

    // IdReused is id-reused, CutAt1024 is cut-at-1024, Ipv4Only is ipv4-only.
    private static string Verb(string name) => string.Concat(name.Select((each, at) =>
        char.IsAsciiLetterUpper(each) || (char.IsAsciiDigit(each) && !char.IsAsciiDigit(name[at - 1]) && name[at - 1] != 'v')
            ? $"{(at == 0 ? "" : "-")}{char.ToLowerInvariant(each)}"
            : each.ToString()));
}
