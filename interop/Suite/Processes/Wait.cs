// Bounded waits: what was awaited comes first, and it is what a failure says (Polly keeps the time).
using System.Collections.Concurrent;
using EasyTcp.Interop.Judging;
using EasyTcp.Interop.Places;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace EasyTcp.Interop.Processes;

/// <summary>Waits that end: with what was awaited, or with a sentence that says what did not come.</summary>
internal static class Wait
{
    /// <summary>For what the clauses set no time for: long enough for a busy machine, short enough for a person.</summary>
    public static TimeSpan Patience => Place.Current.Patience;

    /// <summary>For what a program does at once if it does it at all: far longer than that takes.</summary>
    public static TimeSpan Soon => TimeSpan.FromSeconds(5) * (Lab.Current?.Slack ?? 1);

    private static readonly ConcurrentDictionary<TimeSpan, ResiliencePipeline> Bounds = new();

    // Where the system offers no event to await (another process's state), it is asked this often.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    // What a program that has ended had sent is here by then.
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(1);

    /// <summary>Awaits <paramref name="work"/>; no longer than until every program of the cell has ended.</summary>
    /// <param name="what">What is awaited, to follow "Expected:".</param>
    /// <param name="clause">Where it is demanded.</param>
    /// <param name="within">How long it may take.</param>
    /// <param name="work">Ends when its token does.</param>
    /// <param name="instead">What is so if it takes longer.</param>
    /// <exception cref="CaseFailedException">It took longer, or cannot come any more.</exception>
    public static async Task<T> For<T>(string what, string clause, TimeSpan within, Func<CancellationToken, Task<T>> work, string? instead = null)
    {
        ResiliencePipeline bounded = Bounds.GetOrAdd(within, time => new ResiliencePipelineBuilder().AddTimeout(time).Build());
        TimeSpan start = Moment.Now;
        try
        {
            return await bounded.ExecuteAsync(async cancel => Lab.Current is Lab lab ? await UnlessDeserted(lab, work, cancel) : await work(cancel));
        }
        catch (TimeoutRejectedException)
        {
            throw new CaseFailedException(clause, $"{what} within {Seconds(within)}", instead ?? $"nothing of the kind within {Seconds(within)}")
            {
                Late = within < Patience ? Lateness.OfWait(start, within) : null,
                IsSilence = within >= Patience,
            };
        }
        catch (DesertedException gone)
        {
            throw new CaseFailedException(clause, what, gone.Message);
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
        Lab? lab = Lab.Current;
        bool IsOver() => Moment.Now - start >= within || (lab?.DesertedAt is TimeSpan since && Moment.Now - since >= Aftermath);
        ResiliencePipeline<bool> asking = new ResiliencePipelineBuilder<bool>()
            .AddRetry(new RetryStrategyOptions<bool>
            {
                ShouldHandle = arguments => ValueTask.FromResult(!arguments.Outcome.Result && !IsOver()),
                MaxRetryAttempts = int.MaxValue,
                Delay = PollInterval,
                BackoffType = DelayBackoffType.Constant,
            })
            .Build();
        if (!await asking.ExecuteAsync(_ => ValueTask.FromResult(condition())))
        {
            throw new CaseFailedException(clause, $"{what} within {Seconds(within)}", actual())
            {
                Late = within < Patience ? Lateness.OfWait(start, within) : null,
                IsSilence = within >= Patience,
            };
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

    private static async Task<T> UnlessDeserted<T>(Lab lab, Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task deserted = lab.Deserted;
        Task<T> coming = work(stop.Token);
        if (!coming.IsCompleted && await Task.WhenAny(coming, deserted) == deserted && await Task.WhenAny(coming, Task.Delay(Aftermath, cancel)) != coming && !cancel.IsCancellationRequested)
        {
            await stop.CancelAsync();
            await ((Task)coming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return coming.IsCompletedSuccessfully ? await coming : throw new DesertedException(lab.Obituary);
        }

        return await coming;
    }

    private sealed class DesertedException(string message) : Exception(message);
}
