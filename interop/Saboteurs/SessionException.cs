// Why a client's session cannot go on (clause 10.10).
namespace EasyTcp.Saboteurs;

/// <summary>No server, one that is gone, or one that breaks the protocol, in one line.</summary>
internal sealed class SessionException(string message) : Exception(message);
