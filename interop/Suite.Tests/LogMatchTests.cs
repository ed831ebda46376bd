// A log against its clients: it must be a history of these, not just a true one.
using EasyTcp.Interop.Histories;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class LogMatchTests
{
    // A comes at 1 and goes at 5; B comes at 3 and stays.
    private static Visit[] Both => [Visit("A", 1, heard: 1.5, leaving: 5, left: 5.1), Visit("B", 3, heard: 3.5)];

    [Test]
    public void A_log_of_the_clients_fits() => Assert.DoesNotThrow(() => LogMatch.Judge(Log("1+1", "3+2", "5-1"), Both));

    [Test]
    public void The_end_of_another_does_not() =>
        Assert.That(Logs.FailureOf(() => LogMatch.Judge(Log("1+1", "3+2", "5-2"), Both)).Actual, Does.StartWith("'Client 2 disconnected' fits no client's going"));

    [Test]
    public void An_end_before_it_was_begun_does_not() =>
        Assert.That(Logs.FailureOf(() => LogMatch.Judge(Log("1+1", "3+2", "4-1"), Both)).Clause, Is.EqualTo("6.4"));

    [Test]
    public void A_coming_before_it_was_begun_does_not() =>
        Assert.That(Logs.FailureOf(() => LogMatch.Judge(Log("1+1", "2+2", "5-1"), Both)).Clause, Is.EqualTo("6.3"));

    [Test]
    public void A_coming_told_after_what_was_begun_after_its_first_reply_does_not() =>
        Assert.That(Logs.FailureOf(() => LogMatch.Judge(Log("1+1", "5-1", "5+2"), Both)).Actual, Does.StartWith("'Client 2 connected' fits no client's coming"));

    [Test]
    public void A_line_too_many_or_too_few_does_not()
    {
        Assert.That(Logs.FailureOf(() => LogMatch.Judge(Log("1+1", "3+2", "4+3", "5-1"), Both)).Clause, Is.EqualTo("6.3"));
        Assert.That(Logs.FailureOf(() => LogMatch.Judge(Log("1+1", "3+2"), Both)).Clause, Is.EqualTo("6.4"));
    }

    [Test]
    public void An_end_told_late_is_a_matter_of_time()
    {
        Assert.DoesNotThrow(() => LogMatch.Judge(Log("1+1", "3+2", "6-1"), Both));
        CaseFailedException failed = Logs.FailureOf(() => LogMatch.Judge(Log("1+1", "3+2", "7-1"), Both));
        Assert.That((failed.Clause, failed.Late != null), Is.EqualTo(("6.4", true)));
    }

    [Test]
    public void Those_who_come_together_may_have_their_IDs_either_way()
    {
        Visit[] visits = [Visit("A", 1, leaving: 5, left: 5), Visit("B", 1)];

        Assert.DoesNotThrow(() => LogMatch.Judge(Log("1+1", "1+2", "5-1"), visits));
        Assert.DoesNotThrow(() => LogMatch.Judge(Log("1+1", "1+2", "5-2"), visits));
    }

    [Test]
    public void Those_who_come_one_after_another_may_not()
    {
        Visit[] visits = [Visit("A", 1, leaving: 5, left: 5), Visit("B", 2)];

        Assert.DoesNotThrow(() => LogMatch.Judge(Log("3+1", "3+2", "5-1"), visits));
        Assert.That(() => LogMatch.Judge(Log("3+1", "3+2", "5-2"), visits), Throws.TypeOf<CaseFailedException>());
    }

    [Test]
    public void A_reset_before_the_first_reply_may_have_gone_unseen()
    {
        Visit reset = Visit("A", 1, leaving: 1.5, left: 1.5);
        reset.WasReset = true;

        Assert.DoesNotThrow(() => LogMatch.Judge(Log("2+1"), [reset, Visit("B", 2)]));
        Assert.DoesNotThrow(() => LogMatch.Judge(Log("1+1", "2-1", "2+2"), [reset, Visit("B", 2)]));
        Assert.That(() => LogMatch.Judge(Log("1+1", "2+2"), [reset, Visit("B", 2)]), Throws.TypeOf<CaseFailedException>());
    }

    [Test]
    public void Many_who_come_together_are_matched_in_no_time()
    {
        Visit[] visits = [.. Enumerable.Range(0, 7).Select(each => Visit($"{each}", 1, leaving: 15 - each, left: 15 - each))];
        string[] lines = [.. Enumerable.Range(1, 7).Select(id => $"1+{id}"), .. Enumerable.Range(9, 7).Zip([7, 3, 1, 5, 2, 4, 6], (second, id) => $"{second}-{id}")];

        Assert.DoesNotThrow(() => LogMatch.Judge(Log(lines), visits));
    }

    private static Visit Visit(string who, double began, double? heard = null, double? leaving = null, double? left = null) => new(who, TimeSpan.FromSeconds(began))
    {
        Connected = TimeSpan.FromSeconds(began + 0.1),
        Heard = At(heard),
        Leaving = At(leaving),
        Left = At(left),
    };

    private static TimeSpan? At(double? seconds) => seconds is double value ? TimeSpan.FromSeconds(value) : null;

    // "3+2" is client 2 coming at 3 s, "5-2" its going. A line is seen half a second after it is due here.
    private static History Log(params string[] changes)
    {
        var connected = new SortedSet<int>();
        var lines = new List<OutputLine> { new(TimeSpan.Zero, Logs.Ready, true) };
        foreach (string change in changes)
        {
            string[] parts = change.Split('+', '-');
            (TimeSpan at, int id) = (TimeSpan.FromSeconds(double.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) + 0.3), int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
            bool joins = change.Contains('+', StringComparison.Ordinal);
            _ = joins ? connected.Add(id) : connected.Remove(id);
            string names = string.Join(", ", connected.Take(10).Select(each => $"client {each}")) + (connected.Count > 10 ? $", {connected.Count - 10} more" : "");
            lines.Add(new(at, $"Client {id} {(joins ? "connected" : "disconnected")}. Number of connected clients = {connected.Count}", true));
            lines.Add(new(at, $"Connected clients = {{{names}}}", true));
        }

        return History.Replay(lines);
    }
}
