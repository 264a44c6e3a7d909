using System.Security.Cryptography.X509Certificates;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace GroupExport.Tests.Tls;

/// <summary>Who is shown the client certificate, and with it the connection's own headers: whom the user trusts, and nobody else.</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private readonly MadeAuthority _authority = new();
    private readonly X509Certificate2 _client;

    public ClientCertificateTests() => _client = _authority.ForClient();

    public void Dispose()
    {
        _client.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task The_own_origin_is_shown_it_in_every_kind_of_call()
    {
        await using TlsServer server = await StartAsync(TlsExport.Script, ClientCertificateMode.RequireCertificate);

        await TlsExport.WholeAsync(Settings(server));

        Assert.Equal(TlsExport.Calls, server.Calls);
        Assert.All(server.Arrivals, AssertKnown);
    }

    [Theory]
    [InlineData(FailedCalls.Discovery)]
    [InlineData(FailedCalls.Token)]
    [InlineData(FailedCalls.KickOff)]
    public async Task A_server_that_demands_one_and_gets_none_hears_nothing(string call)
    {
        await using TlsServer server = await StartAsync(TlsExport.Script, ClientCertificateMode.RequireCertificate);

        FailedCall failed = await FailedCalls.MakeAsync(call, TlsExport.Settings(server.Root, _authority));

        Assert.NotNull(failed.Kind);
        Assert.Empty(server.Arrivals);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("null", true)]
    [InlineData("false", false)]
    public async Task A_file_of_the_own_origin_needs_it_even_where_it_needs_no_token(string requiresAccessToken, bool token)
    {
        await using TlsServer server = await StartAsync(arrival => TlsExport.Script(arrival, "/token", "/file", requiresAccessToken), ClientCertificateMode.RequireCertificate);

        await TlsExport.WholeAsync(Settings(server));

        TlsArrival file = Assert.Single(server.To("/file"));
        Assert.Equal(_client.Thumbprint, file.ClientCertificate);
        Assert.Equal(token ? ("Bearer t0ken", "v3ndor") : (null, null), (file.Request.Header("Authorization"), file.Request.Header("X-Vendor-Key")));
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("null", false)]
    [InlineData("false", true)]
    [InlineData("null", true)]
    public async Task A_file_of_another_origin_is_fetched_without_it(string requiresAccessToken, bool named)
    {
        await using TlsServer files = await StartAsync(TlsExport.Script);
        await using TlsServer server = await StartAsync(arrival => TlsExport.Script(arrival, "/token", files.Url("file"), requiresAccessToken));

        await TlsExport.WholeAsync(Settings(server) with { TrustedOrigins = named ? [files.Root] : [] });

        AssertStranger(Assert.Single(files.Arrivals));
    }

    [Fact]
    public async Task A_file_of_a_trusted_origin_that_needs_the_token_is_fetched_with_it()
    {
        await using TlsServer files = await StartAsync(TlsExport.Script, ClientCertificateMode.RequireCertificate);
        await using TlsServer server = await StartAsync(arrival => TlsExport.Script(arrival, "/token", files.Url("file"), "true"));

        await TlsExport.WholeAsync(Settings(server) with { TrustedOrigins = [files.Root] });

        TlsArrival file = Assert.Single(files.Arrivals);
        AssertKnown(file);
        Assert.Equal("Bearer t0ken", file.Request.Header("Authorization"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("false")]
    public async Task A_redirect_to_another_origin_drops_it_and_the_way_back_does_not_bring_it_again(string requiresAccessToken)
    {
        TlsServer? server = null;
        await using TlsServer storage = await StartAsync(arrival => arrival.Path == "/there" ? Answer.Redirect(307, server!.Url("back")) : Answer.Plain(404));
        await using (server = await StartAsync(arrival => arrival.Path switch
        {
            "/file" => Answer.Redirect(307, storage.Url("there")),
            "/back" => Answer.Ndjson("{\"resourceType\":\"Patient\"}\n"),
            _ => TlsExport.Script(arrival, "/token", "/file", requiresAccessToken),
        }))
        {
            await TlsExport.WholeAsync(Settings(server));

            Assert.Equal(_client.Thumbprint, Assert.Single(server.To("/file")).ClientCertificate);
            AssertStranger(Assert.Single(storage.Arrivals));
            AssertStranger(Assert.Single(server.To("/back")));
        }
    }

    [Fact]
    public async Task A_status_URL_of_another_origin_is_asked_and_deleted_without_it()
    {
        await using TlsServer other = await StartAsync(arrival => arrival.Verb == "DELETE" ? Answer.Plain(202) : Answer.Running());
        await using TlsServer server = await StartAsync(TlsExport.Script);
        using GroupExportConnection connection = Settings(server).Open();
        ExportJob job = Exports.JobAt(other.Url("status/1"));

        await new StatusRequest(connection, job, TimeSpan.FromHours(1), TlsExport.Retry).SendAsync(_ => { }, CancellationToken.None);
        await new JobRemoval(connection, job, _ => { }).RunAsync(CancellationToken.None);

        Assert.Equal(["GET /status/1", "DELETE /status/1"], other.Calls);
        Assert.All(other.Arrivals, AssertStranger);
    }

    [Fact]
    public async Task A_token_URL_that_the_user_named_is_shown_it_wherever_it_is_but_not_the_headers()
    {
        await using TlsServer tokens = await StartAsync(TlsExport.Script, ClientCertificateMode.RequireCertificate);
        await using TlsServer server = await StartAsync(TlsExport.Script);

        await TlsExport.WholeAsync(Settings(server).WithTokenUri(tokens.Url("token")));

        TlsArrival request = Assert.Single(tokens.Arrivals);
        Assert.Equal((_client.Thumbprint, null), (request.ClientCertificate, request.Request.Header("X-Vendor-Key")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_URL_of_another_origin_that_only_the_server_named_is_shown_it_when_that_origin_is_trusted(bool named)
    {
        await using TlsServer tokens = await StartAsync(TlsExport.Script);
        await using TlsServer server = await StartAsync(arrival => TlsExport.Script(arrival, tokens.Url("token"), "/file", "null"));

        await TlsExport.WholeAsync(Settings(server) with { TrustedOrigins = named ? [tokens.Root] : [] });

        TlsArrival request = Assert.Single(tokens.Arrivals);
        Assert.StartsWith("Basic ", request.Request.Header("Authorization"), StringComparison.Ordinal);
        Assert.Equal(
            named ? (_client.Thumbprint, "v3ndor") : (null, null),
            (request.ClientCertificate, request.Request.Header("X-Vendor-Key")));
        AssertKnown(server.Arrivals[0]);
    }

    private Task<TlsServer> StartAsync(Func<Arrival, Answer> script, ClientCertificateMode mode = ClientCertificateMode.AllowCertificate) =>
        TlsServer.StartAsync(_authority.ForServer("127.0.0.1"), script, new TlsServerSetup { ClientCertificates = mode });

    private ConnectionSettings Settings(TlsServer server)
    {
        ConnectionSettings settings = TlsExport.Settings(server.Root, _authority);
        return settings with { Transport = settings.Transport with { ClientCertificate = _client } };
    }

    private void AssertKnown(TlsArrival arrival) =>
        Assert.Equal((_client.Thumbprint, "v3ndor"), (arrival.ClientCertificate, arrival.Request.Header("X-Vendor-Key")));

    private static void AssertStranger(TlsArrival arrival) => Assert.Equal(
        (null, null, null),
        (arrival.ClientCertificate, arrival.Request.Header("X-Vendor-Key"), arrival.Request.Header("Authorization")));
}
