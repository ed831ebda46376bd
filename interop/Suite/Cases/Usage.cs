// Usage and exit status, which clauses 6.1 and 10.1 have in common.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

/// <summary>Checks of programs that end by themselves because of their arguments.</summary>
internal static class Usage
{
    /// <summary>Usage on stderr, nothing on stdout, exit 2.</summary>
    public static async Task ExpectMisuse(PeerProcess process, string clause)
    {
        Ending ending = await EndWithoutOutput(process, clause);
        Expect.That(ending.ExitCode == 2, clause, $"exit status 2 of '{process.CommandText}'", $"exit status {ending.ExitCode}");
        Expect.That(process.Errors.Text.Length > 0, clause, $"usage on stderr of '{process.CommandText}'", "nothing");
    }

    /// <summary>Awaits the end of a program that should print nothing on stdout: one that begins to serve is seen at once.</summary>
    public static async Task<Ending> EndWithoutOutput(PeerProcess process, string clause)
    {
        await Wait.Until($"the end of {process.Title}", clause, Wait.Patience, () => process.Ended.IsCompleted || process.Output.Text.Length > 0, () => "it runs on");
        Expect.Same("", process.Output.Text, clause, $"stdout of '{process.CommandText}', which should end");
        return await process.End(clause, Wait.Patience);
    }

    /// <summary>Usage on stdout, nothing on stderr, exit 0.</summary>
    public static async Task ExpectHelp(PeerProcess process, string clause)
    {
        Ending ending = await process.End(clause, Wait.Patience);
        Expect.That(ending.ExitCode == 0, clause, "exit status 0 of --help", $"exit status {ending.ExitCode}");
        Expect.That(process.Output.Text.Length > 0, clause, "usage on stdout", "nothing");
        Expect.Same("", process.Errors.Text, clause, "stderr");
    }
}
