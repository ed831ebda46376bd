// Bounded waits: what was awaited comes first, and it is what a failure says (Polly keeps the time).
using System.Collections.Concurrent;
using EasyTcp.Interop.Judging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace EasyTcp.Interop.Processes;

/// <summary>Waits that end: with what was awaited, or with a sentence that says what did not come.</summary>
internal static class Wait
{
    /// <summary>For what the clauses set no time for: long enough for a busy machine, short enough for a person.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly ConcurrentDictionary<TimeSpan, ResiliencePipeline> Bounds = new();

    // Where the system offers no event to await (another process's state), it is asked this often.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Awaits <paramref name="work"/>.</summary>
    /// <param name="what">What is awaited, to follow "Expected:".</param>
    /// <param name="clause">Where it is demanded.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="work">Ends when its token does.</param>
    /// <exception cref="CaseFailedException">It took longer.</exception>
    public static async Task<T> For<T>(string what, string clause, TimeSpan within, Func<CancellationToken, Task<T>> work)
    {
        ResiliencePipeline bounded = Bounds.GetOrAdd(within, time => new ResiliencePipelineBuilder().AddTimeout(time).Build());
        try
        {
            return await bounded.ExecuteAsync(async cancel => await work(cancel));
        }
        catch (TimeoutRejectedException)
        {
            throw new CaseFailedException(clause, $"{what} within {Seconds(within)}", $"nothing of the kind within {Seconds(within)}") { IsOfTime = within < Patience, IsSilence = within >= Patience };
        }
    }

    /// <inheritdoc cref="For{T}"/>
    public static Task For(string what, string clause, TimeSpan within, Func<CancellationToken, Task> work) =>
        For(what, clause, within, async cancel =>
        {
            await work(cancel);
            return true;
        });

    /// <summary>Asks until <paramref name="condition"/> holds.</summary>
    /// <exception cref="CaseFailedException">It did not within the time; <paramref name="actual"/> says what was so instead.</exception>
    public static async Task Until(string what, string clause, TimeSpan within, Func<bool> condition, Func<string> actual)
    {
        TimeSpan start = Moment.Now;
        ResiliencePipeline<bool> asking = new ResiliencePipelineBuilder<bool>()
            .AddRetry(new RetryStrategyOptions<bool>
            {
                ShouldHandle = arguments => ValueTask.FromResult(!arguments.Outcome.Result && Moment.Now - start < within),
                MaxRetryAttempts = int.MaxValue,
                Delay = PollInterval,
                BackoffType = DelayBackoffType.Constant,
            })
            .Build();
        if (!await asking.ExecuteAsync(_ => ValueTask.FromResult(condition())))
        {
            throw new CaseFailedException(clause, $"{what} within {Seconds(within)}", actual()) { IsOfTime = within < Patience, IsSilence = within >= Patience };
        }
    }

    /// <summary>Lets time pass, where time itself is what a clause speaks of.</summary>
    public static async Task LetPass(TimeSpan time)
    {
        TimeSpan until = Moment.Now + time;
        for (TimeSpan left = time; left > TimeSpan.Zero; left = until - Moment.Now)
        {
            await Task.Delay(left); // a timer's ticks are coarse: it may ring a little early
        }
    }

    /// <summary>A duration for a sentence.</summary>
    public static string Seconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");
}
