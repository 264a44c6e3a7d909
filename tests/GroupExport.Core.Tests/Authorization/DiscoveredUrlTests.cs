using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Requests;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Authorization;

/// <summary>The token URL that a server names.</summary>
public sealed class DiscoveredUrlTests
{
    [Theory]
    [InlineData("/to%2Dken/%7E?tenant=%41", "/to%2Dken/%7E?tenant=%41")]
    [InlineData("../%2e%2e/token", "/%2e%2e/token")]
    [InlineData("/token#x", "/token")]
    public async Task A_token_is_requested_at_the_URL_as_it_was_named(string named, string arrives)
    {
        await using RecordingServer server = Server(named);
        using GroupExportConnection connection = Open(server);

        await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });

        Assert.Equal(arrives, Assert.Single(server.Arrivals, arrival => arrival.Verb == "POST" && arrival.BodyText.Contains("grant_type", StringComparison.Ordinal)).Target);
    }

    [Theory]
    [InlineData("/token\\r\\nX-Injected: 1")]
    [InlineData("https://")]
    [InlineData("https://good.example\\\\@evil.example/token")]
    public async Task A_token_URL_that_cannot_be_requested_is_a_failed_discovery(string named)
    {
        await using RecordingServer server = Server(named);
        using GroupExportConnection connection = Open(server);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }));

        Assert.Equal(ExportErrorKind.DiscoveryFailed, failure.Kind);
        Assert.Single(server.Arrivals);
    }

    private static RecordingServer Server(string named) => new(arrival =>
        arrival.Path.EndsWith("smart-configuration", StringComparison.Ordinal) ? Answer.Json($$"""{"token_endpoint":"{{named}}"}""")
        : arrival.BodyText.Contains("grant_type", StringComparison.Ordinal) ? Answer.Json("""{"access_token":"a","token_type":"bearer","expires_in":300}""")
        : Answer.Accepted("/status/1"));

    private static GroupExportConnection Open(RecordingServer server)
    {
        ConnectionSettings settings = TestConnections.Fhir(server) with { TokenRetry = Exports.Impatient };
        return (settings with { TokenSettings = new TokenSettings(new ClientSecret("client", "secret"), settings.FhirBase, null, null) }).Open();
    }
}
