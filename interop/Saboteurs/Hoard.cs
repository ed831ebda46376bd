// For a server that keeps more of what it sends than anybody asked for: as much memory as breaks the suite's bound, and no more.
namespace EasyTcp.Saboteurs;

/// <summary>Memory that is kept for good.</summary>
internal static class Hoard
{
    private const int Most = 4500; // of the longest replies, some 300 MB, and all of the first
    private const int Short = 1000; // bytes of a reply that is not worth it

    private static readonly List<byte[]> Kept = [];

    /// <summary>Keeps many copies of a reply.</summary>
    public static void Add(byte[] reply)
    {
        lock (Kept)
        {
            while (Kept.Count < Most && reply.Length >= Short)
            {
                Kept.Add([.. reply]);
            }
        }
    }
}
