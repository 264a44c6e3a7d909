using GroupExport.Authorization;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Authorization;

/// <summary>What a token endpoint is asked for by default, and what is taken from it (SMART App Launch 2.2, Backend Services).</summary>
public sealed class TokenAnswerTests
{
    [Theory]
    [InlineData("\"capabilities\":[\"permission-v2\"]", "system/*.rs")]
    [InlineData("\"scopes_supported\":[\"system/Patient.rs\"]", "system/*.rs")]
    [InlineData("\"scopes_supported\":[\"system/*.read\"],\"capabilities\":[\"permission-v1\"]", "system/*.read")]
    [InlineData("\"scopes_supported\":[]", "system/*.read")]
    public async Task Discovery_decides_the_spelling_of_the_scope(string offered, string scope)
    {
        await using RecordingServer server = Server($$"""{"token_endpoint":"/token",{{offered}}}""");

        await AskAsync(server, tokenUri: null, scope: null);

        Assert.Equal(scope, AskedScope(server));
    }

    [Theory]
    [InlineData(null, "system/*.read")]
    [InlineData("system/Patient.rs system/Group.rs", "system/Patient.rs system/Group.rs")]
    [InlineData("", null)]
    public async Task With_a_token_URL_that_is_given_nothing_is_discovered_and_a_scope_is_asked_for_all_the_same(string? given, string? scope)
    {
        await using RecordingServer server = Server("{}");

        await AskAsync(server, new Uri(server.Url("token")), given);

        Assert.Equal(scope, AskedScope(server));
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData("\"token_type\":\"Bearer\",")]
    [InlineData("\"token_type\":\"bearer\",")]
    [InlineData("\"token_type\":\"BEARER\",")]
    [InlineData("\"token_type\":null,")]
    [InlineData("")]
    public async Task A_bearer_token_is_taken_and_one_without_a_type_too(string type)
    {
        await using RecordingServer server = Server("{}", type);

        Assert.Equal("t0ken", (await AskAsync(server, new Uri(server.Url("token")), null)).Value);
    }

    [Theory]
    [InlineData("\"token_type\":\"mac\",", "'mac'")]
    [InlineData("\"token_type\":\"\",", "''")]
    [InlineData("\"token_type\":\"DPoP t0ken\",", "'DPoP …'")]
    [InlineData("\"token_type\":7,", "'(Number in JSON)'")]
    [InlineData("\"token_type\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy\",", "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…'")]
    public async Task A_token_of_another_type_is_refused_by_its_name(string type, string named)
    {
        await using RecordingServer server = Server("{}", type);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => AskAsync(server, new Uri(server.Url("token")), null));

        Assert.Equal(ExportErrorKind.TokenEndpointUnusable, failure.Kind);
        Assert.Contains($"of the type {named}", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("t0ken", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Arrivals);
    }

    private static RecordingServer Server(string discovery, string type = "") => new(arrival => arrival.Path == "/token"
        ? Answer.Json("{" + type + "\"access_token\":\"t0ken\",\"expires_in\":300}")
        : Answer.Json(discovery));

    private static async Task<AccessToken> AskAsync(RecordingServer server, Uri? tokenUri, string? scope)
    {
        using HttpClient http = new();
        TokenSettings settings = TokenSettings.ForFhir(new ClientSecret("client", "secret"), new Uri(server.Url("r4/")), tokenUri, scope);
        return await new TokenEndpoint(http, settings, Exports.Impatient, TimeProvider.System, text => text, _ => { }).RequestAsync(CancellationToken.None);
    }

    private static string? AskedScope(RecordingServer server) => Assert.Single(server.To("/token")).BodyText.Split('&')
        .Select(pair => pair.Split('='))
        .Where(pair => pair[0] == "scope")
        .Select(pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')))
        .SingleOrDefault();
}
