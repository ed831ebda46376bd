// Inputs that are nearly headers, one after another, until one is judged wrong.
namespace EasyTcp.Protocol.Fuzz;

/// <summary>Changes the seeds a little, again and again.</summary>
/// <param name="reader">The reader under test.</param>
/// <param name="seeds">What to begin with: legal headers, malformed ones, and what a fuzzer with coverage has kept.</param>
/// <param name="seed">What all chance is drawn from.</param>
internal sealed class Fuzzer(HeaderReader reader, byte[][] seeds, ulong seed)
{
    private const int LongestInput = 64;
    private const int MostChanges = 4;

    // The clock is looked at this often.
    private const int Batch = 256;

    // The bytes that headers are made of, and the neighbours that a wrong bound would let in.
    private static readonly byte[] Telling = [.. "AMZ@[az`{ \n\r\t01569/:+-.\0\u00a0\u00ff".Select(each => (byte)each)];

    private static readonly byte[][] Lengths = [.. new[] { "0", "00", "1", "9", "10", "65535", "65536", "99999", "100000", "0000000" }.Select(text => text.Select(each => (byte)each).ToArray())];

    private ulong _state = seed | 1;

    /// <summary>Runs until a finding, or while it may.</summary>
    /// <param name="mayGoOn">Gets the number of inputs so far.</param>
    /// <returns>The input that was judged wrong, null if none was; and how many inputs there were.</returns>
    public (byte[]? Finding, long Inputs) Run(Func<long, bool> mayGoOn)
    {
        long inputs = 0;
        foreach (byte[] each in seeds)
        {
            inputs++;
            if (Verdicts.Fault(reader, each) != null)
            {
                return (each, inputs);
            }
        }

        while (mayGoOn(inputs))
        {
            for (int i = 0; i < Batch; i++)
            {
                byte[] input = Changed();
                inputs++;
                if (Verdicts.Fault(reader, input) != null)
                {
                    return (input, inputs);
                }
            }
        }

        return (null, inputs);
    }

    private byte[] Changed()
    {
        var bytes = new List<byte>(Any(seeds)[..]);
        for (int changes = Below(MostChanges + 1); changes > 0; changes--)
        {
            Change(bytes);
        }

        return [.. bytes.Take(LongestInput)];
    }

    private void Change(List<byte> bytes)
    {
        int at = Below(Math.Min(bytes.Count, Wire.MaxHeader + 1) + 1);
        int room = bytes.Count - at;
        switch (Below(7))
        {
            case 0:
                bytes.Insert(at, Any(Telling));
                break;
            case 1 when room > 0:
                bytes[at] = Any(Telling);
                break;
            case 2 when room > 0:
                bytes[at] = (byte)Below(256);
                break;
            case 3 when room > 0:
                bytes.RemoveRange(at, 1 + Below(Math.Min(room, 4)));
                break;
            case 4 when room > 0:
                bytes.InsertRange(at, bytes.GetRange(at, 1 + Below(Math.Min(room, 8)))); // a piece twice
                break;
            case 5:
                int digits = bytes.IndexOf((byte)' ') + 1; // another length in place of this one
                int end = bytes.IndexOf((byte)'\n', digits);
                bytes.RemoveRange(digits, Math.Max(0, (end < 0 ? bytes.Count : end) - digits));
                bytes.InsertRange(digits, Any(Lengths));
                break;
            default:
                bytes.RemoveRange(at, room); // the end of another seed
                byte[] other = Any(seeds);
                bytes.AddRange(other[Below(other.Length + 1)..]);
                break;
        }
    }

    private T Any<T>(T[] things) => things[Below(things.Length)];

    // xorshift64*: the same numbers on every machine and in every version of .NET.
    private int Below(int bound)
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (int)((_state * 0x2545F4914F6CDD1D >> 33) % (ulong)bound);
    }
}
