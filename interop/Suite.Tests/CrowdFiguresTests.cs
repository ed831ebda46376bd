// The number of clients over time, from the lines of a server's log.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class CrowdFiguresTests
{
    [Test]
    public void Connect_and_disconnect_lines_are_steps_and_others_are_none()
    {
        IReadOnlyList<Measurement> figures = CrowdFigures.Of(
        [
            Line(1, "The server is ready to receive on port 1"), Line(2, "Client 1 connected. Number of connected clients = 1"), Line(2, "Connected clients = {client 1}"),
            Line(2.5, "Client 2 connected. Number of connected clients = 2"), Line(3, "Number of connected clients = 2"), Line(4, "Client 1 disconnected. Number of connected clients = 1"),
        ]);

        Assert.That(figures.Select(each => (each.Name, each.Unit)), Is.EqualTo(new[] { ("crowd", "s"), ("crowd", "clients") }));
        Assert.That(figures[0].Values, Is.EqualTo(new[] { 0, 0.5, 2 }));
        Assert.That(figures[1].Values, Is.EqualTo(new[] { 1.0, 2, 1 }));
    }

    [Test]
    public void A_log_of_nobody_has_none() => Assert.That(CrowdFigures.Of([Line(1, "Bye bye~")]), Is.Empty);

    [Test]
    public void Of_very_many_some_are_kept_and_the_last()
    {
        IReadOnlyList<Measurement> figures = CrowdFigures.Of([.. Enumerable.Range(1, 5000).Select(i => Line(i, $"Client {i} connected. Number of connected clients = {i}"))]);

        Assert.That(figures[1].Values, Has.Count.InRange(500, 1001));
        Assert.That((figures[1].Values[0], figures[1].Values[^1]), Is.EqualTo((1.0, 5000.0)));
    }

    [Test]
    public void Of_a_long_log_the_first_lines_stay_the_last_and_some_between_each_with_its_time()
    {
        OutputLine[] log = [Line(1, "The server is ready to receive on port 1"), .. Enumerable.Range(1, 5000).Select(i => Line(2 + i, $"Client {i} connected. Number of connected clients = {i}"))];

        IReadOnlyList<LogLine> lines = CrowdFigures.Lines(log);

        Assert.That(lines, Has.Count.InRange(40, 60));
        Assert.That(lines.Take(2), Is.EqualTo(new[] { new LogLine(-2, log[0].Text), new LogLine(0, log[1].Text) }));
        Assert.That(lines.TakeLast(2).Select(line => line.Text), Is.EqualTo(log.TakeLast(2).Select(line => line.Text)));
        Assert.That(lines.Select(line => line.At), Is.Ordered);
    }

    [Test]
    public void A_short_log_is_kept_as_it_is_but_for_lines_without_end()
    {
        IReadOnlyList<LogLine> lines = CrowdFigures.Lines([Line(1, "Client 1 connected. Number of connected clients = 1"), Line(2, new string('x', 1000))]);

        Assert.That(lines.Select(line => line.Text.Length), Is.EqualTo(new[] { 51, 164 }));
        Assert.That(CrowdFigures.Lines([Line(1, "Bye bye~")]), Is.Empty);
    }

    private static OutputLine Line(double at, string text) => new(TimeSpan.FromSeconds(at), text, true);
}
