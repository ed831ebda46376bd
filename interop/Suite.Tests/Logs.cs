// Logs and failures as the tests write them.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Tests;

/// <summary>Short forms for tests.</summary>
internal static class Logs
{
    public const string Ready = "The server is ready to receive on port 12000";
    public const string Farewell = "Bye bye~";

    /// <summary>A log of whole lines that came a second apart, the first at 0 s.</summary>
    public static IReadOnlyList<OutputLine> Of(params string[] lines) =>
        [.. lines.Select((line, second) => new OutputLine(TimeSpan.FromSeconds(second), line, true))];

    /// <summary>The failure that a check ends in.</summary>
    public static CaseFailedException FailureOf(Action check)
    {
        try
        {
            check();
        }
        catch (CaseFailedException failed)
        {
            return failed;
        }

        throw new AssertionException("the check passed");
    }

    /// <inheritdoc cref="FailureOf(Action)"/>
    public static async Task<CaseFailedException> FailureOf(Func<Task> check)
    {
        try
        {
            await check();
        }
        catch (CaseFailedException failed)
        {
            return failed;
        }

        throw new AssertionException("the check passed");
    }
}
