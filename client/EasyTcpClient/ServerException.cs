// Why a session with a server cannot go on (clause 10.10).
namespace EasyTcp.Client;

/// <summary>No server, a server that is gone, or one that breaks the protocol. The message is one line for a person.</summary>
public sealed class ServerException(string message) : Exception(message);
