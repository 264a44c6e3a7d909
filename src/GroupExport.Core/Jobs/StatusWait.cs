using GroupExport.Connections;
using GroupExport.Http;
using Polly;
using Polly.Retry;

namespace GroupExport.Jobs;

/// <summary>Waits until an export is complete or has failed. The job itself is never touched.</summary>
internal sealed class StatusWait(GroupExportConnection connection, ExportJob job, WaitOptions options, Action<ExportEvent> report)
{
    private readonly StatusRequest _request = new(connection, job, options.MaxRetryAfter, options.PageRetry, options.MinPollInterval, options.TransientTimeout);
    private readonly Backoff _backoff = new(options.MinPollInterval, options.MaxPollInterval);
    private readonly DateTimeOffset _started = connection.Clock.GetUtcNow();
    private DateTimeOffset? _troubleSince;
    private int _pagesAtTrouble;
    private bool _hasPaused;
    private DateTimeOffset _notBefore;
    private ExportStatus? _last;

    /// <summary>What a complete export lists on the pages of its manifest that could be read, though one could not; null when there is nothing like it.</summary>
    public ExportStatus? SoFar => _request.SoFar;

    /// <summary>The status of the complete or failed export.</summary>
    /// <exception cref="ExportException">The time is over, the server stays away too long, or it does not know the job.</exception>
    public Task<ExportStatus> RunAsync(CancellationToken cancellationToken) => NextAsync(int.MaxValue, cancellationToken);

    /// <summary>The status as soon as the export is complete or has failed, or the manifest lists more files than are known.</summary>
    /// <param name="knownFiles">How many files the caller knows already; it is asked no sooner than the last answer allows.</param>
    /// <param name="cancellationToken">Ends the waiting, not the export.</param>
    /// <exception cref="ExportException">The time is over, the server stays away too long, or it does not know the job.</exception>
    public async Task<ExportStatus> NextAsync(int knownFiles, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience(), connection.Clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            TimeSpan rest = _notBefore - connection.Clock.GetUtcNow();
            if (rest > TimeSpan.Zero && _last is not null)
            {
                report(new Waiting(_last, _notBefore, rest));
                await Task.Delay(rest, connection.Clock, both.Token).ConfigureAwait(false);
            }

            _backoff.Reset();
            both.Token.ThrowIfCancellationRequested();
            StatusAnswer answer = await AskAsync(both.Token).ConfigureAwait(false);
            if (IsAskedAgain(answer, knownFiles))
            {
                StatusAnswer? first = answer;
                answer = await Pipeline(knownFiles)
                    .ExecuteAsync(token => Interlocked.Exchange(ref first, null) is { } known ? ValueTask.FromResult(known) : AskAsync(token), both.Token)
                    .ConfigureAwait(false);
            }

            _notBefore = connection.Clock.GetUtcNow() + (Asked(answer) ?? options.MinPollInterval);
            return _last = answer.Status;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ExportException(
                ExportErrorKind.WaitTimeout,
                $"The export of group {job.GroupName} is not complete after {options.Timeout}. It goes on at the server: pipe the job (or its status URL) to Get-ExportStatus -Wait to go on waiting.")
            {
                Subject = job,
            };
        }
    }

    /// <summary>Asks a single time for an export that is complete, no sooner than its last answer allows.</summary>
    /// <returns>The answer; null if the time to wait is over, or the server asks for more than the longest interval.</returns>
    /// <exception cref="ExportException">The server does not know the job any more, or refuses the request.</exception>
    public async Task<StatusAnswer?> OnceMoreAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience(), connection.Clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        TimeSpan rest = Due() - connection.Clock.GetUtcNow();
        if (rest > options.MaxPollInterval)
        {
            return null;
        }

        try
        {
            if (rest > TimeSpan.Zero)
            {
                report(new Waiting(_last ?? new ExportStatus(job), Due(), rest));
                await Task.Delay(rest, connection.Clock, both.Token).ConfigureAwait(false);
            }

            report(new Remark($"GET {ShownUri.Of(job.StatusUri)}: asking once more whether the list of files is complete"));
            StatusAnswer answer = await _request.SendAsync(report, both.Token).ConfigureAwait(false);
            _notBefore = connection.Clock.GetUtcNow() + (Asked(answer) ?? options.MinPollInterval);
            _last = answer.Status;
            return answer;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>A status that another command asked for counts from then; its clock may be another one.</summary>
    private DateTimeOffset Due()
    {
        if (_last is not null || job is not ExportStatus { CheckedAt: { } checkedAt })
        {
            return _notBefore;
        }

        DateTimeOffset now = connection.Clock.GetUtcNow();
        DateTimeOffset since = new(checkedAt.ToUniversalTime());
        return (since < now ? since : now) + options.MinPollInterval;
    }

    /// <summary>What is left of the time to wait, as a timer can take it: never negative, and what is longer than a timer's 49 days is for ever.</summary>
    private TimeSpan Patience() => options.Timeout switch
    {
        { TotalDays: < 49 } limit => TimeSpan.FromTicks(Math.Max(0, (limit - (connection.Clock.GetUtcNow() - _started)).Ticks)),
        _ => System.Threading.Timeout.InfiniteTimeSpan,
    };

    private static bool IsAskedAgain(StatusAnswer answer, int knownFiles) => !answer.IsFinal && answer.Status.Files.Length <= knownFiles;

    private ResiliencePipeline<StatusAnswer> Pipeline(int knownFiles) => new ResiliencePipelineBuilder<StatusAnswer> { TimeProvider = connection.Clock }
        .AddRetry(new RetryStrategyOptions<StatusAnswer>
        {
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer && IsAskedAgain(answer, knownFiles)),
            MaxRetryAttempts = int.MaxValue,
            DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Delay(arguments.Outcome.Result!)),
            OnRetry = arguments =>
            {
                report(new Waiting(arguments.Outcome.Result!.Status, connection.Clock.GetUtcNow() + arguments.RetryDelay, arguments.RetryDelay));
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    /// <summary>Returns the wait before the next poll. While requests fail, only a server that turns the client away is given longer than the transient timeout leaves.</summary>
    private TimeSpan Delay(StatusAnswer answer)
    {
        TimeSpan delay = Asked(answer) ?? _backoff.Next();
        if (_troubleSince is not { } since || answer is { RetryAfter: not null, Refusal.StatusCode: 429 or 503 })
        {
            return delay;
        }

        TimeSpan left = since + options.TransientTimeout - connection.Clock.GetUtcNow();
        return left >= delay ? delay : left > options.MinPollInterval ? left : options.MinPollInterval;
    }

    /// <summary>Returns the wait that the server asks for. No server is polled faster than the shortest interval, whatever it says.</summary>
    private TimeSpan? Asked(StatusAnswer answer) => answer.RetryAfter < options.MinPollInterval ? options.MinPollInterval : answer.RetryAfter;

    private async ValueTask<StatusAnswer> AskAsync(CancellationToken cancellationToken)
    {
        report(new Remark($"GET {ShownUri.Of(job.StatusUri)}: asking for the status of group {job.GroupName}"));
        PacedOrigin origin = connection.Pacing.Of(job.StatusUri);
        await origin.WaitAsync(cancellationToken).ConfigureAwait(false);
        StatusAnswer answer = await _request.SendAsync(report, cancellationToken).ConfigureAwait(false);
        Pace(origin, answer);
        GuardPatience(answer);
        return answer;
    }

    /// <summary>A server that turns a poll away is left alone by all; one that does so again and again, only by this one.</summary>
    private void Pace(PacedOrigin origin, StatusAnswer answer)
    {
        if (answer.Trouble is null)
        {
            _hasPaused = false;
            origin.Resume();
        }
        else if (answer is { Refusal.StatusCode: 429 or 503, RetryAfter: { Ticks: > 0 } asked } && !_hasPaused)
        {
            _hasPaused = true;
            origin.PauseFor(asked);
        }
    }

    private void GuardPatience(StatusAnswer answer)
    {
        if (answer.Trouble is null)
        {
            _troubleSince = null;
            return;
        }

        DateTimeOffset now = connection.Clock.GetUtcNow();

        // A page that came since is progress, whatever became of the next one.
        _troubleSince = _request.PageCount > _pagesAtTrouble ? null : _troubleSince;
        _pagesAtTrouble = _request.PageCount;
        _troubleSince ??= answer.Since ?? now;
        report(new Remark($"A status request failed ({answer.Trouble}); the export itself may well go on."));
        if (now - _troubleSince >= options.TransientTimeout)
        {
            throw new ExportException(
                ExportErrorKind.StatusUnavailable,
                $"The status cannot be asked for since {_troubleSince:u} ({answer.Trouble}). The export may well go on: pipe the job to Get-ExportStatus -Wait when the server is back.")
            {
                Subject = job,
                StatusCode = answer.Refusal?.StatusCode,
                ServerMessage = answer.Refusal?.Message,
                RedoxLogIds = answer.Refusal?.LogIds ?? [],
            };
        }
    }
}
