using Polly;
using Polly.Retry;

namespace GroupExport.Http;

/// <summary>Asks again after faults that pass by themselves, with exponential backoff and jitter, or when the server's Retry-After says so.</summary>
internal sealed record TransientRetry(int Attempts, TimeSpan FirstDelay, TimeSpan LongestDelay, TimeSpan LongestRetryAfter)
{
    public static TransientRetry Default { get; } = new(5, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), TimeSpan.FromHours(24));

    /// <summary>Runs an action that throws <see cref="TransientFailure"/> (or a network fault) as long as asking again may help.</summary>
    public async ValueTask<T> RunAsync<T>(Func<CancellationToken, ValueTask<T>> action, TimeProvider clock, Action<string> remark, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Exception? known;
        try
        {
            return await action(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Attempts > 1 && TransientFault.MayPass(exception) && !cancellationToken.IsCancellationRequested)
        {
            known = exception;
        }

        // Only what failed pays for a pipeline: building one costs more than the rest of a small file.
        return await Pipeline(clock, remark)
            .ExecuteAsync(token => Interlocked.Exchange(ref known, null) is { } failed ? ValueTask.FromException<T>(failed) : action(token), cancellationToken)
            .ConfigureAwait(false);
    }

    private ResiliencePipeline Pipeline(TimeProvider clock, Action<string> remark) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Exception is { } fault && TransientFault.MayPass(fault)),
            MaxRetryAttempts = Attempts - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = FirstDelay,
            MaxDelay = LongestDelay,

            // No time at all, as a date says that is past by this clock, would use up all attempts in a moment.
            DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as TransientFailure)?.RetryAfter is { Ticks: > 0 } asked ? asked : (TimeSpan?)null),
            OnRetry = arguments =>
            {
                remark($"Attempt {arguments.AttemptNumber + 1} of {Attempts} failed ({TransientFault.Describe(arguments.Outcome.Exception!)}); next one in {arguments.RetryDelay.TotalSeconds:0.#} s.");
                return ValueTask.CompletedTask;
            },
        })
        .Build();
}
