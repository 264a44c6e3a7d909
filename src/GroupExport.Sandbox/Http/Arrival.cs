using System.Net;

namespace GroupExport.Sandbox.Http;

/// <summary>A request that has arrived whole.</summary>
internal sealed record Arrival
{
    public required string Method { get; init; }

    /// <summary>Scheme and authority, without a slash at the end.</summary>
    public required string Origin { get; init; }

    public required string RawPath { get; init; }

    public required string RawQuery { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The path's segments, decoded, without the first slash.</summary>
    public IReadOnlyList<string> Segments => [.. RawPath.TrimStart('/').Split('/').Select(Uri.UnescapeDataString)];

    /// <summary>The URL as the client wrote it.</summary>
    public string Url => Origin + RawPath + (RawQuery.Length > 0 ? "?" + RawQuery : "");

    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>The media type of <c>Content-Type</c> in lower case, without parameters.</summary>
    public string? ContentType => Header("Content-Type")?.Split(';')[0].Trim().ToLowerInvariant();

    public static Arrival From(HttpListenerRequest request, string origin, ReadOnlyMemory<byte> body)
    {
        // An absolute-form request line is legal too (RFC 9112, 3.2.2).
        var raw = request.RawUrl ?? "/";
        if (!raw.StartsWith('/') && Uri.TryCreate(raw, UriKind.Absolute, out var absolute))
        {
            raw = absolute.PathAndQuery;
        }

        var question = raw.IndexOf('?', StringComparison.Ordinal);
        return new Arrival
        {
            Method = request.HttpMethod,
            Origin = origin,
            RawPath = question < 0 ? raw : raw[..question],
            RawQuery = question < 0 ? "" : raw[(question + 1)..],
            Headers = ReadHeaders(request),
            Body = body,
        };
    }

    private static Dictionary<string, string> ReadHeaders(HttpListenerRequest request)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in request.Headers.AllKeys)
        {
            if (name is not null)
            {
                headers[name] = request.Headers[name] ?? "";
            }
        }

        return headers;
    }
}
