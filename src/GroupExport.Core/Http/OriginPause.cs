namespace GroupExport.Http;

/// <summary>
/// Represents the pause of an origin: how long it is left alone, and that one request, the probe, goes first afterwards. Its <see cref="PacedOrigin"/>
/// guards it.
/// </summary>
/// <param name="clock">What pauses are counted on.</param>
internal sealed class OriginPause(TimeProvider clock)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private readonly Backoff _backoff = new(s_first, s_longest);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _until;
    private long? _probe;

    /// <summary>Gets a value indicating whether the origin is paused. It is until a request shows that it is well, and not only until its time is over.</summary>
    public bool IsOn { get; private set; }

    /// <summary>Gets what is left of the time to leave the origin alone; none if it is over.</summary>
    public TimeSpan Rest => IsOn && _until - clock.GetUtcNow() is { Ticks: > 0 } rest ? rest : TimeSpan.Zero;

    /// <summary>Gets a task that ends when the pause does, grows, or lets another request go first.</summary>
    public Task Changed => _changed.Task;

    /// <summary>Lets a request through if there is no pause, or if it is the first one after its time.</summary>
    /// <param name="startedAt">The request, in the order of what happened at the origin.</param>
    /// <returns><c>true</c> if the request may be sent; otherwise, <c>false</c>.</returns>
    public bool TryEnter(long startedAt)
    {
        if (!IsOn)
        {
            return true;
        }

        if (_probe is not null || Rest > TimeSpan.Zero)
        {
            return false;
        }

        _probe = startedAt;
        return true;
    }

    /// <summary>Pauses, or pauses for longer.</summary>
    /// <param name="wait">The wait that the server asks for; without one the pauses grow.</param>
    /// <param name="isAgain">Whether the next request after it is a new probe.</param>
    public void Begin(TimeSpan? wait, bool isAgain)
    {
        DateTimeOffset until = clock.GetUtcNow() + (wait is { Ticks: > 0 } asked ? asked : _backoff.Next());
        _until = until > _until ? until : _until;
        _probe = isAgain ? null : _probe;
        IsOn = true;
        Signal();
    }

    /// <summary>Ends the pause. The next one is short again.</summary>
    public void End()
    {
        IsOn = false;
        _probe = null;
        _backoff.Reset();
        Signal();
    }

    /// <summary>Lets another request go first, if this one did.</summary>
    public void Release(long startedAt)
    {
        if (_probe == startedAt)
        {
            _probe = null;
            Signal();
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }
}
