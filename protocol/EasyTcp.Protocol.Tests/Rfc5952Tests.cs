// RFC 5952 written a second time, field by field, to compare with on very many addresses (clause 3.2).
using System.Globalization;
using System.Net;
using CsCheck;

namespace EasyTcp.Protocol.Tests;

[TestFixture]
internal sealed class Rfc5952Tests
{
    // Fields that are zero half the time. Addresses that hold an IPv4 one in their last 32 bits have a section of their own
    // in RFC 5952: a first field that is not zero and none near 0x5EFE, the mark of ISATAP, keep them out.
    private static readonly Gen<ushort[]> Fields = Gen.Select(
        Gen.UShort[1, 0x5000],
        Gen.OneOf(Gen.Const((ushort)0), Gen.UShort[1, 0x5000], Gen.UShort[0x6000, ushort.MaxValue]).Array[7],
        (first, others) => (ushort[])[first, .. others]);

    [Test]
    public void Addresses_are_written_as_a_second_writer_does() =>
        Fields.Sample(fields =>
        {
            byte[] bytes = [.. fields.SelectMany(field => new[] { (byte)(field >> 8), (byte)field })];
            return string.Equals(AddressText.Of(new IPEndPoint(new IPAddress(bytes), 1)), $"[{Written(fields)}]:1", StringComparison.Ordinal);
        }, iter: 20_000);

    private static string Written(ushort[] fields)
    {
        (int start, int length) = LongestRunOfZeros(fields);
        string Part(int from, int to) => string.Join(':', fields[from..to].Select(field => field.ToString("x", CultureInfo.InvariantCulture)));

        // One field alone is not shortened (4.2.2).
        return length < 2 ? Part(0, 8) : $"{Part(0, start)}::{Part(start + length, 8)}";
    }

    // The first of several alike (4.2.3).
    private static (int Start, int Length) LongestRunOfZeros(ushort[] fields)
    {
        (int Start, int Length) longest = (0, 0);
        for (int start = 0; start < fields.Length; start++)
        {
            int length = fields.Skip(start).TakeWhile(field => field == 0).Count();
            if (length > longest.Length)
            {
                longest = (start, length);
            }
        }

        return longest;
    }
}
