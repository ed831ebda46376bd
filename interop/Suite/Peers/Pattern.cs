// Patterns of names: * is any text, ? any character; several are separated by commas.
using System.Text.RegularExpressions;

namespace EasyTcp.Interop.Peers;

/// <summary>Matches names of peers, cases and cells.</summary>
internal static class Pattern
{
    /// <summary>Sees to it that each pattern of a list matches something: a misspelt one must not make a run smaller in silence.</summary>
    /// <param name="variable">Which list it is.</param>
    /// <param name="patterns">The list; null for none.</param>
    /// <param name="matchesAny">True if a pattern matches something.</param>
    /// <exception cref="ArgumentException">One matches nothing.</exception>
    public static void ExpectEach(string variable, string? patterns, Func<string, bool> matchesAny)
    {
        string? idle = patterns?.Split(',', StringSplitOptions.TrimEntries).FirstOrDefault(pattern => !matchesAny(pattern));
        if (idle != null)
        {
            throw new ArgumentException($"{variable}: '{idle}' matches nothing");
        }
    }

    /// <summary>True if <paramref name="name"/> as a whole matches one of <paramref name="patterns"/>; null matches all.</summary>
    public static bool Matches(string? patterns, string name) =>
        patterns == null || patterns.Split(',', StringSplitOptions.TrimEntries).Any(pattern => Regex.IsMatch(name,
            $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$",
            RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));
}
