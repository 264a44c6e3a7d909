using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GroupExport.Files;
using GroupExport.Http;

namespace GroupExport.Tests.Tls;

/// <summary>An authority that the user gave is trusted for every kind of call, and for no more than it signed.</summary>
public sealed class CertificateAuthorityTests : IDisposable
{
    private readonly MadeAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task With_the_authority_every_kind_of_call_succeeds()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.ForServer("127.0.0.1"), TlsExport.Script);

        SavedFile file = await TlsExport.WholeAsync(TlsExport.Settings(server.Root, _authority));

        Assert.Equal("Saved", file.State);
        Assert.Equal(TlsExport.Calls, server.Calls);
    }

    [Theory]
    [InlineData(FailedCalls.Discovery, ExportErrorKind.DiscoveryFailed)]
    [InlineData(FailedCalls.Token, ExportErrorKind.TokenEndpointUnreachable)]
    [InlineData(FailedCalls.KickOff, ExportErrorKind.ServerUnreachable)]
    [InlineData(FailedCalls.Status, null)]
    [InlineData(FailedCalls.Page, null)]
    [InlineData(FailedCalls.File, ExportErrorKind.FileFailed)]
    [InlineData(FailedCalls.Delete, ExportErrorKind.RemovalFailed)]
    public async Task Without_the_authority_no_call_is_sent_and_the_failure_names_the_parameter_that_would_help(string call, ExportErrorKind? kind)
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.ForServer("127.0.0.1"), TlsExport.Script);

        FailedCall failed = await FailedCalls.MakeAsync(call, TlsExport.Settings(server.Root, authority: null));

        Assert.Equal(kind, failed.Kind);
        Assert.Contains("its certificate comes from an authority that is not trusted here", failed.Text, StringComparison.Ordinal);
        Assert.Contains("-CertificateAuthority", failed.Text, StringComparison.Ordinal);
        Assert.Empty(server.Arrivals);
    }

    [Theory]
    [InlineData(FailedCalls.Discovery)]
    [InlineData(FailedCalls.Token)]
    [InlineData(FailedCalls.KickOff)]
    [InlineData(FailedCalls.Status)]
    [InlineData(FailedCalls.Page)]
    [InlineData(FailedCalls.File)]
    [InlineData(FailedCalls.Delete)]
    public async Task A_certificate_of_the_authority_for_another_host_is_refused(string call)
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.ForServer("fhir.example.test"), TlsExport.Script);

        Assert.Contains("its certificate is for another host name", await TextAsync(server, call), StringComparison.Ordinal);
        Assert.Empty(server.Arrivals);
    }

    [Theory]
    [InlineData(FailedCalls.Token)]
    [InlineData(FailedCalls.KickOff)]
    public async Task An_expired_certificate_of_the_authority_is_refused(string call)
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.Expired("127.0.0.1"), TlsExport.Script);

        Assert.Contains("expired", await TextAsync(server, call), StringComparison.Ordinal);
        Assert.Empty(server.Arrivals);
    }

    [Theory]
    [InlineData(FailedCalls.Token)]
    [InlineData(FailedCalls.KickOff)]
    public async Task A_certificate_that_the_authority_made_for_a_client_is_refused(string call)
    {
        using X509Certificate2 client = _authority.ForClient("127.0.0.1");
        await using TlsServer server = await TlsServer.StartAsync(_authority.ForServer("127.0.0.1"), TlsExport.Script, new TlsServerSetup { Shown = client });

        Assert.Contains("not made for a server", await TextAsync(server, call), StringComparison.Ordinal);
        Assert.Empty(server.Arrivals);
    }

    [Theory]
    [InlineData(FailedCalls.Token)]
    [InlineData(FailedCalls.KickOff)]
    public async Task A_certificate_of_another_authority_is_refused(string call)
    {
        using MadeAuthority other = new();
        await using TlsServer server = await TlsServer.StartAsync(other.ForServer("127.0.0.1"), TlsExport.Script);

        Assert.Contains("not trusted here", await TextAsync(server, call), StringComparison.Ordinal);
        Assert.Empty(server.Arrivals);
    }

    [Fact]
    public async Task An_authority_below_the_one_that_was_given_is_trusted_when_the_server_shows_it()
    {
        using MadeAuthority below = new(_authority);
        await using TlsServer server = await TlsServer.StartAsync(below.ForServer("127.0.0.1"), TlsExport.Script, new TlsServerSetup { Intermediates = [below.Certificate] });

        Assert.Equal("Saved", (await TlsExport.WholeAsync(TlsExport.Settings(server.Root, _authority))).State);
    }

    [Fact]
    public async Task Several_authorities_may_be_given()
    {
        using MadeAuthority other = new();
        await using TlsServer server = await TlsServer.StartAsync(_authority.ForServer("127.0.0.1"), TlsExport.Script);

        SavedFile file = await TlsExport.WholeAsync(TlsExport.Settings(server.Root, other) with
        {
            Transport = new TransportSettings { Authorities = [other.Certificate, _authority.Certificate] },
        });

        Assert.Equal("Saved", file.State);
    }

    [Fact]
    public async Task A_certificate_that_signed_itself_is_trusted_when_it_is_given()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=lone server", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using X509Certificate2 known = new(made.RawData);
        await using TlsServer server = await TlsServer.StartAsync(new X509Certificate2(made.Export(X509ContentType.Pfx)), TlsExport.Script);

        SavedFile file = await TlsExport.WholeAsync(TlsExport.Settings(server.Root, null) with { Transport = new TransportSettings { Authorities = [known] } });

        Assert.Equal("Saved", file.State);
    }

    [Fact]
    public async Task A_token_request_is_not_repeated_over_a_certificate_that_will_not_get_better()
    {
        await using TlsServer server = await TlsServer.StartAsync(_authority.ForServer("127.0.0.1"), TlsExport.Script);

        await FailedCalls.MakeAsync(FailedCalls.Token, TlsExport.Settings(server.Root, authority: null));

        Assert.Equal(1, server.Handshakes);
    }

    private async Task<string> TextAsync(TlsServer server, string call) =>
        (await FailedCalls.MakeAsync(call, TlsExport.Settings(server.Root, _authority))).Text;
}
