namespace GroupExport.Http;

/// <summary>The ids under which a server's support desk finds a request.</summary>
internal sealed record RequestIds(string? Request, string? Correlation)
{
    private const int MaxChars = 200;

    private static readonly string[] s_requestHeaders = ["X-Request-Id", "Request-Id", "X-Amzn-RequestId"];
    private static readonly string[] s_correlationHeaders = ["X-Correlation-Id", "Correlation-Id"];

    public static RequestIds Of(HttpResponseMessage response) =>
        new(First(response, s_requestHeaders), First(response, s_correlationHeaders));

    private static string? First(HttpResponseMessage response, string[] names) =>
        names.Select(name => response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null)
            .OfType<string>().Select(value => ShownText.Of(value, static text => text, MaxChars)).FirstOrDefault();
}
