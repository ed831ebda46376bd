// What the engine tells of a container's end: when the program ended, and whether the system killed it for want of memory.
using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using EasyTcp.Interop.Processes;

namespace EasyTcp.Interop.Places;

/// <summary>The end of a container.</summary>
/// <param name="Status">The program's exit status.</param>
/// <param name="At">When it ended, by the suite's clock.</param>
/// <param name="Reason">Why, if the engine tells; a part of a sentence, or nothing.</param>
internal sealed record ContainerEnd(int Status, TimeSpan At, string Reason)
{
    private const int Killed = 128 + PosixSignals.Kill;
    private const string UsedUp = " because its memory was used up (OOMKilled)";

    // The engine hears of used-up memory and of the end from two sides, and may hear of the end first: then what it says of the
    // container has no word of memory, and only its events have, a little later.
    private static readonly TimeSpan LateNews = TimeSpan.FromSeconds(3);

    /// <summary>Waits for the end of a container.</summary>
    /// <param name="engine">The engine that runs it.</param>
    /// <param name="id">The container's ID.</param>
    /// <param name="hasLimit">True if its memory was limited.</param>
    /// <exception cref="DockerApiException">The engine does not know the container.</exception>
    public static async Task<ContainerEnd> Of(IDockerClient engine, string id, Func<bool> hasLimit)
    {
        TimeSpan seen = Moment.Now;
        int status = (int)(await engine.Containers.WaitContainerAsync(id)).StatusCode;
        State state = (await engine.Containers.InspectContainerAsync(id)).State!;
        bool isUsedUp = state.OOMKilled || (status == Killed && hasLimit() && await IsToldOfMemory(engine, id, state));
        return new ContainerEnd(status, TimeOf(state, seen), isUsedUp ? UsedUp : "");
    }

    // The end of its output may be seen much later than the end, for the engine has more to do then; but it tells the time, by
    // the wall clock.
    private static TimeSpan TimeOf(State state, TimeSpan seen)
    {
        if (!DateTimeOffset.TryParse(state.FinishedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset finished))
        {
            return seen;
        }

        TimeSpan told = Moment.Now - (TimeProvider.System.GetUtcNow() - finished);
        return told < seen ? told : seen;
    }

    private static async Task<bool> IsToldOfMemory(IDockerClient engine, string id, State state)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var enough = new CancellationTokenSource(LateNews);
        Task events = engine.System.MonitorEventsAsync(
            new ContainerEventsParameters
            {
                Since = DateTimeOffset.Parse(state.StartedAt, CultureInfo.InvariantCulture).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
                Filters = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
                {
                    ["container"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [id] = true },
                    ["event"] = new Dictionary<string, bool>(StringComparer.Ordinal) { ["oom"] = true },
                },
            },
            new Heard(() => told.TrySetResult()),
            enough.Token);
        await Task.WhenAny(told.Task, events);
        await enough.CancelAsync();
        await events.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return told.Task.IsCompletedSuccessfully;
    }

    // Unlike Progress, it calls on the spot.
    private sealed class Heard(Action act) : IProgress<Message>
    {
        public void Report(Message value) => act();
    }
}
