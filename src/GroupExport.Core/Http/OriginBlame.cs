namespace GroupExport.Http;

/// <summary>
/// Determines whose fault a failure was, by what else happened at the origin: two URLs that fail without a success between are the origin's, one URL
/// that fails while others succeed is at fault itself. Its <see cref="PacedOrigin"/> guards it.
/// </summary>
/// <param name="clock">What the memory of recoveries is counted on.</param>
internal sealed class OriginBlame(TimeProvider clock)
{
    /// <summary>For as long as URLs that failed are seen to succeed again, failures are the origin's: it turns away now this one, now that one.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromMinutes(5);

    private readonly HashSet<PacedRequest> _failing = [];
    private DateTimeOffset? _recoveredAt;
    private long _successStartedAt = -1;
    private long _successAt = -1;

    /// <summary>Gets the number of URLs whose failure speaks against the origin.</summary>
    public int Witnesses => _failing.Count(IsWitness);

    /// <summary>Gets a value indicating whether a URL was turned away because of a quota.</summary>
    public bool IsThrottled => _failing.Any(failing => failing.Open?.Fault == OriginFault.Throttled);

    /// <summary>Records that a URL was answered with what was requested.</summary>
    /// <param name="request">The URL.</param>
    /// <param name="startedAt">When the request was let through, in the order of what happened at the origin.</param>
    /// <param name="at">When it succeeded, in that order.</param>
    public void Succeeded(PacedRequest request, long startedAt, long at)
    {
        _recoveredAt = request.FailedAt is not null ? clock.GetUtcNow() : _recoveredAt;
        request.FailedAt = null;
        request.IsCharged = false;
        _successAt = at;
        _successStartedAt = Math.Max(_successStartedAt, startedAt);
    }

    /// <summary>Records that a URL failed. Whose fault that was is open.</summary>
    /// <param name="request">The URL.</param>
    /// <param name="fault">What the failure says.</param>
    /// <param name="startedAt">When the request was let through, in the order of what happened at the origin.</param>
    /// <param name="at">When it failed, in that order.</param>
    public void Failed(PacedRequest request, OriginFault fault, long startedAt, long at)
    {
        request.Open = new OpenFault(fault, startedAt, at) { IsRepeated = _successStartedAt > request.FailedAt };
        request.FailedAt = at;
        _failing.Add(request);
    }

    /// <summary>Settles for all open failures whether they are the origin's.</summary>
    public void Assign(bool isOrigin)
    {
        foreach (OpenFault open in _failing.Select(failing => failing.Open).OfType<OpenFault>())
        {
            open.IsOrigins = isOrigin;
        }
    }

    /// <summary>Forgets which URLs failed, because the origin is well.</summary>
    public void Clear() => _failing.Clear();

    /// <summary>Determines whether the last failure of a URL counts for it: it was shown to be its own, and no other shares it.</summary>
    public bool IsCharged(PacedRequest request) =>
        request.Open is { IsOrigins: false } open && (IsOwn(request, open) || open.IsRepeated || Charges(open)) && Charge(request);

    /// <summary>Determines whether a new failure of a URL counts for it because earlier ones did.</summary>
    public bool IsChargedAgain(PacedRequest request) => request.IsCharged && request.Open?.Fault != OriginFault.Throttled && Charge(request);

    /// <summary>A failure that others do not share is the URL's own where that was shown before, and where something on the way answers in place of the server.</summary>
    private static bool IsOwn(PacedRequest request, OpenFault open) => open.Fault == OriginFault.Gateway || (request.IsCharged && open.Fault != OriginFault.Throttled);

    /// <summary>A URL speaks against its origin if nothing succeeded since it was requested, and not if it has failed before while others succeeded.</summary>
    private bool IsWitness(PacedRequest request) =>
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
}
