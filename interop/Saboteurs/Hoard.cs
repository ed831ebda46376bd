// For a server that keeps more of what it sends than anybody asked for: as much memory as breaks the suite's bound, and no more.
namespace EasyTcp.Saboteurs;

/// <summary>Memory that is kept for good.</summary>
internal static class Hoard
{
    private const int Copies = 2000;
    private const int Most = 6000; // of the longest replies, some 400 MB
    private const int Short = 1000; // bytes of a reply that is not worth it

    private static readonly List<byte[]> Kept = [];

    /// <summary>Keeps many copies of a reply.</summary>
    public static void Add(byte[] reply)
    {
        lock (Kept)
        {
            for (int i = 0; i < Copies && Kept.Count < Most && reply.Length >= Short; i++)
            {
                Kept.Add([.. reply]);
            }
        }
    }
}
