using System.Collections.Concurrent;
using GroupExport.Http;

namespace GroupExport.Files;

/// <summary>Lets all downloads from an origin rest when it asks one of them to come back later (429 or 503 with Retry-After).</summary>
internal sealed class OriginPauses(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Origin, DateTimeOffset> _until = new();

    public void Pause(Origin origin, TimeSpan wait)
    {
        DateTimeOffset until = clock.GetUtcNow() + wait;
        _until.AddOrUpdate(origin, until, (_, known) => known > until ? known : until);
    }

    /// <summary>Returns when the origin may be asked.</summary>
    public async Task WaitAsync(Origin origin, CancellationToken cancellationToken)
    {
        while (_until.TryGetValue(origin, out DateTimeOffset until))
        {
            TimeSpan rest = until - clock.GetUtcNow();
            if (rest <= TimeSpan.Zero)
            {
                return;
            }

            await Task.Delay(rest, clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
