// TCP is a stream: whatever pieces a session comes in, and its replies leave in, the client hears the same (clause 1.3).
using CsCheck;

namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class ConversationPiecesTests
{
    // Every command, both errors that leave the connection open, one that does not, and what comes after it.
    private const string Session = "UPPER 5\nhelloUPPER 0\nADDR 0\nCOUNT 0\nNOSUCH 3\nabcCOUNT 4\nmoreUPTIME 0\n" +
        "ABCDEFGHIJKLMNOP 10\n0123456789COUNT 0\nbad\nUPPER 2\nno";

    private const string Replies = "OK 5\nHELLOOK 0\nOK 14\n192.0.2.1:4711OK 1\n4ERR 15\nunknown commandERR 18\nunexpected payload" +
        "OK 8\n00:00:00ERR 15\nunknown commandOK 1\n6ERR 16\nmalformed header";

    // Mostly small, now and then more than one receive, now and then the largest.
    private static readonly Gen<string> Payload = Gen.Frequency(
        (30, Gen.Int[0, 40]), (3, Gen.Int[3_500, 9_000]), (1, Gen.Int[60_000, 65_535]))
        .SelectMany(length => Gen.Char['\0', '\u00FF'].Select(each => new string(each, length)));

    private static readonly Gen<string> Request = Gen.Frequency(
        (8, Payload.Select(payload => $"UPPER {payload.Length}\n{payload}")),
        (4, Gen.OneOf("ADDR 0\n", "COUNT 0\n", "UPTIME 0\n", "NOSUCH 0\n")),
        (3, Gen.Select(Gen.OneOf("ADDR", "COUNT", "UPTIME", "NOSUCH", "A", "ABCDEFGHIJKLMNOP"), Payload, (word, payload) => $"{word} {payload.Length}\n{payload}")),
        (1, Gen.OneOf("bad\n", "UPPER 65536\n", "UPPER 01\n", "ABCDEFGHIJKLMNOPQRSTUVWX", "\n", "UPPER 7", "UPPER 9\ncut")));

    [Test]
    public void A_session_cut_in_two_anywhere_is_answered_the_same()
    {
        for (int cut = 0; cut <= Session.Length; cut++)
        {
            Assert.That(new Dialogue().Says(Session[..cut]).Says(Session[cut..]).Heard, Is.EqualTo(Replies), $"cut at byte {cut}");
        }
    }

    [Test]
    public void A_session_of_single_bytes_is_answered_the_same()
    {
        var client = new Dialogue { TakesAtMost = () => 1 };
        foreach (char each in Session)
        {
            client.Says(each.ToString());
        }

        Assert.That(client.Heard, Is.EqualTo(Replies));
    }

    [Test]
    public void A_reply_is_out_as_soon_as_its_request_is_whole()
    {
        var client = new Dialogue();
        for (int said = 0; said < Session.Length; said++)
        {
            client.Says(Session[said].ToString());
            Assert.That(client.Heard, Is.EqualTo(ServiceModel.RepliesTo(Session[..(said + 1)])), $"after byte {said + 1}");
        }
    }

    [Test]
    public void Any_session_in_any_pieces_is_answered_as_the_model_says() =>
        Gen.Select(Request.Array[1, 25], Gen.OneOf(Gen.Int[1, 30], Gen.Int[1, 5_000], Gen.Int[1, 200_000]).Array[1, 8], Gen.Int[1, 100_000].Array[1, 4]).Sample(
            (requests, pieces, takes) =>
            {
                string session = string.Concat(requests);
                int taken = 0;
                var client = new Dialogue { TakesAtMost = () => takes[taken++ % takes.Length] };
                for (int said = 0, piece = 0; said < session.Length; piece++)
                {
                    int size = Math.Min(pieces[piece % pieces.Length], session.Length - said);
                    client.Says(session.Substring(said, size));
                    said += size;
                }

                string expected = ServiceModel.RepliesTo(session);
                return string.Equals(client.Heard, expected, StringComparison.Ordinal) &&
                    string.Equals(client.EndsSending().Heard, expected, StringComparison.Ordinal) &&
                    client.Conversation.Wants == Want.Nothing;
            }, iter: 600);

    // A model that answers nothing would agree with a conversation that answers nothing.
    [Test]
    public void The_model_itself_is_right() => Assert.That(ServiceModel.RepliesTo(Session), Is.EqualTo(Replies));
}
