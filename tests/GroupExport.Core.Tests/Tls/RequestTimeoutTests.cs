using System.Net;
using System.Net.Sockets;
using GroupExport.Connections;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Tls;

/// <summary>A server that takes a request and never answers ends every kind of call after the same time.</summary>
public sealed class RequestTimeoutTests : IDisposable
{
    private readonly MadeAuthority _authority = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(FailedCalls.Discovery, ExportErrorKind.DiscoveryFailed)]
    [InlineData(FailedCalls.Token, ExportErrorKind.TokenEndpointUnreachable)]
    [InlineData(FailedCalls.KickOff, ExportErrorKind.KickOffUncertain)]
    [InlineData(FailedCalls.Status, null)]
    [InlineData(FailedCalls.Page, null)]
    [InlineData(FailedCalls.File, ExportErrorKind.FileFailed)]
    [InlineData(FailedCalls.Delete, ExportErrorKind.RemovalFailed)]
    public async Task No_answer_in_time_ends_the_call(string call, ExportErrorKind? kind)
    {
        await using TlsServer server = await StartAsync(_ => Late(TimeSpan.FromSeconds(8)));

        FailedCall failed = await FailedCalls.MakeAsync(call, Settings(server.Root) with { RequestTimeout = TimeSpan.FromSeconds(7.5) });

        Assert.Equal(kind, failed.Kind);
        Assert.Contains("no answer within 7.5 s", failed.Text, StringComparison.Ordinal);
        Assert.NotEmpty(server.Arrivals);
    }

    [Fact]
    public async Task Waiting_for_a_token_is_not_waiting_for_the_kick_off()
    {
        int asked = 0;
        await using TlsServer server = await StartAsync(arrival =>
        {
            if (arrival.Path != "/token" || asked++ > 0)
            {
                return TlsExport.Script(arrival);
            }

            return Late(TimeSpan.FromSeconds(101));
        });
        using GroupExportConnection connection = Settings(server.Root).Open();

        await Exports.KickOffAsync(connection, TlsExport.Request);

        Assert.Equal(["POST /token", "POST /token", "GET /r4/Group/g/$export"], server.Calls.Skip(1));
    }

    [Theory]
    [InlineData(FailedCalls.Discovery, ExportErrorKind.DiscoveryFailed)]
    [InlineData(FailedCalls.Token, ExportErrorKind.TokenEndpointUnreachable)]
    public async Task An_answer_that_stalls_ends_the_call_too(string call, ExportErrorKind kind)
    {
        await using TlsServer server = await StartAsync(_ => Answer.Json("""{"access_token":""") with { StallAt = 10 });

        FailedCall failed = await FailedCalls.MakeAsync(call, Settings(server.Root) with { StallTimeout = TimeSpan.FromMilliseconds(300), Clock = TimeProvider.System });

        Assert.Equal(kind, failed.Kind);
        Assert.Contains("no byte came", failed.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FailedCalls.Discovery, ExportErrorKind.DiscoveryFailed)]
    [InlineData(FailedCalls.Token, ExportErrorKind.TokenEndpointUnreachable)]
    [InlineData(FailedCalls.KickOff, ExportErrorKind.ServerUnreachable)]
    [InlineData(FailedCalls.Status, null)]
    [InlineData(FailedCalls.Delete, ExportErrorKind.RemovalFailed)]
    public async Task A_connection_that_TLS_never_completes_was_never_made(string call, ExportErrorKind? kind)
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();

        // The clock stands still: what ends this is the part of the time that is for connecting, and that is real.
        ConnectionSettings settings = Settings(new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/"));
        FailedCall failed = await FailedCalls.MakeAsync(call, settings with
        {
            RequestTimeout = TimeSpan.FromMilliseconds(600),
            Transport = settings.Transport with { ConnectTimeout = TimeSpan.FromHours(1) },
        });

        Assert.Equal(kind, failed.Kind);
        Assert.Contains("cannot be reached", failed.Text, StringComparison.Ordinal);
    }

    /// <summary>The request has arrived, so its time is being counted.</summary>
    private Answer Late(TimeSpan time)
    {
        _clock.Advance(time);
        return Answer.HangUp;
    }

    private Task<TlsServer> StartAsync(Func<Arrival, Answer> script) => TlsServer.StartAsync(_authority.ForServer("127.0.0.1"), script);

    private ConnectionSettings Settings(Uri root) => TlsExport.Settings(root, _authority) with { Clock = _clock };
}
