namespace GroupExport.Http;

/// <summary>Where an access token may go with a request.</summary>
internal enum TokenRule
{
    /// <summary>Nowhere, and nothing else that tells who the client is.</summary>
    Never,

    /// <summary>Nowhere; but the connection's own origin, which may let nobody in without it, is shown the client certificate.</summary>
    CertificateOnly,

    /// <summary>To the connection's own origin only.</summary>
    OwnOrigin,

    /// <summary>To the connection's own origin and to those the user named as trusted.</summary>
    TrustedOrigins,
}

/// <summary>The rules that travel with a request through the handlers.</summary>
internal static class RequestRules
{
    private static readonly HttpRequestOptionsKey<TokenRule> s_token = new("GroupExport.Token");
    private static readonly HttpRequestOptionsKey<TimeSpan> s_stall = new("GroupExport.Stall");
    private static readonly HttpRequestOptionsKey<bool> s_redirects = new("GroupExport.Redirects");
    private static readonly HttpRequestOptionsKey<bool> s_streams = new("GroupExport.Streams");

    public static HttpRequestMessage WithToken(this HttpRequestMessage request, TokenRule rule)
    {
        request.Options.Set(s_token, rule);
        return request;
    }

    public static HttpRequestMessage FollowingRedirects(this HttpRequestMessage request)
    {
        request.Options.Set(s_redirects, true);
        return request;
    }

    /// <summary>The token rule; a request that says nothing gets no token.</summary>
    public static TokenRule TokenRule(this HttpRequestMessage request) =>
        request.Options.TryGetValue(s_token, out TokenRule rule) ? rule : Http.TokenRule.Never;

    public static bool FollowsRedirects(this HttpRequestMessage request) =>
        request.Options.TryGetValue(s_redirects, out bool follows) && follows;

    /// <summary>Says that the body of a good answer is an export file, which may take as long as it keeps coming; every other body has the request timeout.</summary>
    public static HttpRequestMessage StreamingFile(this HttpRequestMessage request, bool streams = true)
    {
        request.Options.Set(s_streams, streams);
        return request;
    }

    /// <summary>Determines whether the body of a good answer is an export file.</summary>
    public static bool StreamsFile(this HttpRequestMessage request) => request.Options.TryGetValue(s_streams, out bool streams) && streams;

    /// <summary>Sets the time its body may go without a byte; null leaves the connection's.</summary>
    public static HttpRequestMessage WithStallTimeout(this HttpRequestMessage request, TimeSpan? stallTimeout)
    {
        if (stallTimeout is { } limit)
        {
            request.Options.Set(s_stall, limit);
        }

        return request;
    }

    public static TimeSpan? StallTimeout(this HttpRequestMessage request) =>
        request.Options.TryGetValue(s_stall, out TimeSpan limit) ? limit : null;
}
