namespace GroupExport.Sandbox;

/// <summary>A request as it arrived at the sandbox, for tests of scripts and clients. May hold patient references in <see cref="Body"/>.</summary>
public sealed record SandboxRequest
{
    /// <summary>When the request arrived, UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>The HTTP method, for example <c>POST</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The path as it arrived, not decoded.</summary>
    public required string Path { get; init; }

    /// <summary>The query as it arrived, not decoded and without the question mark; empty when there was none. Masked like <see cref="Body"/> at the token URL.</summary>
    public required string Query { get; init; }

    /// <summary>The headers; names compare without case. Of <c>Authorization</c> only the scheme is kept.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The body, read as UTF-8; empty when there was none. Of a token request only what is no secret, such as <c>grant_type</c> and <c>scope</c>.</summary>
    public required string Body { get; init; }

    /// <summary>The HTTP status of the answer; null as long as there is none. An answer that is cut off in its body has the status of its head.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Shows method and path, and nothing that could name a patient.</summary>
    /// <returns>For example <c>GET /fhir/metadata</c>.</returns>
    public override string ToString() => $"{Method} {Path}";
}
