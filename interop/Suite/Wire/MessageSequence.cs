// Messages one after another, and every place at which the stream that they make can be cut.
using System.Globalization;
using EasyTcp.Interop.Judging;

namespace EasyTcp.Interop.Wire;

/// <summary>One direction of a short session. Positions are numbers of bytes from its start, 0 and all of them included.</summary>
/// <param name="kind">What the messages are, for sentences: <c>request</c> or <c>reply</c>.</param>
/// <param name="messages">The messages as Latin-1, headers and payloads; one that is none (clause 4.3) ends at its LF.</param>
internal sealed class MessageSequence(string kind, IReadOnlyList<string> messages)
{
    /// <summary>All of them.</summary>
    public string Bytes { get; } = string.Concat(messages);

    /// <summary>Every position, from before the first byte to after the last.</summary>
    public IEnumerable<int> Positions => Enumerable.Range(0, Bytes.Length + 1);

    /// <summary>The positions between tokens: around each word, SP, length, LF and message, and one in the midst of each payload and word.</summary>
    public IReadOnlyList<int> TokenEdges
    {
        get
        {
            var edges = new SortedSet<int> { 0 };
            int start = 0;
            foreach (string message in messages)
            {
                int header = HeaderSize(message);
                int word = message.IndexOf(' ', 0, header) is >= 0 and int space ? space : header - 1;
                foreach (int offset in new[] { 0, word / 2, word, Math.Min(word + 1, header - 1), header - 1, header, (header + message.Length) / 2, message.Length })
                {
                    edges.Add(start + offset);
                }

                start += message.Length;
            }

            return [.. edges];
        }
    }

    /// <summary>Where a message begins; where the last ends, for the number of all.</summary>
    public int StartOf(int index) => messages.Take(index).Sum(message => message.Length);

    /// <summary>How many messages are whole within the first bytes.</summary>
    public int WholeWithin(int position) => Enumerable.Range(1, messages.Count).Count(index => StartOf(index) <= position);

    /// <summary>A position in words, as in <c>byte 17 of 74, in the payload of request 2 (NOSUCH 3), after '...abc'</c>.</summary>
    public string Describe(int position)
    {
        int whole = WholeWithin(position);
        int offset = position - StartOf(whole);
        string place = whole == messages.Count ? $"behind {Name(whole - 1)}, the last"
            : offset == 0 ? (whole == 0 ? $"before {Name(0)}" : $"between {Name(whole - 1)} and {Name(whole)}")
            : offset < HeaderSize(messages[whole]) ? $"in the header of {Name(whole)}"
            : offset == HeaderSize(messages[whole]) ? $"right behind the header of {Name(whole)}"
            : $"in the payload of {Name(whole)}";
        string seen = position == 0 ? "" : $", which is after {Excerpt.Of(Bytes[..position], position)}";
        return string.Create(CultureInfo.InvariantCulture, $"byte {position} of {Bytes.Length}, {place}{seen}");
    }

    private static int HeaderSize(string message) => message.IndexOf('\n', StringComparison.Ordinal) + 1;

    private string Name(int index)
    {
        string header = Excerpt.Of(messages[index][..(HeaderSize(messages[index]) - 1)]);
        return string.Create(CultureInfo.InvariantCulture, $"{kind} {index + 1} ({header[1..^1]})");
    }
}
