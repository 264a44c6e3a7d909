namespace GroupExport.Http;

/// <summary>Represents one origin: it lets requests through or holds them back (<see cref="OriginPause"/>), by whose fault failures were (<see cref="OriginBlame"/>).</summary>
/// <param name="clock">What pauses are counted on.</param>
internal sealed class PacedOrigin(TimeProvider clock)
{
    private readonly object _gate = new();
    private readonly OriginPause _pause = new(clock);
    private readonly OriginBlame _blame = new(clock);
    private readonly OriginProgress _progress = new(clock);
    private long _order;
    private long _pausedAt;

    /// <summary>Whether failures that two URLs share are all that the pause rests on, so that a success of a third one ends it.</summary>
    private bool _isAssumed;

    /// <summary>The URL whose Retry-After is all that the pause rests on, although others succeeded while it was requested.</summary>
    private PacedRequest? _pausedFor;
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
                if (_pause.IsOn && _progress.IsLost(patience))
                {
                    return null;
                }

                if (_pause.TryEnter(_order))
                {
                    return new Admission(_order++, _pause.IsOn);
                }

                (rest, changed) = (_pause.Rest, _pause.Changed);
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
                (rest, changed) = (_pause.Rest, _pause.Changed);
            }

            if (rest == TimeSpan.Zero)
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
    public void Progressed() => _progress.Made();

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
                _blame.Succeeded(request, admission.StartedAt, _order++);
            }

            if (isSuccess && _pause.IsOn && _isAssumed && admission.StartedAt < _pausedAt)
            {
                // Some failed, but this one did not: they may be at fault themselves after all.
                _blame.Assign(isOrigin: false);
                Recover();
            }
            else if (!_pause.IsOn || admission.StartedAt > _pausedAt)
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
            if (request == _pausedFor && admission.IsProbe)
            {
                // It had its pause, and nothing else speaks against the origin: the last URL of a run would pause it over and over.
                Recover();
            }

            _progress.Failed();
            _blame.Failed(request, fault, admission.StartedAt, _order++);
            if (_pause.IsOn)
            {
                if (_pausedFor is not null)
                {
                    // Others fail, too.
                    _pausedFor = null;
                    _blame.Assign(isOrigin: true);
                }

                request.Open!.IsOrigins = true;
                if (admission.IsProbe || retryAfter is not null)
                {
                    _isAssumed &= fault != OriginFault.Throttled;
                    Pause(retryAfter, isAgain: admission.IsProbe);
                }

                return false;
            }

            int witnesses = _blame.Witnesses;
            bool isAsked = retryAfter > TimeSpan.Zero && fault is OriginFault.Throttled or OriginFault.Unavailable && !request.HasPaused;
            if (fault == OriginFault.Unreachable || isAsked || witnesses > 1)
            {
                request.HasPaused |= isAsked;
                _isAssumed = fault != OriginFault.Unreachable && !isAsked && !_blame.IsThrottled;
                if (isAsked && witnesses == 0)
                {
                    _pausedFor = request;
                }
                else
                {
                    _blame.Assign(isOrigin: true);
                }

                Pause(retryAfter, isAgain: true);
                return false;
            }

            return _blame.IsChargedAgain(request);
        }
    }

    /// <summary>Determines, before a URL is requested again, whether its last failure counts for it, because others have succeeded since.</summary>
    public bool IsCharged(PacedRequest request)
    {
        lock (_gate)
        {
            return _blame.IsCharged(request);
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
            _pause.Release(admission.StartedAt);
        }
    }

    /// <summary>Pauses the origin for as long as it asks in an answer to a request that was not paced.</summary>
    public void PauseFor(TimeSpan wait)
    {
        lock (_gate)
        {
            _isAssumed = false;
            _pausedFor = null;
            _progress.Failed();
            Pause(wait, isAgain: false);
        }
    }

    /// <summary>Takes down that a request that was not paced went well, after the pause if there is one.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            Progressed();
            if (_pause.IsOn && _pause.Rest == TimeSpan.Zero)
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
            return _progress.IsLost(patience);
        }
    }

    private void Pause(TimeSpan? wait, bool isAgain)
    {
        _pausedAt = _pause.IsOn ? _pausedAt : _order++;
        _pause.Begin(wait, isAgain);
    }

    private void Recover()
    {
        _pause.End();
        _progress.Clear();
        _blame.Clear();
        _pausedFor = null;
    }
}
