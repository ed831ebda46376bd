// A failing input made as small as it gets: whatever can be left out, and still it fails, is left out.
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Generating;

/// <summary>What came of shrinking.</summary>
/// <param name="Smallest">The smallest input found that fails.</param>
/// <param name="Attempts">How many inputs were tried.</param>
/// <param name="IsDone">True if nothing smaller fails; false if the attempts or the time were used up first.</param>
internal sealed record Shrunk<T>(T Smallest, int Attempts, bool IsDone)
{
    /// <summary>How far it went, for a sentence.</summary>
    public string Note => IsDone ? $", found in {Attempts} attempts; with less it does not fail" : Attempts > 0 ? $", found in {Attempts} attempts; there may be a smaller one" : ", not shrunk";
}

/// <summary>Shrinks by trying. CsCheck's own shrinking draws anew until something smaller fails, which takes thousands of
/// attempts; here an attempt starts a server, so it is the parts of the failing input that are taken away, large ones first.</summary>
internal static class Shrinking
{
    /// <summary>Goes from a failing input to smaller ones for as long as they fail too.</summary>
    /// <param name="failing">An input that fails.</param>
    /// <param name="smaller">What is to be tried in its stead, the greatest leaps first.</param>
    /// <param name="name">Tells inputs apart, so that none is tried twice.</param>
    /// <param name="fails">Tries one.</param>
    /// <param name="mostAttempts">How many are tried at most.</param>
    /// <param name="time">How long at most.</param>
    public static async Task<Shrunk<T>> Smallest<T>(T failing, Func<T, IEnumerable<T>> smaller, Func<T, string> name, Func<T, Task<bool>> fails, int mostAttempts, TimeSpan time)
    {
        TimeSpan end = Moment.Now + time;
        var tried = new HashSet<string>(StringComparer.Ordinal) { name(failing) };
        int attempts = 0;
        bool found;
        do
        {
            found = false;
            foreach (T candidate in smaller(failing).Where(each => tried.Add(name(each))))
            {
                if (attempts == mostAttempts || Moment.Now >= end)
                {
                    return new Shrunk<T>(failing, attempts, false);
                }

                attempts++;
                if (await fails(candidate))
                {
                    failing = candidate;
                    found = true;
                    break;
                }
            }
        }
        while (found);
        return new Shrunk<T>(failing, attempts, true);
    }

    /// <summary>A list without some of its items that lie together: half of them, a quarter, and so on down to one.</summary>
    public static IEnumerable<IReadOnlyList<T>> Without<T>(IReadOnlyList<T> items)
    {
        for (int size = Math.Max(1, items.Count / 2); items.Count > 0; size /= 2)
        {
            for (int start = 0; start < items.Count; start += size)
            {
                yield return [.. items.Take(start), .. items.Skip(start + size)];
            }

            if (size == 1)
            {
                yield break;
            }
        }
    }
}
