// How much garbage work makes once it is warm.
namespace EasyTcp.Servers.Tests;

/// <summary>Measures the steady state.</summary>
internal static class Steady
{
    private const int Rounds = 6;

    /// <summary>The bytes that this thread allocates in a round of <paramref name="work"/>, at the least.</summary>
    /// <remarks>
    /// The least of several rounds: the shared pool of arrays makes itself a place for each processor, when a thread first
    /// comes there. Work that makes garbage makes it in every round.
    /// </remarks>
    public static long AllocatedBytes(Action work)
    {
        long least = long.MaxValue;
        for (int round = 0; round <= Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            least = round == 0 ? least : Math.Min(least, allocated);
        }

        return least;
    }
}
