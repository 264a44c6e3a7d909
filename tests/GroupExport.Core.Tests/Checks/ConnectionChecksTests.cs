using System.Globalization;
using GroupExport.Authorization;
using GroupExport.Checks;
using GroupExport.Connections;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Checks;

/// <summary>What is seen when a connection is looked at, and that one failed look leaves the others their say.</summary>
public sealed class ConnectionChecksTests
{
    private const string Metadata = """{"resourceType":"CapabilityStatement","rest":[{"resource":[{"type":"Group","operation":[{"name":"export","definition":"http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export"}]}]}]}""";

    [Fact]
    public async Task All_is_well_on_a_server_that_answers_everything()
    {
        await using RecordingServer server = new(Well);

        IReadOnlyList<ConnectionCheck> checks = await CheckAsync(WithSecret(server, scope: "system/*.rs"), "g");

        Assert.Equal(["Server", "Clock", "Key", "Discovery", "Token", "Scope", "Export", "Group"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.True(check.Passed, check.ToString()));
    }

    [Fact]
    public async Task The_first_look_takes_no_token_along_and_nothing_is_started()
    {
        await using RecordingServer server = new(Well);

        await CheckAsync(WithSecret(server), "g");

        Assert.Null(server.To("/r4/metadata")[0].Header("Authorization"));
        Assert.Equal("Bearer granted", server.To("/r4/metadata")[1].Header("Authorization"));
        Assert.Equal(["GET", "POST", "GET", "GET"], server.Arrivals.Select(arrival => arrival.Verb));
    }

    [Theory]
    [InlineData(-45, true, "")]
    [InlineData(45, true, "")]
    [InlineData(-90, false, "ahead of")]
    [InlineData(90, false, "behind")]
    public async Task The_clock_is_compared_with_the_server_s_Date(int serverIsAhead, bool passed, string said)
    {
        SkippingClock clock = new();
        string date = clock.GetUtcNow().AddSeconds(serverIsAhead).ToString("R", CultureInfo.InvariantCulture);
        await using RecordingServer server = new(arrival => Well(arrival).With("Date", date));

        ConnectionCheck check = await OneAsync("Clock", TestConnections.Fhir(server) with { Clock = clock });

        Assert.Equal(passed, check.Passed);
        Assert.Contains(said, check.Detail);
    }

    [Fact]
    public async Task A_server_that_is_not_there_fails_the_checks_that_need_it_and_no_other()
    {
        RecordingServer gone = new(Well);
        await gone.DisposeAsync();

        IReadOnlyList<ConnectionCheck> checks = await CheckAsync(TestConnections.Fhir(gone), "g");

        Assert.Equal(["Server", "Clock", "Export", "Group"], checks.Where(check => !check.Passed).Select(check => check.Name));
    }

    [Fact]
    public async Task Without_a_token_what_needs_one_is_not_tried()
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/token"
            ? Answer.Json("""{"error":"invalid_client","error_description":"who is this"}""", 401)
            : Well(arrival));

        IReadOnlyList<ConnectionCheck> checks = await CheckAsync(WithSecret(server), "g");

        Assert.Contains("who is this", checks.Single(check => check.Name == "Token").Detail);
        Assert.Equal(["Token", "Scope", "Export", "Group"], checks.Where(check => !check.Passed).Select(check => check.Name));
        Assert.DoesNotContain(server.Arrivals, arrival => arrival.Path.Contains("Group", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("system/*.rs", "system/*.rs", true)]
    [InlineData("system/*.rs", "system/*.read", true)]
    [InlineData("system/*.rs", "system/Patient.rs", false)]
    [InlineData("system/Patient.rs", "system/Patient.r", false)]
    public async Task What_was_asked_for_and_not_granted_is_named(string asked, string granted, bool passed)
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/token" ? Token(granted) : Well(arrival));

        ConnectionCheck check = await OneAsync("Scope", WithSecret(server, asked));

        Assert.Equal(passed, check.Passed);
        Assert.Contains(granted, check.Detail);
        Assert.Equal(!passed, check.Detail.Contains($"Not granted: {asked} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"token_endpoint":"/token"}""", true)]
    [InlineData("""{"token_endpoint":"/token","token_endpoint_auth_methods_supported":["client_secret_basic"]}""", true)]
    [InlineData("""{"token_endpoint":"/token","token_endpoint_auth_methods_supported":["private_key_jwt"]}""", false)]
    [InlineData("""{}""", false)]
    public async Task Discovery_tells_whether_the_server_takes_this_kind_of_client(string document, bool passed)
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/r4/.well-known/smart-configuration" ? Answer.Json(document) : Well(arrival));
        ConnectionSettings settings = WithSecret(server);

        ConnectionCheck check = await OneAsync("Discovery", settings with { TokenSettings = settings.TokenSettings! with { TokenUri = null } });

        Assert.Equal(passed, check.Passed);
    }

    [Theory]
    [InlineData(200, Metadata, true, "names $export")]
    [InlineData(200, """{"resourceType":"CapabilityStatement","rest":[{"resource":[{"type":"Patient"}]}]}""", true, "does not name")]
    [InlineData(200, "<html>", true, "no CapabilityStatement")]
    [InlineData(404, "", true, "no obstacle")]
    [InlineData(401, "", false, "does not accept")]
    public async Task A_server_need_not_describe_itself_but_must_accept_the_token(int status, string body, bool passed, string said)
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/r4/metadata" ? Answer.Json(body, status) : Well(arrival));

        ConnectionCheck check = await OneAsync("Export", TestConnections.Fhir(server));

        Assert.Equal(passed, check.Passed);
        Assert.Contains(said, check.Detail);
    }

    [Theory]
    [InlineData(200, true, "can be read")]
    [InlineData(403, false, "may not be read")]
    [InlineData(404, false, "no group g")]
    [InlineData(500, false, "cannot be read")]
    public async Task A_group_that_is_named_must_be_readable(int status, bool passed, string said)
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/r4/Group/g" ? Answer.Json("""{"resourceType":"Group"}""", status) : Well(arrival));

        ConnectionCheck check = (await CheckAsync(TestConnections.Fhir(server), "g"))[^1];

        Assert.Equal(("Group", passed), (check.Name, check.Passed));
        Assert.Contains(said, check.Detail);
    }

    private static Answer Well(Arrival arrival) => arrival.Path switch
    {
        "/token" => Token("system/*.rs"),
        "/r4/metadata" => Answer.Json(Metadata),
        _ => Answer.Json("""{"resourceType":"Group","id":"g"}"""),
    };

    private static Answer Token(string scope) => Answer.Json($$"""{"access_token":"granted","expires_in":300,"scope":"{{scope}}"}""");

    private static ConnectionSettings WithSecret(RecordingServer server, string? scope = null)
    {
        ConnectionSettings open = TestConnections.Fhir(server);
        return open with
        {
            TokenRetry = Exports.Impatient,
            TokenSettings = new TokenSettings(new ClientSecret("client", "secret"), open.FhirBase, new Uri(server.Url("token")), scope),
        };
    }

    private static async Task<ConnectionCheck> OneAsync(string name, ConnectionSettings settings) =>
        (await CheckAsync(settings, groupId: null)).Single(check => check.Name == name);

    private static async Task<IReadOnlyList<ConnectionCheck>> CheckAsync(ConnectionSettings settings, string? groupId)
    {
        using GroupExportConnection connection = settings.Open();
        List<ConnectionCheck> checks = [];
        await foreach (ConnectionCheck check in new ConnectionChecks(connection, groupId).RunAsync(CancellationToken.None))
        {
            checks.Add(check);
        }

        return checks;
    }
}
