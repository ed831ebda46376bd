// What no program may do, whatever a case is about: flood the suite, die in its middle, or leave a process behind.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Judging;

/// <summary>Finds peers that did such a thing, for it explains whatever else went wrong.</summary>
internal static class Unruliness
{
    /// <summary>What to blame for a fault: a peer's misdeed; or, if the suite itself stumbled, that a peer is dead. Else the fault as it is.</summary>
    public static Exception Blame(Exception fault, IReadOnlyList<PeerProcess> peers) =>
        Find(peers) ?? (fault is CaseFailedException ? fault : Death(peers) ?? fault);

    /// <summary>Fails if a peer did such a thing though the case passed.</summary>
    public static void ExpectNone(IReadOnlyList<PeerProcess> peers)
    {
        if (Find(peers) is CaseFailedException failure)
        {
            throw failure;
        }
    }

    private static CaseFailedException? Find(IReadOnlyList<PeerProcess> peers) =>
        peers.FirstOrDefault(peer => peer.Misdeed != null) is PeerProcess unruly
            ? new CaseFailedException(ClauseOf(unruly), $"that {unruly.Title} prints its lines and no more, and leaves nothing behind", unruly.Misdeed!)
            : null;

    private static CaseFailedException? Death(IReadOnlyList<PeerProcess> peers) =>
        peers.FirstOrDefault(peer => peer.Fate != null) is PeerProcess dead
            ? new CaseFailedException(ClauseOf(dead), $"that {dead.Title} still runs", dead.Fate!)
            : null;

    private static string ClauseOf(PeerProcess peer) => peer.Title.StartsWith("server", StringComparison.Ordinal) ? "6.2" : "10.2";
}
