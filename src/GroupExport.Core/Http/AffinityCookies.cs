using System.Net.Http.Headers;

namespace GroupExport.Http;

/// <summary>
/// Represents the cookies of one connection, each kept for the exact origin that set it. Load balancers in front of several nodes route by them, and a
/// node that does not know a job answers 404. They are in memory only.
/// </summary>
/// <param name="clock">What lifetimes are counted on.</param>
internal sealed class AffinityCookies(TimeProvider clock)
{
    private const int MaxCookies = 20;

    /// <summary>For all names and values of an origin.</summary>
    private const int MaxChars = 4096;

    private readonly object _gate = new();
    private readonly Dictionary<Origin, List<AffinityCookie>> _jar = [];

    /// <summary>Gets the values that must not be shown. Values change with each answer of some balancers, so the oldest are forgotten.</summary>
    public HiddenValues Hidden { get; } = new([]);

    /// <summary>Adds the cookies that belong to the URL of a request.</summary>
    public void AddTo(HttpRequestMessage request)
    {
        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_jar.TryGetValue(Origin.Of(request.RequestUri!), out List<AffinityCookie>? kept))
            {
                return;
            }

            kept.RemoveAll(cookie => cookie.IsOver(now));
            string header = string.Join("; ", kept.Where(cookie => cookie.GoesTo(request.RequestUri!, now)).OrderByDescending(cookie => cookie.Path.Length).Select(cookie => $"{cookie.Name}={cookie.Value}"));
            if (header.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Cookie", header);
            }
        }
    }

    /// <summary>Keeps the cookies of an answer. Of too many, the oldest are dropped.</summary>
    /// <param name="asked">The URL that was requested.</param>
    /// <param name="response">The answer.</param>
    public void Keep(Uri asked, HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Set-Cookie", out HeaderStringValues values))
        {
            return;
        }

        DateTimeOffset now = clock.GetUtcNow();
        lock (_gate)
        {
            foreach (string text in values)
            {
                if (AffinityCookie.Parse(text, asked, now, response.Headers.Date ?? now) is { } cookie && cookie.Size <= MaxChars)
                {
                    Keep(Origin.Of(asked), cookie, now);
                }
            }
        }
    }

    private void Keep(Origin origin, AffinityCookie cookie, DateTimeOffset now)
    {
        if (!_jar.TryGetValue(origin, out List<AffinityCookie>? kept))
        {
            _jar[origin] = kept = [];
        }

        kept.RemoveAll(known => known.Name == cookie.Name && known.Path == cookie.Path);
        Hidden.Add(cookie.Value);
        if (cookie.IsOver(now))
        {
            return;
        }

        kept.Add(cookie);
        while (kept.Count > MaxCookies || kept.Sum(known => known.Size) > MaxChars)
        {
            kept.RemoveAt(0);
        }
    }
}
