// Programs that have nothing to do, and so should do nothing (clauses 9.4 and 10.13).
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Cases;

/// <summary>Looks at what a program wants of the processors meanwhile.</summary>
internal static class Rest
{
    private const int Attempts = 3;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan NearlyASecond = TimeSpan.FromSeconds(0.9);

    /// <summary>For what lasts a second only, like an ending, of which a busy machine may take a part.</summary>
    public static TimeSpan Short { get; } = TimeSpan.FromSeconds(0.4);

    /// <summary>Checks that a program rests.</summary>
    /// <param name="process">The program.</param>
    /// <param name="clause">Where it is demanded.</param>
    /// <param name="who">What is expected: <c>a server that rests without clients</c>.</param>
    /// <param name="bring">Brings the situation about, as often as is looked (attempts count from 1), and gives what is to end with it.</param>
    /// <param name="watched">For how long it is looked at; null for as long as what lasts allows.</param>
    public static async Task Expect(PeerProcess process, string clause, string who, Func<int, Task<IDisposable[]>> bring, TimeSpan? watched = null)
    {
        TimeSpan time = watched ?? Long;
        TimeSpan most = time / 2;
        // One that spins never rests. What a start or its neighbours cost a busy machine passes, so it is looked at again.
        TimeSpan? wanted = null; // null: nobody has looked in time
        for (int attempt = 1; attempt <= Attempts && !(wanted < most); attempt++)
        {
            TimeSpan begin = Moment.Now;
            IDisposable[] brought = await bring(attempt);
            TimeSpan seen = await ProcessFacts.MostWantedIn(time, process.ProcessId);
            // What lasts a second may be over when a busy machine looks again, and a thread that span through it gone.
            wanted = watched == null || Moment.Now - begin < NearlyASecond ? seen : wanted;
            Array.ForEach(brought, each => each.Dispose());
        }

        Judging.Expect.That(!process.Ended.IsCompleted, clause, who, process.Fate ?? "its end");
        Judging.Expect.That(wanted != null, clause, who, "nothing that could be seen in time", "the machine was too busy to look at it before it was over");
        Judging.Expect.That(wanted < most, clause, $"{who} (no thread of it wants {Wait.Seconds(most)} of processor time in {Wait.Seconds(time)})", Wait.Seconds(wanted ?? default));
    }
}
