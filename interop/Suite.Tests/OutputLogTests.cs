// What a peer prints, as the suite keeps it: every byte, each line with its moment, bounded, and worth waiting for.
using System.Text;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;
using static EasyTcp.Interop.Tests.Logs;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class OutputLogTests
{
    // Waits that are to fail; and those that are not to, however slow the machine is.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    [Test]
    public void Lines_are_kept_with_the_moment_of_their_last_byte()
    {
        var log = new OutputLog();
        Add(log, 1, "one\ntw");
        Add(log, 2, "o\n\nthr");
        Add(log, 3, "ee");

        Assert.That(log.Lines, Is.EqualTo(new OutputLine[]
        {
            new(TimeSpan.FromSeconds(1), "one", true),
            new(TimeSpan.FromSeconds(2), "two", true),
            new(TimeSpan.FromSeconds(2), "", true),
            new(TimeSpan.FromSeconds(3), "three", false),
        }));
        Assert.That(log.Text, Is.EqualTo("one\ntwo\n\nthree"));
    }

    [Test]
    public void Pieces_of_every_size_give_the_same_lines()
    {
        const string Printed = "first\n\nthird\r\n\u00E4\0\nlast";
        for (int size = 1; size <= Printed.Length; size++)
        {
            var log = new OutputLog();
            foreach (char[] piece in Printed.Chunk(size))
            {
                Add(log, 0, new string(piece));
            }

            Assert.That(log.Text, Is.EqualTo(Printed), "no byte is lost or changed");
            Assert.That(log.Lines.Select(line => line.Text), Is.EqualTo(Printed.Split('\n')), $"pieces of {size}");
            Assert.That(log.Lines.Count(line => line.IsWhole), Is.EqualTo(4));
        }
    }

    [Test]
    public void A_log_that_ends_with_a_line_has_no_open_one()
    {
        var log = new OutputLog();
        Assert.That(log.Lines, Is.Empty);
        Add(log, 0, "whole\n");

        Assert.That(log.Lines, Has.Count.EqualTo(1));
    }

    [TestCase(1024 * 1024, 32, Description = "long lines")]
    [TestCase(2, 508_401, Description = "short ones, of which each costs more than its bytes")]
    public void A_flood_is_cut_off_and_told_of(int length, int lines)
    {
        int told = 0;
        var log = new OutputLog(() => told++);
        byte[] line = Encoding.ASCII.GetBytes(new string('x', length - 1) + "\n");
        for (int i = 0; i < lines - 1; i++)
        {
            log.Add(line, TimeSpan.Zero);
        }

        Assert.That((log.Flood, told), Is.EqualTo(((string?)null, 0)));
        for (int i = 0; i < 100; i++)
        {
            log.Add(line, TimeSpan.Zero);
        }

        Assert.That(told, Is.EqualTo(1));
        Assert.That(log.Flood, Is.EqualTo(FormattableString.Invariant($"it printed {(long)length * lines} bytes in {lines} lines, which is more than the suite keeps")));
        Assert.That(log.Lines, Has.Count.EqualTo(lines), "what came first is kept, the rest is not");
    }

    [Test]
    public void A_line_without_end_is_cut_off_and_told_of()
    {
        var log = new OutputLog();
        for (int i = 0; i < 100; i++)
        {
            log.Add(new byte[16 * 1024], TimeSpan.Zero);
        }

        Assert.That(log.Flood, Is.EqualTo("it printed 1064960 bytes without a line end"));
        Assert.That(log.Text, Has.Length.EqualTo(1064960));
    }

    [Test]
    public async Task What_cannot_come_any_more_is_not_waited_for()
    {
        var log = new OutputLog();
        Task<OutputLine> line = log.Line("never", "6.2", Long);
        Task<OutputLine> last = log.Line("last", "6.2", Long);
        Add(log, 1, "last\n");
        log.Close("server x exited with status 3");

        Assert.That((await last).At, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That((await FailureOf(() => line)).Actual, Does.StartWith("server x exited with status 3 before that; the last of its output was "));
    }

    [Test]
    public async Task A_stream_is_read_to_its_end()
    {
        var log = new OutputLog();
        string printed = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"line {i}\n"));
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(printed));

        await log.ReadAsync(stream, CancellationToken.None);

        Assert.That(log.Text, Is.EqualTo(printed));
    }

    [Test]
    public async Task What_is_there_already_is_found_at_once()
    {
        var log = new OutputLog();
        Add(log, 7, "ready\nprompt: ");

        Assert.That((await log.Line("ready", "6.2", Long)).At, Is.EqualTo(TimeSpan.FromSeconds(7)));
        await log.EndsWith("\nprompt: ", "10.3", Long);
    }

    [Test]
    public async Task What_comes_later_is_found_when_it_comes()
    {
        var log = new OutputLog();
        Task<OutputLine> line = log.Line("ready", "6.2", Long);
        Task prompt = log.EndsWith("prompt: ", "10.3", Long);
        Task<string> any = log.Find("two lines", "6.2", Long, lines => lines.Count > 1 ? lines[1].Text : null);

        Add(log, 1, "rea");
        Add(log, 2, "dy");
        Assert.That(line.IsCompleted, Is.False, "a line is one when its LF has come");
        Add(log, 3, "\n");
        Assert.That((await line).At, Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(prompt.IsCompleted, Is.False);
        Add(log, 4, "prompt: ");

        await prompt;
        Assert.That(await any, Is.EqualTo("prompt: "));
    }

    // Output that comes while others wait for it must never be missed, however the threads fall.
    [Test]
    public async Task Nothing_is_missed_by_those_who_wait()
    {
        var log = new OutputLog();
        Task[] waits = [.. Enumerable.Range(0, 500).Select(i => Task.Run(() => log.Line($"line {i}", "6.2", Long)))];
        for (int i = 0; i < waits.Length; i++)
        {
            Add(log, i, $"line {i}\n");
        }

        await Task.WhenAll(waits);
        Assert.That(waits, Is.All.Property(nameof(Task.IsCompletedSuccessfully)).True);
    }

    [Test]
    public async Task What_does_not_come_is_told_in_a_sentence()
    {
        var log = new OutputLog();
        Add(log, 0, "ready"); // without its LF it is no line

        CaseFailedException failure = await FailureOf(() => log.Line("ready", "6.2", Short));

        Assert.That(failure.Message, Is.EqualTo(
            "clause 6.2: expected the line 'ready' within 0.03 s; actual: nothing of the kind within 0.03 s"));
        Assert.That((await FailureOf(() => log.EndsWith("prompt: ", "10.3", Short))).Expected, Does.Contain("output that ends with 'prompt: '"));
    }

    [Test]
    public async Task Of_a_program_that_waits_for_its_turn_nothing_is_due()
    {
        var turn = new TaskCompletionSource();
        var log = new OutputLog { DueFrom = turn.Task };
        Task<OutputLine> line = log.Line("ready", "6.2", TimeSpan.FromSeconds(0.05));
        await Wait.LetPass(TimeSpan.FromSeconds(0.2));
        Assert.That(line.IsCompleted, Is.False);
        log.Add("ready\n"u8, Moment.Now);
        turn.SetResult();
        Assert.That((await line).Text, Is.EqualTo("ready"));
    }

    private static void Add(OutputLog log, double second, string text) => log.Add(Encoding.Latin1.GetBytes(text), TimeSpan.FromSeconds(second));
}
