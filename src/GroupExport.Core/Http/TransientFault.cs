namespace GroupExport.Http;

/// <summary>Faults after which asking again is right: the network's, and the status codes that say "later".</summary>
internal static class TransientFault
{
    public static bool IsTransient(Exception fault) => fault is HttpRequestException or TimeoutException or IOException or TransientFailure or ExportException { MayPass: true };

    /// <summary>Whether the fault is one that may be gone when asked again at once: a certificate does not get better in a minute.</summary>
    public static bool MayPass(Exception fault) => IsTransient(fault) && fault.InnerException is not CertificateRefusal && !IsTooManyHeaders(fault);

    /// <summary>Determines whether the headers of the answer were beyond what is read: it came, and the next one is no smaller.</summary>
    public static bool IsTooManyHeaders(Exception fault) => fault is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded };

    /// <summary>408, 429, 500, 502, 503, 504.</summary>
    public static bool IsTransient(int statusCode) => statusCode is 408 or 429 or 500 or 502 or 503 or 504;

    /// <summary>Whether the request certainly never reached the server: name not found, connection refused, TLS failed.</summary>
    public static bool NeverSent(HttpRequestException fault) => fault.HttpRequestError is
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or
        HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    /// <summary>The fault in words that carry no URL.</summary>
    public static string Describe(Exception fault) => fault switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "its name or that of the proxy cannot be resolved",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "it, or the proxy on the way, refuses connections or cannot be reached",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy opens no way to it; check -Proxy and -ProxyCredential",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => $"the headers of its answer are larger than {Transport.MaxHeaderKilobytes} kB",
        HttpRequestException { InnerException: CertificateRefusal refusal } => refusal.Message,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no TLS connection can be made (certificate or protocol)",
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection was cut before the answer was complete",
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection was cut before the answer was complete",
        TransientFailure later => later.Answer.ToString(),
        TimeoutException timeout => timeout.Message,
        ExportException passing => passing.Message,
        BodyFault fragment => fragment.Message,
        _ => "the connection failed",
    };
}
