using System.Text;
using System.Text.Json;
using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Authorization.Keys;
using GroupExport.Tests.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>
/// What the client suite of Inferno's Bulk Data test kit looks at: it plays the server, with discovery below the base, GET kick-offs only, a status
/// URL outside of the base, no CapabilityStatement, and sessions that are found by the token.
/// </summary>
public sealed class InfernoClientTests : IAsyncLifetime, IAsyncDisposable
{
    private const string ClientId = "client";

    private readonly List<string> _tokens = [];
    private RecordingServer _server = null!;
    private int _polls;

    private IReadOnlyList<Arrival> AfterTheToken => [.. _server.Arrivals.Where(arrival => arrival.Path is not ("/auth/token" or "/fhir/.well-known/smart-configuration"))];

    public async Task InitializeAsync()
    {
        _server = new RecordingServer(Answers);
        using GroupExportConnection connection = Open();
        using TemporaryFolder folder = new();
        using SemaphoreSlim slots = new(4);
        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "1a" });
        using (ExportFolder open = ExportFolder.OpenFor(job, folder.Path))
        {
            WaitOptions wait = new() { MinPollInterval = TimeSpan.FromMilliseconds(1), MaxPollInterval = TimeSpan.FromMilliseconds(2) };
            await new SaveJob(job, open, () => connection, new SaveOptions { Slots = slots, Wait = wait }, _ => { }).RunAsync(CancellationToken.None);
        }

        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        Assert.True(await new JobRemoval(connection, job, _ => { }).RunAsync(CancellationToken.None));
    }

    Task IAsyncLifetime.DisposeAsync() => _server.DisposeAsync().AsTask();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Every_token_request_has_the_shape_that_is_checked()
    {
        Arrival request = Assert.Single(_server.To("/auth/token"));
        Dictionary<string, string> form = request.BodyText.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => Uri.UnescapeDataString(pair[0]), pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));

        Assert.Equal(("POST", "application/x-www-form-urlencoded"), (request.Verb, request.Header("Content-Type")));
        Assert.Equal(["client_assertion", "client_assertion_type", "grant_type", "scope"], form.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("client_credentials", form["grant_type"]);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", form["client_assertion_type"]);
        Assert.Equal("system/*.rs", form["scope"]);
        string[] parts = form["client_assertion"].Split('.');
        JsonElement header = Decoded(parts[0]);
        JsonElement claims = Decoded(parts[1]);
        Assert.Equal(("JWT", "ES384"), (header.GetProperty("typ").GetString(), header.GetProperty("alg").GetString()));
        Assert.NotEmpty(header.GetProperty("kid").GetString()!);
        Assert.Equal((ClientId, ClientId, _server.Url("auth/token")), (claims.GetProperty("iss").GetString(), claims.GetProperty("sub").GetString(), claims.GetProperty("aud").GetString()));
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()), DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.NotEmpty(claims.GetProperty("jti").GetString()!);
        Assert.DoesNotContain(_server.Arrivals, arrival => arrival.BodyText.Contains("refresh_token", StringComparison.Ordinal));
    }

    [Fact]
    public void The_token_is_used_on_every_request() =>
        Assert.All(AfterTheToken, arrival => Assert.Equal($"Bearer {Assert.Single(_tokens)}", arrival.Header("Authorization")));

    [Fact]
    public void The_kick_off_is_a_GET()
    {
        Arrival kickOff = Assert.Single(AfterTheToken, arrival => arrival.Path == "/fhir/Group/1a/$export");

        Assert.Equal(("GET", "application/fhir+json", "respond-async"), (kickOff.Verb, kickOff.Header("Accept"), kickOff.Header("Prefer")));
    }

    [Fact]
    public void The_status_is_asked_for_and_its_list_confirmed() => Assert.Equal(3, AfterTheToken.Count(arrival => arrival is { Verb: "GET", Path: "/status/7" }));

    [Fact]
    public void An_output_file_is_fetched() => Assert.Single(AfterTheToken, arrival => arrival is { Verb: "GET", Path: "/fhir/Binary/1" });

    [Fact]
    public void The_job_is_deleted() => Assert.Equal(("DELETE", "/status/7"), (AfterTheToken[^1].Verb, AfterTheToken[^1].Path));

    private static JsonElement Decoded(string part)
    {
        string padded = part.Replace('-', '+').Replace('_', '/').PadRight((part.Length + 3) / 4 * 4, '=');
        return JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(padded))).RootElement;
    }

    private Answer Answers(Arrival arrival) => $"{arrival.Verb} {arrival.Path}" switch
    {
        "GET /fhir/.well-known/smart-configuration" => Answer.Json($$"""{"token_endpoint":"{{_server.Url("auth/token")}}","capabilities":["permission-v2"],"token_endpoint_auth_methods_supported":["private_key_jwt"]}"""),
        "POST /auth/token" => Answer.Json($$"""{"access_token":"{{Issued()}}","token_type":"Bearer","expires_in":3600,"scope":"system/*.rs"}"""),
        "GET /fhir/Group/1a/$export" => Answer.Accepted(_server.Url("status/7")),
        "GET /status/7" => ++_polls == 1
            ? Answer.Running()
            : Answer.Json($$"""{"transactionTime":"2026-11-23T00:00:00Z","request":"x","requiresAccessToken":true,"output":[{"type":"Patient","url":"{{_server.Url("fhir/Binary/1")}}"}],"error":[]}"""),
        "GET /fhir/Binary/1" => Answer.Ndjson("{\"resourceType\":\"Patient\",\"id\":\"1\"}\n"),
        "DELETE /status/7" => Answer.Plain(202),
        _ => Answer.Plain(404),
    };

    private string Issued()
    {
        _tokens.Add($"t{_tokens.Count + 1}");
        return _tokens[^1];
    }

    private GroupExportConnection Open()
    {
        Uri fhirBase = ConnectionSettings.CheckedServer(new Uri(_server.Root, "fhir"));
        SigningKey key = KeyReader.Read(MadeKeys.EcJwk().ToJsonString(), new KeyHints());
        return new ConnectionSettings
        {
            FhirBase = fhirBase,
            TokenSettings = new TokenSettings(new PrivateKeyJwt(key, ClientId, TimeProvider.System), fhirBase, TokenUri: null, Scope: null),
        }.Open();
    }
}
