using System.Collections.Concurrent;
using System.Net;
using System.Text;
using GroupExport.Authorization;
using GroupExport.Fhir;
using GroupExport.Http;

namespace GroupExport.Connections;

/// <summary>An open connection to one server. It can be shared by runspaces; it never shows or serializes a secret.</summary>
public sealed class GroupExportConnection : IDisposable
{
    private readonly VersionInquiry? _inquiry;
    private readonly HttpClient _http;
    private readonly HttpClient _tokenHttp;
    private readonly IAccessTokens _tokens;
    private readonly TrustedOrigins _origins;
    private readonly HiddenValues _hidden;
    private readonly AffinityCookies _cookies;
    private readonly ConcurrentQueue<string> _cautions = new();
    private volatile ConnectionSettings _settings;
    private int _saidPlain;
    private volatile bool _closed;

    internal GroupExportConnection(ConnectionSettings settings)
    {
        _settings = settings;
        _inquiry = settings.AsksForVersion ? new VersionInquiry(this) : null;
        _origins = new TrustedOrigins(Origin.Of(settings.FhirBase), settings.TrustedOrigins.Select(Origin.Of));
        _hidden = new HiddenValues([.. settings.Headers.Values, .. settings.TokenSettings?.Client.Secrets ?? [], .. ProxySecrets(settings.Transport.ProxyCredential)]);
        _cookies = new AffinityCookies(settings.Clock);
        Pacing = new OriginPacing(settings.Clock);
        HttpMessageInvoker strangers = Route(settings, withClientCertificate: false);
        HttpMessageInvoker trusted = settings.Transport.ClientCertificate is null ? strangers : Route(settings, withClientCertificate: true);
        _tokenHttp = new HttpClient(new TokenRoute(trusted, strangers, _origins, settings.TokenSettings?.TokenUri, settings.Headers)) { Timeout = Timeout.InfiniteTimeSpan };
        _tokens = settings.TokenSettings is { } asked ? Manager(asked) : settings.Tokens;
        _http = new HttpClient(new RedirectHandler(new TrustHandler(trusted, strangers, _origins, _tokens, _hidden, _cookies, OwnHeaders(settings)))) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The FHIR base URL: kick-offs go to <c>Group/{id}/$export</c> below it.</summary>
    public string Server => _settings.FhirBase.AbsoluteUri;

    /// <summary>The slug of the Redox destination; null for a plain FHIR server.</summary>
    public string? DestinationSlug => _settings.DestinationSlug;

    /// <summary>The Redox environment, such as <c>Development</c>; null for a plain FHIR server.</summary>
    public string? EnvironmentFlag => _settings.EnvironmentFlag;

    /// <summary>How requests are written: <c>Redox</c>, <c>FhirQuery</c>, <c>FhirParameters</c>, or <c>Fhir</c> when version and parameters decide.</summary>
    public string RequestStyle => _settings.Style?.ToString() ?? "Fhir";

    /// <summary>The major version of Bulk Data Access that requests are written for: 2, 3 or 4; null until a FHIR server has been asked at the first kick-off.</summary>
    public int? SpecVersion => _settings.SpecVersion ?? (_inquiry is null ? SpokenVersion.Default : null);

    /// <summary>How requests are authorized: <c>None</c>, <c>AccessToken</c>, <c>PrivateKeyJwt</c> or <c>ClientSecret</c>.</summary>
    public string Authorization => _tokens.Method;

    /// <summary>The client id that tokens are asked for with; null when they are not asked for.</summary>
    public string? ClientId => _settings.TokenSettings?.Client.ClientId;

    /// <summary>The thumbprint of the key that signs token requests (RFC 7638); null where there is none.</summary>
    public string? KeyThumbprint => _settings.TokenSettings?.Client.KeyThumbprint;

    /// <summary>The audit log of what is done over this connection, where a cmdlet names no other; null when there is none.</summary>
    public string? LogPath => _settings.LogPath;

    /// <summary>Whether the connection can be used; false after <c>Disconnect-GroupExport</c>.</summary>
    public bool IsOpen => !_closed;

    /// <summary>What the connection was opened with, and what its server said since of the version it speaks.</summary>
    internal ConnectionSettings Settings => _settings;

    internal TimeProvider Clock => _settings.Clock;

    /// <summary>Gets the jobs that the server has shown over this connection.</summary>
    internal ShownJobs ShownJobs { get; } = new();

    /// <summary>What the server says it runs; nothing is asked for it.</summary>
    internal ServerSoftware Software => _inquiry?.Software ?? ServerSoftware.Unknown;

    /// <summary>The search parameters that the server lists; nothing is asked for them.</summary>
    internal ServerSearches Searches => _inquiry?.Searches ?? ServerSearches.Unknown;

    /// <summary>Names the server, and nothing secret.</summary>
    public override string ToString() => Server;

    /// <summary>Closes the connection; requests under way end with an error.</summary>
    public void Dispose()
    {
        _closed = true;
        _http.Dispose();
        _tokenHttp.Dispose();
    }

    internal IAccessTokens Tokens => _tokens;

    /// <summary>How the origins of its requests are doing.</summary>
    internal OriginPacing Pacing { get; }

    internal bool IsOwnOrigin(Uri uri) => _origins.IsOwn(uri);

    internal bool HasTokens => _tokens is not NoToken;

    internal bool IsTrustedOrigin(Uri uri) => _origins.IsTrusted(uri);

    /// <summary>A server's words without Patient references and without what this connection sends in confidence.</summary>
    internal string Mask(string words) => PatientReference.Mask(_cookies.Hidden.Mask(_hidden.Mask(words)));

    /// <summary>What somebody should look at since this was last asked.</summary>
    internal IEnumerable<string> TakeCautions()
    {
        while (_cautions.TryDequeue(out string? caution))
        {
            yield return caution;
        }
    }

    /// <summary>A URL as the server gave it, but https where it is plain http on the connection's own host, which is worth a remark once.</summary>
    internal ServerUrl Meant(ServerUrl url)
    {
        if (Origin.Of(_settings.FhirBase).Meant(url) is not { } meant)
        {
            return url;
        }

        if (Interlocked.Exchange(ref _saidPlain, 1) == 0)
        {
            _cautions.Enqueue($"The server names plain http URLs of its own host ({url}); they are read as https. Ask its operator to tell the server the address it is reached at.");
        }

        return meant;
    }

    /// <summary>Looks up how the server is authorized, below the FHIR base.</summary>
    /// <exception cref="ExportException">It does not say.</exception>
    internal Task<SmartConfiguration> DiscoverAsync(CancellationToken cancellationToken) =>
        SmartConfiguration.DiscoverAsync(_tokenHttp, _settings.FhirBase, cancellationToken);

    /// <summary>Whether the server has still to be asked which version it speaks.</summary>
    internal bool IsVersionOpen => _inquiry is not null && _settings.SpecVersion is null;

    /// <summary>Asks the server which version it speaks, where that is open; requests that are written afterwards are written for it.</summary>
    /// <returns>Why requests are written as they are; null where there was nothing to ask, or nobody to answer.</returns>
    internal async Task<string?> LearnVersionAsync(CancellationToken cancellationToken)
    {
        if (_inquiry is null || await _inquiry.AskAsync(cancellationToken).ConfigureAwait(false) is not { } spoken)
        {
            return null;
        }

        _settings = _settings with { SpecVersion = spoken.SpecVersion, ExportOperation = spoken.Operation };
        return spoken.Reason;
    }

    /// <summary>Sends a request and returns as soon as the headers are there, within the connection's request timeout; the body is guarded against stalling.</summary>
    /// <exception cref="TimeoutException">No headers came in time.</exception>
    internal async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_closed)
        {
            throw new ExportException(ExportErrorKind.ConnectionClosed, "This connection was closed. Open a new one with Connect-GroupExport.") { Subject = this };
        }

        try
        {
            HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            Pacing.Of(request.RequestUri!).Seen();
            return response;
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            // HttpClient says "canceled" for a connection that is closed under a request.
            throw new HttpRequestException(HttpRequestError.Unknown, "The request was given up.", fault);
        }
        catch (ObjectDisposedException) when (_closed)
        {
            throw new ExportException(ExportErrorKind.ConnectionClosed, "This connection was closed while a request was under way.") { Subject = this };
        }
    }

    private static string[] ProxySecrets(NetworkCredential? proxy) =>
        proxy is null ? [] : [proxy.Password, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{proxy.UserName}:{proxy.Password}"))];

    private static Dictionary<string, string> OwnHeaders(ConnectionSettings settings)
    {
        Dictionary<string, string> headers = new(settings.Headers, StringComparer.OrdinalIgnoreCase);
        if (settings.Source?.Id is { } sourceId)
        {
            headers["redox-source-id"] = sourceId;
        }

        return headers;
    }

    /// <summary>Half of the request's time, at the most, is for connecting: what never got through must not look as if it might have arrived.</summary>
    private static HttpMessageInvoker Route(ConnectionSettings settings, bool withClientCertificate)
    {
        TimeSpan half = TimeSpan.FromMilliseconds(Math.Max(1, settings.RequestTimeout.TotalMilliseconds / 2));
        TransportSettings transport = settings.Transport.ConnectTimeout <= half ? settings.Transport : settings.Transport with { ConnectTimeout = half };
        return new(new TimeLimitHandler(Transport.Open(transport, withClientCertificate), settings.RequestTimeout, settings.StallTimeout, settings.Clock));
    }

    private TokenManager Manager(TokenSettings asked)
    {
        TokenEndpoint endpoint = new(_tokenHttp, asked, _settings.TokenRetry, _settings.Clock, Mask, _cautions.Enqueue);
        return new TokenManager(asked.Client.Method, endpoint.RequestAsync, _settings.Clock, _cautions.Enqueue);
    }
}
