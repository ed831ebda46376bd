// A server's stdout: whole lines, nothing after the last one, and no harm in one that is closed (clauses 6.2, 7.5, 8.1).
namespace EasyTcp.Servers.Tests;

[TestFixture]
internal sealed class ServerConsoleTests
{
    [Test]
    public void Lines_are_written_together_when_somebody_is_about_to_wait()
    {
        (RecordingStream output, ServerConsole console) = Opened();
        AddLine(console, 1);
        AddLine(console, 2);
        Assert.That(output.Writes, Is.Empty);

        console.Flush();
        console.Flush();

        Assert.That(output.Writes, Has.Count.EqualTo(1));
        Assert.That(output.Text, Is.EqualTo("line 1\nline 2\n"));
    }

    [Test]
    public void What_is_written_is_out_at_once()
    {
        (RecordingStream output, ServerConsole console) = Opened();
        AddLine(console, 1);

        console.Flush();

        Assert.That(output.IsHeldBack, Is.False);
    }

    [TestCase(0, "0")]
    [TestCase(-1, "-1")]
    [TestCase(20_000, "20000", Description = "no thousands' separator")]
    [TestCase(long.MaxValue, "9223372036854775807")]
    [TestCase(long.MinValue, "-9223372036854775808")]
    public void Numbers_are_plain_decimals(long number, string expected)
    {
        (RecordingStream output, ServerConsole console) = Opened();

        console.Write(number);
        console.EndLine();
        console.Flush();

        Assert.That(output.Text, Is.EqualTo(expected + "\n"));
    }

    [Test]
    public void A_storm_of_lines_is_written_in_between_and_every_write_ends_with_a_line()
    {
        (RecordingStream output, ServerConsole console) = Opened();
        for (int i = 0; i < 50_000; i++)
        {
            AddLine(console, i);
        }

        Assert.That(output.Writes, Is.Not.Empty, "lines do not pile up without bound");
        console.Flush();
        Assert.That(output.Writes, Is.All.EndsWith("\n"));
        Assert.That(output.Writes, Is.All.Length.LessThan(70_000));
        Assert.That(output.Text, Is.EqualTo(string.Concat(Enumerable.Range(0, 50_000).Select(i => $"line {i}\n"))));
    }

    [Test]
    public void What_comes_after_the_close_is_dropped()
    {
        (RecordingStream output, ServerConsole console) = Opened();
        AddLine(console, 1);
        console.Close();

        AddLine(console, 2);
        console.Flush();
        console.Close();

        Assert.That(output.Text, Is.EqualTo("line 1\n"), "what came before it is not");
    }

    // A disk that was full may have room again.
    [Test]
    public void What_stdout_fails_to_take_is_lost_and_what_comes_later_is_not()
    {
        (RecordingStream output, ServerConsole console) = Opened();
        output.IsBroken = true;
        AddLine(console, 1);
        Assert.That(console.Flush, Throws.Nothing);

        output.IsBroken = false;
        AddLine(console, 2);
        console.Flush();

        Assert.That(output.Text, Is.EqualTo("line 2\n"));
    }

    // Without a reader, a server that runs for months must not keep what it could not say.
    [Test]
    public void A_closed_stdout_does_not_make_the_server_grow()
    {
        (RecordingStream _, ServerConsole console) = Opened();
        console.Close();

        long allocated = Steady.AllocatedBytes(() =>
        {
            for (int i = 0; i < 30_000; i++)
            {
                AddLine(console, i);
            }
        });

        Assert.That(allocated, Is.Zero);
    }

    private static (RecordingStream Output, ServerConsole Console) Opened()
    {
        var output = new RecordingStream();
        return (output, new ServerConsole(output));
    }

    private static void AddLine(ServerConsole console, int number)
    {
        console.Write("line "u8);
        console.Write(number);
        console.EndLine();
    }
}
