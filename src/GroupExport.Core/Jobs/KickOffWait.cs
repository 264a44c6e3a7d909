using GroupExport.Connections;
using GroupExport.Requests;
using Polly;
using Polly.Retry;

namespace GroupExport.Jobs;

/// <summary>
/// Starts an export, and waits for its turn where the server or the way to it says "later". It is sent again only where it is certain
/// that no job was started: refused connections, 429, 503 with Retry-After (Bulk Data Access, "Bulk Data Kick-off Request").
/// </summary>
internal sealed class KickOffWait(GroupExportConnection connection, ExportRequest request, KickOffOptions options, Action<ExportEvent> report)
{
    /// <summary>No server is asked faster than this, whatever it says.</summary>
    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    private DateTimeOffset _deadline;
    private int _unreached;

    /// <exception cref="ExportException">No job was started, or it is uncertain whether one was (<see cref="ExportErrorKind.KickOffUncertain"/>).</exception>
    public async Task<ExportJob> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = connection.Clock.GetUtcNow();
        _deadline = options.Timeout < DateTimeOffset.MaxValue - now ? now + options.Timeout : DateTimeOffset.MaxValue;
        KickOffAnswer answer = await Pipeline().ExecuteAsync(SendAsync, cancellationToken).ConfigureAwait(false);
        ExportJob job = answer.Job ?? throw answer.Failure!;
        foreach (string warning in answer.Warnings.Concat(options.Earlier.Select(earlier => EarlierJob.Warning(job, earlier.Job, earlier.Place)).OfType<string>()))
        {
            report(new Caution(warning));
        }

        TellPreferences(job);
        return job;
    }

    private void TellPreferences(ExportJob job)
    {
        if (job.PreferenceApplied is { } applied)
        {
            report(new Remark($"The server heeds of the preferences: {applied}."));
        }
        else if (request.IsLenient)
        {
            report(new Remark("The server does not say whether it heeds handling=lenient; what it leaves out it should tell in the message files."));
        }
    }

    private TimeSpan Left => _deadline - connection.Clock.GetUtcNow();

    /// <summary>What is left of the time when it is shorter than this is waited for as a whole, so that the last try is at its end.</summary>
    private TimeSpan Longest => TimeSpan.FromTicks(Math.Min(options.LongestDelay.Ticks, options.Timeout.Ticks / 4));

    private ResiliencePipeline<KickOffAnswer> Pipeline() => new ResiliencePipelineBuilder<KickOffAnswer> { TimeProvider = connection.Clock }
        .AddRetry(new RetryStrategyOptions<KickOffAnswer>
        {
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer && IsWorthWaiting(answer)),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = options.FirstDelay,
            MaxDelay = options.LongestDelay,
            DelayGenerator = arguments => ValueTask.FromResult(Asked(arguments.Outcome.Result!) ?? (Left <= Longest ? Left : null)),
            OnRetry = arguments =>
            {
                report(new KickOffWaiting(request.GroupId, arguments.Outcome.Result!.Failure!.Message, arguments.RetryDelay));
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>What the server asks for; null when that is left to the client.</summary>
    private static TimeSpan? Asked(KickOffAnswer answer) => answer.RetryAfter < s_shortest ? s_shortest : answer.RetryAfter;

    /// <summary>A wait that would end after the time is over is not begun: whoever is told at once can do something about it.</summary>
    private bool IsWorthWaiting(KickOffAnswer answer) =>
        answer.MayPass && Left > TimeSpan.Zero && (Asked(answer) ?? TimeSpan.Zero) <= Left && (answer.IsTurnedAway || ++_unreached < options.MostUnreached);

    private async ValueTask<KickOffAnswer> SendAsync(CancellationToken cancellationToken)
    {
        // Written anew each time: it says when it was sent.
        KickOffMessage message = KickOffWriter.Write(request, connection.Settings, connection.Clock.GetUtcNow());
        report(new Remark($"{message}: kick-off for group {request.GroupId}, {request.PatientCount} named, parameters: {string.Join(", ", request.ParameterNames)}"));
        options.BeforeSending();
        KickOffAnswer answer = await KickOff.SendAsync(connection, request, message, cancellationToken).ConfigureAwait(false);
        report(new KickOffAnswered(request, message, answer));
        if (answer is { IsCertain: true, Failure: { } failure })
        {
            options.OnNothingStarted(failure);
        }

        return answer;
    }
}
