using System.Net;
using GroupExport.Authorization;
using GroupExport.Http;

namespace GroupExport.Connections;

/// <summary>An open connection to one server. It can be shared by runspaces; it never shows or serializes a secret.</summary>
public sealed class GroupExportConnection : IDisposable
{
    private readonly ConnectionSettings _settings;
    private readonly HttpClient _http;
    private volatile bool _closed;

    internal GroupExportConnection(ConnectionSettings settings)
    {
        _settings = settings;
        Dictionary<string, string> ownHeaders = [];
        if (settings.Source?.Id is { } sourceId)
        {
            ownHeaders["redox-source-id"] = sourceId;
        }

        SocketsHttpHandler sockets = new()
        {
            AllowAutoRedirect = false,
            // A truncated gzip body decodes without an error; whoever reads a body decodes and checks it.
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            UseCookies = false,
        };
        OwnOriginHandler guarded = new(sockets, Origin.Of(settings.FhirBase), settings.Tokens, ownHeaders);
        _http = new HttpClient(new RedirectHandler(guarded)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The FHIR base URL: kick-offs go to <c>Group/{id}/$export</c> below it.</summary>
    public string Server => _settings.FhirBase.AbsoluteUri;

    /// <summary>The slug of the Redox destination; null for a plain FHIR server.</summary>
    public string? DestinationSlug => _settings.DestinationSlug;

    /// <summary>The Redox environment, such as <c>Development</c>; null for a plain FHIR server.</summary>
    public string? EnvironmentFlag => _settings.EnvironmentFlag;

    /// <summary>How requests are written: <c>Redox</c>, <c>FhirQuery</c>, <c>FhirParameters</c>, or <c>Fhir</c> when version and parameters decide.</summary>
    public string RequestStyle => _settings.Style?.ToString() ?? "Fhir";

    /// <summary>The major version of Bulk Data Access that requests are written for: 2, 3 or 4.</summary>
    public int SpecVersion => _settings.SpecVersion;

    /// <summary>How requests are authorized: <c>None</c> or <c>AccessToken</c>.</summary>
    public string Authorization => _settings.Tokens.Method;

    /// <summary>Whether the connection can be used; false after <c>Disconnect-GroupExport</c>.</summary>
    public bool IsOpen => !_closed;

    internal ConnectionSettings Settings => _settings;

    internal TimeProvider Clock => _settings.Clock;

    /// <summary>Names the server, and nothing secret.</summary>
    public override string ToString() => Server;

    /// <summary>Closes the connection; requests under way end with an error.</summary>
    public void Dispose()
    {
        _closed = true;
        _http.Dispose();
    }

    internal bool IsOwnOrigin(Uri uri) => Origin.Of(uri) == Origin.Of(_settings.FhirBase);

    /// <summary>Sends a request and returns as soon as the headers are there, within the connection's request timeout; the body is guarded against stalling.</summary>
    /// <exception cref="TimeoutException">No headers came in time.</exception>
    internal async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_closed)
        {
            throw new ExportException(ExportErrorKind.ConnectionClosed, "This connection was closed. Open a new one with Connect-GroupExport.") { Subject = this };
        }

        using CancellationTokenSource patience = new(_settings.RequestTimeout, _settings.Clock);
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);
            response.Content = new StallGuardContent(response.Content, _settings.StallTimeout, _settings.Clock);
            return response;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {_settings.RequestTimeout.TotalSeconds:0} s.");
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            // HttpClient says "canceled" for a connect timeout (with a TimeoutException inside) and for a connection that is closed under a request.
            throw fault.InnerException is TimeoutException
                ? new HttpRequestException(HttpRequestError.ConnectionError, "No connection within the connect timeout.", fault)
                : new HttpRequestException(HttpRequestError.Unknown, "The request was given up.", fault);
        }
        catch (ObjectDisposedException) when (_closed)
        {
            throw new ExportException(ExportErrorKind.ConnectionClosed, "This connection was closed while a request was under way.") { Subject = this };
        }
    }
}
