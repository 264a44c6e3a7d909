using System.Net;

namespace GroupExport.Http;

/// <summary>Specifies how far a failed request may be the fault of its origin, and not of the one URL.</summary>
internal enum OriginFault
{
    /// <summary>It is the URL's: the answer began, or its status code is about this URL.</summary>
    None,

    /// <summary>No connection, or no token: it cannot be this URL's.</summary>
    Unreachable,

    /// <summary>No response headers: the connection was reset, or the time was over.</summary>
    NoAnswer,

    /// <summary>429: the client has used up its quota.</summary>
    Throttled,

    /// <summary>503: the server is busy, or restarts.</summary>
    Unavailable,

    /// <summary>502 or 504: something on the way has no answer of the server. The origin's only if other URLs fail too.</summary>
    Gateway,
}

/// <summary>Classifies failed requests.</summary>
internal static class OriginFaults
{
    /// <summary>Determines whether a status code may be about the origin as a whole.</summary>
    public static bool MayBeOf(HttpStatusCode status) => status is
        HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout;

    /// <summary>Returns what the failure of a request says of the origin, up to the headers of its answer.</summary>
    /// <param name="fault">The failure of a request.</param>
    /// <param name="isKnown">Whether the origin has answered before. A name that cannot be resolved or a proxy without a way there is likelier a mistake otherwise, and is not waited for.</param>
    public static OriginFault Of(Exception fault, bool isKnown) => fault switch
    {
        _ when !TransientFault.MayPass(fault) => OriginFault.None,
        ExportException => OriginFault.Unreachable,
        TransientFailure { Answer.StatusCode: 429 } => OriginFault.Throttled,
        TransientFailure { Answer.StatusCode: 503 } => OriginFault.Unavailable,
        TransientFailure { Answer.StatusCode: 502 or 504 } => OriginFault.Gateway,
        TransientFailure => OriginFault.None,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => OriginFault.Unreachable,
        HttpRequestException unsent when TransientFault.NeverSent(unsent) => isKnown ? OriginFault.Unreachable : OriginFault.None,
        _ => OriginFault.NoAnswer,
    };
}
