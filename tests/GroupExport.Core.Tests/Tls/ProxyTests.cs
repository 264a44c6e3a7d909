using System.Net;
using System.Net.Sockets;
using System.Text;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Tls;

/// <summary>Every kind of call goes through the proxy: the hosts of these tests have names that nobody but the proxy knows.</summary>
public sealed class ProxyTests : IDisposable
{
    private const string Fhir = "fhir.example.test";
    private const string Tokens = "auth.example.test";
    private const string Storage = "files.example.test";

    private readonly MadeAuthority _authority = new();

    public static TheoryData<string, ExportErrorKind?> Calls => new()
    {
        { FailedCalls.Discovery, ExportErrorKind.DiscoveryFailed },
        { FailedCalls.Token, ExportErrorKind.TokenEndpointUnreachable },
        { FailedCalls.KickOff, ExportErrorKind.ServerUnreachable },
        { FailedCalls.Status, null },
        { FailedCalls.Delete, ExportErrorKind.RemovalFailed },
    };

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Every_kind_of_call_goes_through_it()
    {
        await using TlsServer server = await StartAsync();
        await using ConnectProxy proxy = new(_ => server.Root);

        SavedFile file = await TlsExport.WholeAsync(Settings(proxy.Root));

        Assert.Equal("Saved", file.State);
        Assert.Equal(TlsExport.Calls, server.Calls);
        Assert.All(proxy.Calls, call => Assert.Equal("CONNECT", call.Verb));
        Assert.Equal([$"{Tokens}:443", $"{Fhir}:443", $"{Storage}:443"], proxy.Calls.Select(call => call.Target).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Its_credential_is_shown_to_it_and_to_nobody_else()
    {
        await using TlsServer server = await StartAsync();
        await using ConnectProxy proxy = new(_ => server.Root, "clerk:p4ss");

        SavedFile file = await TlsExport.WholeAsync(Settings(proxy.Root, new NetworkCredential("clerk", "p4ss")));

        Assert.Equal("Saved", file.State);
        Assert.Equal(TlsExport.Calls, server.Calls);
        string shown = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("clerk:p4ss"));
        Assert.Contains(proxy.Calls, call => call.Authorization == shown);
        Assert.All(server.Arrivals, arrival => Assert.DoesNotContain(arrival.Request.Headers, header => header.Value == shown || header.Key.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task What_is_meant_for_the_servers_is_not_shown_to_it()
    {
        await using TlsServer server = await StartAsync();
        await using ConnectProxy proxy = new(_ => server.Root, "clerk:p4ss");

        await FailedCalls.MakeAsync(FailedCalls.KickOff, Settings(proxy.Root));

        Assert.All(proxy.Calls, call => Assert.Null(call.Authorization));
        Assert.NotEmpty(proxy.Calls);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_proxy_that_wants_a_credential_and_gets_none_is_named(string call, ExportErrorKind? kind) =>
        await RefusedAsync(call, kind, credential: null);

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_proxy_that_does_not_take_the_credential_is_named(string call, ExportErrorKind? kind)
    {
        FailedCall failed = await RefusedAsync(call, kind, new NetworkCredential("clerk", "wr0ng"));

        Assert.DoesNotContain("wr0ng", failed.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_proxy_that_is_not_there_is_named(string call, ExportErrorKind? kind)
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        FailedCall failed = await FailedCalls.MakeAsync(call, Settings(new Uri($"http://127.0.0.1:{port}/")));

        Assert.Equal(kind, failed.Kind);
        Assert.Contains("the proxy", failed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_on_a_host_that_the_proxy_forbids_fails_alone()
    {
        await using TlsServer server = await StartAsync();
        await using ConnectProxy proxy = new(host => host == Storage ? null : server.Root);
        using GroupExportConnection connection = Settings(proxy.Root).WithToken().Open();

        Reports reports = await TlsExport.SaveAsync(connection, Exports.JobAt($"https://{Fhir}/status/1"));

        ExportException failure = reports.Failure();
        Assert.Equal(ExportErrorKind.FileFailed, failure.Kind);
        Assert.Contains("the proxy opens no way to it", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["GET /status/1", "GET /page/2"], server.Calls);
    }

    private async Task<FailedCall> RefusedAsync(string call, ExportErrorKind? kind, NetworkCredential? credential)
    {
        await using TlsServer server = await StartAsync();
        await using ConnectProxy proxy = new(_ => server.Root, "clerk:p4ss");

        FailedCall failed = await FailedCalls.MakeAsync(call, Settings(proxy.Root, credential));

        Assert.Equal(kind, failed.Kind);
        Assert.Contains("the proxy opens no way to it; check -Proxy and -ProxyCredential", failed.Text, StringComparison.Ordinal);
        Assert.Empty(server.Arrivals);
        return failed;
    }

    private Task<TlsServer> StartAsync() => TlsServer.StartAsync(
        _authority.ForServer(Fhir, Tokens, Storage),
        arrival => TlsExport.Script(arrival, $"https://{Tokens}/token", $"https://{Storage}/file", "null"));

    private ConnectionSettings Settings(Uri proxy, NetworkCredential? credential = null)
    {
        ConnectionSettings settings = TlsExport.Settings(new Uri($"https://{Fhir}/"), _authority);
        return settings with { Transport = settings.Transport with { Proxy = proxy, ProxyCredential = credential } };
    }
}
