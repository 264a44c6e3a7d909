using GroupExport.Authorization;
using GroupExport.Http;

namespace GroupExport.Connections;

/// <summary>What a connection is opened with.</summary>
internal sealed record ConnectionSettings
{
    /// <summary>The FHIR base, ending in a slash: kick-offs go below it.</summary>
    public required Uri FhirBase { get; init; }

    public string? DestinationSlug { get; init; }

    public string? EnvironmentFlag { get; init; }

    /// <summary>Null on a FHIR base means: by version and parameters (<see cref="SpecVersion"/>).</summary>
    public RequestStyle? Style { get; init; }

    /// <summary>The major version of Bulk Data Access that the server speaks: 2, 3 or 4; null means what its CapabilityStatement says.</summary>
    public int? SpecVersion { get; init; }

    /// <summary>The name of the export operation in the URL, without <c>$</c>.</summary>
    public string ExportOperation { get; init; } = GroupExportOperation.Export;

    /// <summary>Whether the server has to be asked how it wants its requests: a FHIR base whose version is open, or is 4, where the operation may have a name of its own.</summary>
    public bool AsksForVersion => DestinationSlug is null && Style is null or RequestStyle.FhirParameters && SpecVersion is null or 4;

    public RedoxParty? Source { get; init; }

    public IReadOnlyList<RedoxParty> Destinations { get; init; } = [];

    /// <summary>A token that was obtained elsewhere, or none; not used when <see cref="TokenSettings"/> are given.</summary>
    public IAccessTokens Tokens { get; init; } = new NoToken();

    /// <summary>What tokens are asked for with; null when they are not asked for.</summary>
    public TokenSettings? TokenSettings { get; init; }

    /// <summary>Origins beside the server's own that may have the token.</summary>
    public IReadOnlyList<Uri> TrustedOrigins { get; init; } = [];

    /// <summary>Headers that go with every request to a trusted origin.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The full path of the audit log of what is done over the connection; null when there is none.</summary>
    public string? LogPath { get; init; }

    public TransportSettings Transport { get; init; } = new();

    public TransientRetry TokenRetry { get; init; } = TransientRetry.Default;

    /// <summary>The time a server has to answer with its headers.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>The time a body may go without a byte.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Redox's servers, by region (public API reference).</summary>
    public static Uri RedoxServer(RedoxRegion region) => region switch
    {
        RedoxRegion.Canada => new Uri("https://api.ca.redoxengine.com/"),
        _ => new Uri("https://api.redoxengine.com/"),
    };

    /// <summary>The FHIR base of one Redox destination: <c>/fhir/R4/{slug}/{flag}/</c>.</summary>
    public static Uri RedoxBase(Uri server, string destinationSlug, string environmentFlag) =>
        new(WithSlash(server), $"fhir/R4/{Uri.EscapeDataString(destinationSlug)}/{Uri.EscapeDataString(environmentFlag)}/");

    /// <summary>Checks a server address and gives it its closing slash.</summary>
    /// <exception cref="ExportException">It is relative, carries a query, or is plain http outside loopback.</exception>
    public static Uri CheckedServer(Uri server)
    {
        if (!server.IsAbsoluteUri || server.Scheme is not ("https" or "http"))
        {
            throw Invalid($"'{ShownUri.Of(server)}' is not an absolute URL. Write it whole, such as https://fhir.example.org/r4.", server);
        }

        if (!Origin.IsSafe(server))
        {
            throw Invalid($"{ShownUri.Of(server)} is plain http, which is for loopback only. Use https.", server);
        }

        if (server.Query.Length > 0 || server.Fragment.Length > 0 || server.UserInfo.Length > 0)
        {
            throw Invalid($"{ShownUri.Of(server)} carries user info, a query or a fragment; give the bare base URL.", server);
        }

        return WithSlash(server);
    }

    private static ExportException Invalid(string message, Uri server) =>
        new(ExportErrorKind.InvalidServerUri, message) { Subject = ShownUri.Of(server) };

    private static Uri WithSlash(Uri uri) =>
        uri.AbsoluteUri.EndsWith('/') ? uri : new Uri(uri.AbsoluteUri + "/");
}
