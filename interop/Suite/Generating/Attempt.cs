// One try of a generated input, on peers of its own.
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Generating;

/// <summary>Tries that may fail.</summary>
internal static class Attempt
{
    private const int MostAttempts = 400;
    private const int MostRepeats = 3;

    /// <summary>What is being shrunk waits no longer than this for a reply that does not come.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(2);

    /// <summary>Judges once.</summary>
    /// <returns>What failed; null if nothing did.</returns>
    /// <exception cref="CaseFailedException">What failed is a time, and the machine itself stood still: that is no verdict.</exception>
    public static async Task<CaseFailedException?> Judge(Func<Task> judge)
    {
        try
        {
            await judge();
            return null;
        }
        catch (CaseFailedException failed) when (failed.Stall(Lab.Current?.Peers ?? []) == null)
        {
            return failed;
        }
    }

    /// <summary>Shrinks an input that failed, and tells the failure of the smallest.</summary>
    /// <param name="lab">Where it is tried.</param>
    /// <param name="failing">The input.</param>
    /// <param name="failed">How it failed.</param>
    /// <param name="smaller">What to try in an input's stead.</param>
    /// <param name="name">Tells inputs apart.</param>
    /// <param name="judge">Tries one, with so much patience.</param>
    /// <param name="time">How long to shrink at most.</param>
    public static async Task<(Shrunk<T> Shrunk, CaseFailedException Failed)> Shrink<T>(Lab lab, T failing, CaseFailedException failed,
        Func<T, IEnumerable<T>> smaller, Func<T, string> name, Func<T, TimeSpan, Task> judge, TimeSpan time)
    {
        if (!lab.Shrinks)
        {
            return (new Shrunk<T>(failing, 0, false), failed);
        }

        // A failure that depends on how threads take turns may need more than one try to show again.
        int repeats = 1;
        while (!await Fails(failing, ShortPatience))
        {
            if (repeats++ == MostRepeats)
            {
                return (new Shrunk<T>(failing, 0, false), failed);
            }
        }

        Shrunk<T> shrunk = await Shrinking.Smallest(failing, smaller, name, each => Fails(each, ShortPatience), MostAttempts, time);
        await Fails(shrunk.Smallest, Wait.Patience); // once more, for the last lines of its peers
        return (shrunk, failed);

        async Task<bool> Fails(T input, TimeSpan patience)
        {
            try
            {
                await lab.Clear();
                CaseFailedException? fault = await Judge(() => judge(input, patience));
                failed = fault ?? failed;
                return fault != null;
            }
            catch (CaseFailedException)
            {
                return false; // a machine that stands still says nothing about the input
            }
        }
    }
}
