// What a session offers beside Advance to a way of waiting in which a send ends later.
namespace EasyTcp.Servers;

public partial class ClientSession
{
    /// <summary>True from the last ERR on (clause 5.2).</summary>
    public bool IsEnding => _ending;

    /// <summary>Replies that wait, for a send that ends later: until <see cref="SentLater"/> the session is left alone.</summary>
    public ReadOnlyMemory<byte> RepliesForLater => _conversation.RepliesForLater;

    /// <summary>The first <paramref name="count"/> bytes of <see cref="RepliesForLater"/> are sent.</summary>
    public void SentLater(int count) => _conversation.Sent(count);
}
