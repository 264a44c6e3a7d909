using System.Collections.Concurrent;
using System.Security.Cryptography;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Jobs;

/// <summary>
/// Signs the links of files when these can expire: each reading of a manifest gives new ones, and older ones stay good until their time is up
/// (Bulk Data Access 3.0.0, "Response - Complete Status", on <c>Expires</c>).
/// </summary>
internal sealed class LinkBook(bool isSigning, TimeSpan? lifetime, TimeProvider clock)
{
    private const string Parameter = "sig";
    private const int Good = 200;

    private readonly ConcurrentDictionary<string, Link> _links = new(StringComparer.Ordinal);

    public string Sign(string url, string path)
    {
        if (!isSigning)
        {
            return url;
        }

        var signature = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        _links[signature] = new Link(path, lifetime is { } time ? clock.GetUtcNow() + time : DateTimeOffset.MaxValue, Good);
        return $"{url}?{Parameter}={signature}";
    }

    /// <summary>200 for a good link, else how it is refused.</summary>
    public int Status(Arrival arrival)
    {
        if (!isSigning)
        {
            return Good;
        }

        return Find(arrival) is not { } link ? 403 : link.Status == Good && link.Expires <= clock.GetUtcNow() ? 410 : link.Status;
    }

    public void Expire(Arrival arrival, int status)
    {
        if (Find(arrival) is { } link)
        {
            _links[Signature(arrival)] = link with { Status = status };
        }
    }

    // A redirect leads to another path of the same file.
    private Link? Find(Arrival arrival) =>
        _links.TryGetValue(Signature(arrival), out var link) && arrival.RawPath.EndsWith(link.Path, StringComparison.Ordinal) ? link : null;

    private static string Signature(Arrival arrival) =>
        QueryString.Parse(arrival.RawQuery).FirstOrDefault(pair => pair.Key == Parameter).Value ?? "";

    /// <param name="Path">Job and file.</param>
    /// <param name="Expires">When it ends by itself.</param>
    /// <param name="Status">What a request gets until then.</param>
    private sealed record Link(string Path, DateTimeOffset Expires, int Status);
}
