// A peer that somebody else starts: here a shell, by the very line that is told.
using System.Diagnostics;
using System.Net.Sockets;
using EasyTcp.Interop.Peers;
using EasyTcp.Interop.Places;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

[TestFixture]
internal sealed class AttachedProcessTests
{
    [TestCase("0", 0)]
    [TestCase("7", 7)]
    public async Task It_is_followed_from_its_start_to_its_status(string status, int expected)
    {
        using var told = new StringWriter();
        await using (AttachedProcess peer = AttachedProcess.Await("server x", ["sh", "-c", "read line; echo \"$line's\" && echo oops >&2; exit \"$0\"", status], told))
        {
            using Process shell = Started(told);
            peer.Type("hello\n"u8);
            Ending ending = await peer.Ended.WaitAsync(TimeSpan.FromSeconds(10));

            Assert.That((peer.Output.Text, peer.Errors.Text, ending.ExitCode), Is.EqualTo(("hello's\n", "oops\n", expected)));
            await shell.WaitForExitAsync();
        }

        Assert.That(Directory.Exists(FolderOf(told)), Is.False);
    }

    [Test]
    public async Task A_signal_finds_it()
    {
        using var told = new StringWriter();
        await using AttachedProcess peer = AttachedProcess.Await("server x", ["sh", "-c", "trap 'echo bye; exit 3' TERM; echo up; while :; do read -r line; done"], told);
        using Process shell = Started(told);
        await peer.Output.EndsWith("up\n", "6.2", TimeSpan.FromSeconds(10));
        peer.Signal(PosixSignals.Terminate);
        peer.EndInput();

        Ending ending = await peer.Ended.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That((peer.Output.Text, ending.ExitCode), Is.EqualTo(("up\nbye\n", 3)));
        await shell.WaitForExitAsync();
    }

    [Test]
    public async Task Nobody_has_to_come()
    {
        using var told = new StringWriter();
        AttachedProcess peer = AttachedProcess.Await("client x", ["a program"], told);

        await peer.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

        Assert.That(told.ToString(), Does.Contain("waiting for client x").And.Contain("'a program' <"));
        Assert.That(Directory.Exists(FolderOf(told)), Is.False);
    }

    [TestCase("artifacts/c/Server", "artifacts/c/Server")]
    [TestCase("", "''")]
    [TestCase("a b", "'a b'")]
    [TestCase("it's", "'it'\\''s'")]
    [TestCase("$HOME", "'$HOME'")]
    [TestCase("*", "'*'")]
    public void A_word_is_quoted_if_a_shell_would_read_more_in_it(string word, string expected) => Assert.That(ShellText.Word(word), Is.EqualTo(expected));

    private static Process Started(StringWriter told)
    {
        string line = told.ToString().Split('\n').First(each => each.Contains("echo $?", StringComparison.Ordinal));
        return Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line]) { WorkingDirectory = Repository.Root })!;
    }

    private static string FolderOf(StringWriter told)
    {
        string text = told.ToString();
        int start = text.IndexOf('<', StringComparison.Ordinal) + 1;
        return Path.GetFullPath(Path.GetDirectoryName(text[start..text.IndexOf(" >", start, StringComparison.Ordinal)])!, Repository.Root);
    }
}
