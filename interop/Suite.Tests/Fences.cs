// What the C programs repeat stands between fences: /* ==== shared: NAME ==== */ ... /* ==== end shared: NAME ==== */
using System.Text.RegularExpressions;

namespace EasyTcp.Interop.Tests;

/// <summary>A fenced block.</summary>
/// <param name="File">Where it stands.</param>
/// <param name="Name">Its name.</param>
/// <param name="Text">What is between its fences.</param>
internal sealed record Fence(string File, string Name, string Text);

/// <summary>Finds fenced blocks and compares them.</summary>
internal static partial class Fences
{
    /// <summary>All blocks of a source.</summary>
    /// <exception cref="InvalidDataException">A fence has no partner, or stands inside another.</exception>
    public static IReadOnlyList<Fence> Read(string file, string source)
    {
        var fences = new List<Fence>();
        string? open = null;
        var block = new List<string>();
        foreach (string line in source.Split('\n'))
        {
            Match mark = Mark().Match(line);
            bool ends = mark.Groups[1].Success;
            string name = mark.Groups[2].Value;
            if (!mark.Success)
            {
                block.Add(line);
            }
            else if (ends ? !string.Equals(open, name, StringComparison.Ordinal) : open != null)
            {
                throw new InvalidDataException($"{file}: '{line}' while {(open == null ? "no fence" : $"'{open}'")} is open");
            }
            else if (ends)
            {
                fences.Add(new Fence(file, name, string.Join('\n', block)));
                open = null;
            }
            else
            {
                open = name;
                block.Clear();
            }
        }

        return open == null ? fences : throw new InvalidDataException($"{file}: '{open}' is never closed");
    }

    /// <summary>The blocks that are not the same in all files that have them, as sentences.</summary>
    public static IReadOnlyList<string> Differences(IEnumerable<Fence> fences) =>
        [.. fences.GroupBy(fence => fence.Name, StringComparer.Ordinal)
            .SelectMany(same => same.Where(fence => !string.Equals(fence.Text, same.First().Text, StringComparison.Ordinal))
                .Select(other => $"'{same.Key}' in {other.File} differs from that in {same.First().File} at line {FirstDifference(same.First().Text, other.Text)} of the block"))];

    private static int FirstDifference(string one, string other) => one[..one.AsSpan().CommonPrefixLength(other)].Count(each => each == '\n') + 1;

    // Any line that means to be one: a fence with a typing error must not go unseen.
    [GeneratedRegex(@"\A/\* ==== (end )?shared: (.+) ==== \*/\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mark();
}
