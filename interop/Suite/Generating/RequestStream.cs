// What one client sends in one connection: requests, and where the stream is cut into pieces.
using CsCheck;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Wire;

namespace EasyTcp.Interop.Generating;

/// <summary>A connection's bytes.</summary>
/// <param name="Requests">Legal and illegal requests as Latin-1, one after another.</param>
/// <param name="Cuts">Places at which the stream is cut; those outside it cut nothing.</param>
/// <param name="EndsEarly">True if the client ends its sending before it reads; else once it has all its replies.</param>
internal sealed record RequestStream(IReadOnlyList<string> Requests, IReadOnlyList<int> Cuts, bool EndsEarly)
{
    private static readonly Gen<string> Payload = Gen.OneOf(
        Gen.Char['\0', '\u00ff'].Array[0, 30],
        Gen.Char["UPER COUNT0\n19azAZ`{"].Array[0, 60],
        Gen.Char['\0', '\u00ff'].Array[0, 3000]).Select(each => new string(each));

    private static readonly Gen<string> Legal = Gen.Frequency(
        (5, Payload.Select(text => Mutations.Header("UPPER", text.Length) + text)),
        (1, Gen.Select(Gen.OneOf(0, 1, 4095, 4096, 8192, 65_535), Gen.Char['`', '{'], (length, each) => Mutations.Header("UPPER", length) + new string(each, length))),
        (4, Gen.Const("COUNT 0\n")),
        (2, Gen.Const("ADDR 0\n")),
        (1, Gen.Const("UPTIME 0\n")),
        (2, Gen.Select(Gen.Char['A', 'Z'].Array[1, 16], Payload, (word, text) => Mutations.Header(new string(word), text.Length) + text)));

    private static readonly Gen<string> Mutated = Gen.OneOf([.. Mutations.All.Select(each => each.Requests)]);

    /// <summary>Random ones: up to five legal requests, then most often one that is nearly right, then perhaps some more.</summary>
    public static Gen<RequestStream> Any { get; } = Gen.Select(
        Legal.Array[0, 5], Gen.Frequency((5, Mutated.Array[1]), (1, Legal.Array[1])), Gen.OneOf(Legal, Mutated).Array[0, 2],
        Gen.OneOf(Gen.Int[1, 60], Gen.Int[1, 4000]).Array[0, 6], Gen.Bool,
        (before, odd, after, cuts, endsEarly) => new RequestStream([.. before, .. odd, .. after], cuts, endsEarly));

    /// <summary>So many random ones.</summary>
    public static Gen<RequestStream[]> Several(int count) => Any.Array[count];

    /// <summary>All bytes.</summary>
    public string Bytes => string.Concat(Requests);

    /// <summary>The bytes in the pieces in which they are sent.</summary>
    public IReadOnlyList<string> Pieces
    {
        get
        {
            string bytes = Bytes;
            int[] ends = [.. Cuts.Where(cut => cut > 0 && cut < bytes.Length).Distinct().Order(), bytes.Length];
            return [.. ends.Select((end, i) => bytes[(i == 0 ? 0 : ends[i - 1])..end])];
        }
    }

    /// <summary>Smaller and simpler streams.</summary>
    public IEnumerable<RequestStream> Smaller() =>
        Shrinking.Without(Requests).Where(requests => requests.Count > 0).Select(requests => this with { Requests = requests })
            .Concat(Shrinking.Without(Cuts).Select(cuts => this with { Cuts = cuts }))
            .Concat(Enumerable.Range(0, Requests.Count).SelectMany(at => Simpler(Requests[at]).Select(simpler => this with { Requests = [.. Requests.Take(at), simpler, .. Requests.Skip(at + 1)] })))
            .Concat(Cuts.Any(cut => cut > 1) ? [this with { Cuts = [.. Cuts.Select(cut => cut / 2)] }, this with { Cuts = [.. Cuts.Select(cut => cut - 1)] }] : [])
            .Concat(EndsEarly ? [this with { EndsEarly = false }] : []);

    public override string ToString() =>
        $"{string.Join(", then ", Pieces.Select(piece => Excerpt.Of(piece)))} ({Bytes.Length} bytes{(EndsEarly ? ", and the end of sending at once" : "")})";

    // A payload cut to nothing or to half, with its length told anew; else some bytes less, or digits and letters that are plainer.
    private static IEnumerable<string> Simpler(string request)
    {
        int payload = request.IndexOf('\n', StringComparison.Ordinal) + 1;
        if (payload > 0 && WireText.ReadHeader(request[..payload]) is (string command, int length) && length > 0 && length == request.Length - payload)
        {
            foreach (int less in new[] { 0, 1, length / 2, length - 1 }.Where(less => less < length))
            {
                yield return Mutations.Header(command, less) + request[payload..(payload + less)];
            }
        }

        foreach (IReadOnlyList<char> rest in Shrinking.Without(request.ToCharArray()).Where(rest => rest.Count > 0).Take(80))
        {
            yield return string.Concat(rest);
        }
    }
}
