namespace GroupExport.Sandbox.Authorization;

/// <summary>The <c>jti</c> of the assertions that were accepted and have not expired: each may come once (RFC 7523, 3).</summary>
internal sealed class UsedIds
{
    private readonly object _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _expirations = new(StringComparer.Ordinal);

    /// <summary>False when the id was used before.</summary>
    public bool TryUse(string id, DateTimeOffset expires, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var old in _expirations.Where(used => used.Value <= now).Select(used => used.Key).ToList())
            {
                _expirations.Remove(old);
            }

            return _expirations.TryAdd(id, expires);
        }
    }
}
