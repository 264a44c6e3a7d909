using System.Collections.Concurrent;

namespace GroupExport.Http;

/// <summary>
/// Represents how the origins of one connection are doing, so that all requests to one that is away or busy wait together. What is wrong with an
/// origin costs no file an attempt; what is wrong with one URL does not hold the others back.
/// </summary>
/// <param name="clock">What pauses are counted on.</param>
internal sealed class OriginPacing(TimeProvider clock)
{
    private readonly ConcurrentDictionary<Origin, PacedOrigin> _origins = new();

    /// <summary>Returns the state of the origin of a URL.</summary>
    public PacedOrigin Of(Uri uri) => _origins.GetOrAdd(Origin.Of(uri), _ => new PacedOrigin(clock));
}
