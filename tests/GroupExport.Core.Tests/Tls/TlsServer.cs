using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using GroupExport.Tests.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace GroupExport.Tests.Tls;

/// <summary>A request over TLS, and the thumbprint of the certificate that the client showed; null when it showed none.</summary>
internal sealed record TlsArrival(Arrival Request, string? ClientCertificate);

/// <summary>Kestrel on a free loopback port: it answers by a script and remembers what arrived.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly Func<Arrival, Answer> _script;
    private readonly List<TlsArrival> _arrivals = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly WebApplication _host;
    private int _handshakes;

    private TlsServer(X509Certificate2 certificate, Func<Arrival, Answer> script, TlsServerSetup setup)
    {
        _certificate = certificate;
        _script = script;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(new HttpsConnectionAdapterOptions
        {
            ServerCertificate = certificate,
            ServerCertificateChain = [.. setup.Intermediates],
            ClientCertificateMode = setup.ClientCertificates,
            OnAuthenticate = (_, tls) =>
            {
                Interlocked.Increment(ref _handshakes);
                tls.ServerCertificateContext = setup.Shown is null ? tls.ServerCertificateContext : SslStreamCertificateContext.Create(setup.Shown, null, offline: true);
            },
            ClientCertificateValidation = (_, _, _) => true,
        })));
        _host = builder.Build();
        _host.Run(AnswerAsync);
    }

    public Uri Root { get; private set; } = null!;

    /// <summary>How many connections were begun, successful or not.</summary>
    public int Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>What arrived so far, in order.</summary>
    public IReadOnlyList<TlsArrival> Arrivals
    {
        get
        {
            lock (_arrivals)
            {
                return [.. _arrivals];
            }
        }
    }

    /// <summary>The verbs and paths that arrived, in order.</summary>
    public IEnumerable<string> Calls => Arrivals.Select(arrival => $"{arrival.Request.Verb} {arrival.Request.Path}");

    /// <summary>Starts a server; the certificate becomes its own.</summary>
    public static async Task<TlsServer> StartAsync(X509Certificate2 certificate, Func<Arrival, Answer> script, TlsServerSetup? setup = null)
    {
        TlsServer server = new(certificate, script, setup ?? new TlsServerSetup());
        await server._host.StartAsync();
        server.Root = new Uri(server._host.Urls.Single() + "/");
        return server;
    }

    /// <summary>An absolute URL on this server.</summary>
    public string Url(string path) => new Uri(Root, path).AbsoluteUri;

    public IReadOnlyList<TlsArrival> To(string path) => [.. Arrivals.Where(arrival => arrival.Request.Path == path)];

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _host.DisposeAsync();
        _certificate.Dispose();
        _closing.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Arrival arrival = await ReadAsync(context.Request);
        Answer answer;
        lock (_arrivals)
        {
            _arrivals.Add(new TlsArrival(arrival, context.Connection.ClientCertificate?.Thumbprint));
            answer = _script(arrival);
        }

        if (answer.HangsUp)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        foreach ((string name, string value) in answer.Headers)
        {
            context.Response.Headers.Append(name, value);
        }

        if (answer.StallAt is { } sent)
        {
            await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, sent));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(answer.Body);
    }

    private static async Task<Arrival> ReadAsync(HttpRequest request)
    {
        using MemoryStream body = new();
        await request.Body.CopyToAsync(body);
        return new Arrival(
            request.Method,
            request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget,
            [.. request.Headers.SelectMany(header => header.Value, (header, value) => KeyValuePair.Create(header.Key, value!))],
            body.ToArray());
    }
}

/// <summary>What is out of the ordinary with a server.</summary>
internal sealed record TlsServerSetup
{
    public ClientCertificateMode ClientCertificates { get; init; } = ClientCertificateMode.AllowCertificate;

    /// <summary>A certificate that Kestrel itself would not start with.</summary>
    public X509Certificate2? Shown { get; init; }

    /// <summary>The authorities between the server's certificate and the root, which the server shows.</summary>
    public IReadOnlyList<X509Certificate2> Intermediates { get; init; } = [];
}
