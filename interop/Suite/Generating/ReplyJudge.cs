// A reply that came against the one that was owed.
using System.Globalization;
using System.Text.RegularExpressions;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Generating;

/// <summary>Judges replies one at a time.</summary>
internal static partial class ReplyJudge
{
    /// <summary>Fails unless a reply is the one owed.</summary>
    /// <param name="reply">What came.</param>
    /// <param name="owed">What was owed.</param>
    /// <param name="address">The client's own address, for ADDR.</param>
    /// <param name="server">The server, for UPTIME.</param>
    /// <param name="asked">A moment before the request was sent.</param>
    /// <param name="what">The reply, for the sentence.</param>
    /// <returns>The number told, if the request was a COUNT.</returns>
    public static long? Judge(Message reply, OwedReply owed, string address, ServerUnderTest server, TimeSpan asked, string what)
    {
        if (owed.Text != null || owed.Command is "ADDR")
        {
            string text = owed.Text ?? address;
            Expect.Same($"{owed.Status} {text.Length}\n{text}", $"{reply.Word} {reply.Payload.Length}\n{reply.Text}", owed.Clause, what);
            return null;
        }

        Match value = (owed.Command is "COUNT" ? Number() : Time()).Match(reply.Text);
        Expect.That(reply.Word is "OK" && value.Success, owed.Clause, $"{what}: OK {(owed.Command is "COUNT" ? "and a decimal number" : "HH:MM:SS")}", $"{reply.Word} {Excerpt.Of(reply.Payload)}");
        long[] parts = [.. value.Groups.Values.Skip(1).Select(part => long.Parse(part.ValueSpan, CultureInfo.InvariantCulture))];
        if (owed.Command is "COUNT")
        {
            return parts[0];
        }

        // The ready line was printed a moment before the suite saw it, and after the server was started.
        long seconds = (parts[0] * 3600) + (parts[1] * 60) + parts[2];
        long atLeast = (long)Math.Max(0, (asked - server.ReadyAt - Tolerance.Seeing).TotalSeconds);
        long atMost = (long)(Moment.Now - server.Process.StartedAt).TotalSeconds;
        Expect.OfTime(seconds >= atLeast && seconds <= atMost, "3.4", $"{what}: from {atLeast} to {atMost} s of running time, whole seconds cut off", Excerpt.Of(reply.Payload));
        return null;
    }

    [GeneratedRegex(@"\A([0-9]{1,18})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"\A([0-9]{2,9}):([0-5][0-9]):([0-5][0-9])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}
