using System.Buffers;
using System.Text;

namespace GroupExport.Http;

/// <summary>Represents the parts of a URL or of a relative reference, as they are written (RFC 3986, 4.1). Nothing is decoded; the fragment is cut off.</summary>
/// <param name="Scheme">The scheme, in lower case; null if the reference is relative.</param>
/// <param name="Authority">The text after the two slashes; null if there are none.</param>
/// <param name="Path">The path; can be empty.</param>
/// <param name="Query">The query with its question mark; null if there is none, which is not the same as an empty one.</param>
internal readonly record struct UrlReference(string? Scheme, string? Authority, string Path, string? Query)
{
    private static readonly SearchValues<char> s_schemeCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>Splits a text as the regular expression of RFC 3986, appendix B, does. Every text is a reference.</summary>
    public static UrlReference Parse(string text)
    {
        int fragment = text.IndexOf('#');
        string rest = fragment < 0 ? text : text[..fragment];
        int question = rest.IndexOf('?');
        string? query = question < 0 ? null : rest[question..];
        rest = question < 0 ? rest : rest[..question];
        string? scheme = SchemeOf(rest);
        rest = scheme is null ? rest : rest[(scheme.Length + 1)..];
        if (!rest.StartsWith("//", StringComparison.Ordinal))
        {
            return new UrlReference(scheme, Authority: null, rest, query);
        }

        int path = rest.IndexOf('/', 2);
        return path < 0 ? new UrlReference(scheme, rest[2..], "", query) : new UrlReference(scheme, rest[2..path], rest[path..], query);
    }

    /// <summary>
    /// Resolves a reference against this URL (RFC 3986, 5.2.2). Dot segments of relative references are removed; an absolute URL stays as it is written.
    /// A scheme without an authority is ignored if it is this URL's, as 5.2.2 allows.
    /// </summary>
    public UrlReference Resolve(UrlReference reference)
    {
        if (reference.Scheme is not null && (reference.Scheme != Scheme || reference.Authority is not null))
        {
            return reference;
        }

        if (reference.Authority is not null)
        {
            return reference with { Scheme = Scheme, Path = WithoutDotSegments(reference.Path) };
        }

        return reference.Path switch
        {
            "" => this with { Query = reference.Query ?? Query },
            ['/', ..] => this with { Path = WithoutDotSegments(reference.Path), Query = reference.Query },
            _ => this with { Path = WithoutDotSegments(Path[..(Path.LastIndexOf('/') + 1)] + reference.Path), Query = reference.Query },
        };
    }

    /// <summary>Removes <c>.</c> and <c>..</c> (RFC 3986, 5.2.4). Percent-encoded dots are data, and so are empty segments.</summary>
    private static string WithoutDotSegments(string path)
    {
        string[] segments = path.Split('/');
        if (!segments.Any(segment => segment is "." or ".."))
        {
            return path;
        }

        List<string> kept = [];
        for (int i = 1; i < segments.Length; i++)
        {
            if (segments[i] is not ("." or ".."))
            {
                kept.Add(segments[i]);
                continue;
            }

            if (segments[i] == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }

            if (i == segments.Length - 1)
            {
                kept.Add("");
            }
        }

        return new StringBuilder("/").AppendJoin('/', kept).ToString();
    }

    private static string? SchemeOf(string text)
    {
        int colon = text.AsSpan().IndexOfAny(':', '/');
        return colon > 0 && text[colon] == ':' && char.IsAsciiLetter(text[0]) && text.AsSpan(0, colon).IndexOfAnyExcept(s_schemeCharacters) < 0
            ? text[..colon].ToLowerInvariant()
            : null;
    }
}
