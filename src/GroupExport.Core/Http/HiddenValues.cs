using System.Text.RegularExpressions;

namespace GroupExport.Http;

/// <summary>What was sent in confidence, to be taken out of a server's words: servers like to echo what they refuse, and error records end up in logs.</summary>
internal sealed partial class HiddenValues(IEnumerable<string> values)
{
    /// <summary>Shorter values would blank out half of every sentence and tell nothing by themselves.</summary>
    private const int ShortestMasked = 3;

    /// <summary>A day of tokens that live five minutes.</summary>
    private const int MostAdded = 300;

    private readonly string[] _values = Ordered(values);
    private readonly object _gate = new();
    private readonly Queue<string> _added = new();

    /// <summary>Hides a further value; of very many the oldest are forgotten.</summary>
    public void Add(string value)
    {
        lock (_gate)
        {
            if (_added.Contains(value))
            {
                return;
            }

            _added.Enqueue(value);
            if (_added.Count > MostAdded)
            {
                _added.Dequeue();
            }
        }
    }

    /// <summary>The text with every hidden value, and all that looks like a JWT, replaced by an ellipsis.</summary>
    public string Mask(string text)
    {
        string[] added;
        lock (_gate)
        {
            added = [.. _added];
        }

        foreach (string value in added.Length == 0 ? _values : Ordered(_values.Concat(added)))
        {
            text = text.Replace(value, "…", StringComparison.OrdinalIgnoreCase);
        }

        return Jwt().Replace(text, "…");
    }

    /// <summary>The values of a query, as they stand there and decoded.</summary>
    public static IEnumerable<string> OfQuery(Uri uri) => OfQuery(uri.Query);

    /// <summary>The same of the query of a URL that is text, valid or not.</summary>
    public static IEnumerable<string> OfQuery(string url) => url[(url.IndexOf('?') + 1)..].Split('&')
        .Select(pair => pair[(pair.IndexOf('=') + 1)..])
        .SelectMany(value => new[] { value, Uri.UnescapeDataString(value) });

    /// <summary>Longest first, so that no part of a longer one is left; each also as it looks in a URL.</summary>
    private static string[] Ordered(IEnumerable<string> values) =>
    [
        .. values.SelectMany(value => new[] { value, Uri.EscapeDataString(value) })
            .Where(value => value.Length >= ShortestMasked).Distinct().OrderByDescending(value => value.Length),
    ];

    /// <summary>Header and what follows of it: <c>eyJ</c> is how a JSON object begins in base64url (RFC 7519).</summary>
    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{5,}(\.[A-Za-z0-9_-]*)*")]
    private static partial Regex Jwt();
}
