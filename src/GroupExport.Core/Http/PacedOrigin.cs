namespace GroupExport.Http;

/// <summary>
/// Represents one origin: whether it answers, how long it is left alone, and whose fault a failure was. Two URLs that fail without a success between
/// pause the origin; one URL that fails while others succeed is at fault itself. After a pause one request goes first.
/// </summary>
/// <param name="clock">What pauses are counted on.</param>
internal sealed class PacedOrigin(TimeProvider clock)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    /// <summary>For as long as URLs that failed are seen to succeed again, failures are the origin's: it turns away now this one, now that one.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(5);

    private readonly object _gate = new();
    private readonly Backoff _backoff = new(s_firstPause, s_longestPause);
    private readonly HashSet<PacedRequest> _failing = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _pausedUntil;
    private DateTimeOffset? _failingSince;
    private DateTimeOffset _failedAt;
    private DateTimeOffset? _recoveredAt;
    private int _failures;
    private long _progressAt;
    private long _order;
    private long _pausedAt;
    private long _successStartedAt = -1;
    private long _successAt = -1;
    private bool _isPaused;
    private long? _probe;
    private bool _isAssumed;
    private bool _isKnown;

    /// <summary>Gets a value indicating whether the origin has ever answered.</summary>
    public bool IsKnown
    {
        get
        {
            lock (_gate)
            {
                return _isKnown;
            }
        }
    }

    /// <summary>Returns when the origin may be asked: at once, or after its pause, or when the one that goes first has its answer.</summary>
    /// <param name="patience">How long the caller waits for an origin without progress.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The admission; null if the origin has made no progress for as long as the caller waits.</returns>
    public async ValueTask<Admission?> EnterAsync(OriginPatience patience, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan rest;
            lock (_gate)
            {
                if (_isPaused && IsLost(patience))
                {
                    return null;
                }

                rest = _pausedUntil - clock.GetUtcNow();
                if (!_isPaused || (rest <= TimeSpan.Zero && _probe is null))
                {
                    Admission admission = new(_order++, _isPaused);
                    _probe = _isPaused ? admission.StartedAt : null;
                    return admission;
                }

                changed = _changed.Task;
            }

            await (rest > TimeSpan.Zero ? Backoff.WaitAsync(rest, changed, clock, cancellationToken) : changed.WaitAsync(cancellationToken)).ConfigureAwait(false);
        }
    }

    /// <summary>Returns when the pause is over, if there is one; nothing is let through by it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            TimeSpan rest;
            lock (_gate)
            {
                rest = _isPaused ? _pausedUntil - clock.GetUtcNow() : TimeSpan.Zero;
                changed = _changed.Task;
            }

            if (rest <= TimeSpan.Zero)
            {
                return;
            }

            await Backoff.WaitAsync(rest, changed, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes down that the origin answered a request that was not paced.</summary>
    public void Seen()
    {
        lock (_gate)
        {
            _isKnown = true;
        }
    }

    /// <summary>Takes down that bytes of a body came.</summary>
    public void Progressed() => Volatile.Write(ref _progressAt, clock.GetUtcNow().UtcTicks);

    /// <summary>Takes down that an answer came that is no fault of the origin.</summary>
    /// <param name="admission">The request.</param>
    /// <param name="request">Its URL.</param>
    /// <param name="isSuccess">Whether it is what was requested.</param>
    public void Answered(Admission admission, PacedRequest request, bool isSuccess)
    {
        lock (_gate)
        {
            _isKnown = true;
            request.Open = null;
            Progressed();
            if (isSuccess)
            {
                _recoveredAt = request.FailedAt is not null ? clock.GetUtcNow() : _recoveredAt;
                request.FailedAt = null;
                request.IsCharged = false;
                _successAt = _order++;
                _successStartedAt = Math.Max(_successStartedAt, admission.StartedAt);
            }

            if (isSuccess && _isPaused && _isAssumed && admission.StartedAt < _pausedAt)
            {
                // Some failed, but this one did not: they may be at fault themselves after all.
                Blame(isOrigin: false);
                Recover();
            }
            else if (!_isPaused || admission.StartedAt > _pausedAt)
            {
                Recover();
            }
        }
    }

    /// <summary>Takes down that the origin, or one URL of it, failed.</summary>
    /// <param name="admission">The request.</param>
    /// <param name="request">Its URL.</param>
    /// <param name="fault">What the failure says.</param>
    /// <param name="retryAfter">The wait that the server asks for; null if it asks for none.</param>
    /// <returns><c>true</c> if the failure counts for the URL; <c>false</c> if it does not, or if only <see cref="IsCharged"/> can tell.</returns>
    public bool Failed(Admission admission, PacedRequest request, OriginFault fault, TimeSpan? retryAfter)
    {
        lock (_gate)
        {
            Count();
            request.Open = new OpenFault(fault, admission.StartedAt, _order++) { IsRepeated = _successStartedAt > request.FailedAt };
            request.FailedAt = request.Open.FailedAt;
            _failing.Add(request);
            if (_isPaused)
            {
                request.Open.IsOrigins = true;
                if (admission.IsProbe || retryAfter is not null)
                {
                    _isAssumed &= fault != OriginFault.Throttled;
                    Pause(retryAfter, isAgain: admission.IsProbe);
                }

                return false;
            }

            int evidence = _failing.Count(IsEvidence);
            bool isAsked = retryAfter > TimeSpan.Zero && fault is OriginFault.Throttled or OriginFault.Unavailable && !request.HasPaused;
            if (fault == OriginFault.Unreachable || isAsked || evidence > 1)
            {
                request.HasPaused |= isAsked;
                _isAssumed = fault != OriginFault.Unreachable && !isAsked && _failing.All(failing => failing.Open?.Fault != OriginFault.Throttled);
                Blame(isOrigin: true);
                Pause(retryAfter, isAgain: true);
                return false;
            }

            return request.IsCharged && fault != OriginFault.Throttled && Charge(request);
        }
    }

    /// <summary>Determines, before a URL is requested again, whether its last failure counts for it, because others have succeeded since.</summary>
    public bool IsCharged(PacedRequest request)
    {
        lock (_gate)
        {
            return request.Open is { IsOrigins: false } open && (IsOwn(request, open) || open.IsRepeated || Charges(open)) && Charge(request);
        }
    }

    /// <summary>Determines whether the last failure of a URL is the origin's, because others failed too or the origin was paused.</summary>
    public bool IsBlamedFor(PacedRequest request)
    {
        lock (_gate)
        {
            return request.Open is { IsOrigins: true };
        }
    }

    /// <summary>Ends a request that says nothing of the origin, such as one that was canceled.</summary>
    public void Abandon(Admission admission)
    {
        lock (_gate)
        {
            if (_probe == admission.StartedAt)
            {
                _probe = null;
                Signal();
            }
        }
    }

    /// <summary>Pauses the origin for as long as it asks in an answer to a request that was not paced.</summary>
    public void PauseFor(TimeSpan wait)
    {
        lock (_gate)
        {
            _isAssumed = false;
            Count();
            Pause(wait, isAgain: false);
        }
    }

    /// <summary>Takes down that a request that was not paced went well, after the pause if there is one.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            Progressed();
            if (_isPaused && _pausedUntil <= clock.GetUtcNow())
            {
                Recover();
            }
        }
    }

    /// <summary>Determines whether the origin has failed without any progress for longer than the caller waits.</summary>
    public bool IsLostFor(OriginPatience patience)
    {
        lock (_gate)
        {
            return IsLost(patience);
        }
    }

    /// <summary>A failure that others do not share is the URL's own where that was shown before, and where something on the way answers in place of the server.</summary>
    private static bool IsOwn(PacedRequest request, OpenFault open) => open.Fault == OriginFault.Gateway || (request.IsCharged && open.Fault != OriginFault.Throttled);

    /// <summary>A URL speaks against its origin if nothing succeeded since it was requested, and not if it has failed before while others succeeded.</summary>
    private bool IsEvidence(PacedRequest request) =>
        request.Open is { } open && (open.Fault == OriginFault.Throttled || !(request.IsCharged || open.IsRepeated || Charges(open)));

    /// <summary>Where a quota is used up, requests that were let through before still succeed.</summary>
    private bool Charges(OpenFault open) => open.Fault == OriginFault.Throttled ? _successStartedAt > open.FailedAt : _successAt > open.StartedAt;

    private bool Charge(PacedRequest request)
    {
        if (clock.GetUtcNow() - _recoveredAt < s_memory)
        {
            return false;
        }

        request.Open = null;
        request.IsCharged = true;
        return true;
    }

    private bool IsLost(OriginPatience patience)
    {
        if (_failingSince is not { } began || _failures < patience.MinFailures || _failedAt < patience.Since || began.UtcTicks < Volatile.Read(ref _progressAt))
        {
            return false;
        }

        return _failedAt - (began > patience.Since ? began : patience.Since) >= patience.Limit;
    }

    private void Count()
    {
        _failedAt = clock.GetUtcNow();
        if (_failingSince is null || _failingSince.Value.UtcTicks < Volatile.Read(ref _progressAt))
        {
            _failingSince = _failedAt;
            _failures = 0;
        }

        _failures++;
    }

    private void Blame(bool isOrigin)
    {
        foreach (OpenFault open in _failing.Select(failing => failing.Open).OfType<OpenFault>())
        {
            open.IsOrigins = isOrigin;
        }
    }

    private void Pause(TimeSpan? wait, bool isAgain)
    {
        DateTimeOffset until = clock.GetUtcNow() + (wait is { Ticks: > 0 } asked ? asked : _backoff.Next());
        _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        if (!_isPaused)
        {
            _pausedAt = _order++;
        }

        _isPaused = true;
        _probe = isAgain ? null : _probe;
        Signal();
    }

    private void Recover()
    {
        _isPaused = false;
        _probe = null;
        _failingSince = null;
        _failures = 0;
        _failing.Clear();
        _backoff.Reset();
        Signal();
    }

    private void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }
}
