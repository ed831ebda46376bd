// Everything random in a run comes from one seed, and each cell has its own share of it, whatever runs beside it.
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CsCheck;

namespace EasyTcp.Interop.Processes;

/// <summary>Seeds that are made from seeds.</summary>
internal static class Chance
{
    /// <summary>The seed for something by name, the same in every run with the same seed, on any machine.</summary>
    public static long Derive(long seed, string name)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{name}")));
        return BinaryPrimitives.ReadInt64LittleEndian(hash) & long.MaxValue;
    }

    /// <summary>What a generator of CsCheck makes of a seed, the same each time.</summary>
    public static T Draw<T>(Gen<T> generator, long seed) => generator.Generate(new PCG(1, (ulong)seed), null, out _);
}
