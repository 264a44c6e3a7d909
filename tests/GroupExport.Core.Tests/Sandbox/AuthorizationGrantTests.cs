using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace GroupExport.Tests.Sandbox;

public sealed class AuthorizationGrantTests
{
    [Theory]
    [InlineData("RS384", "RSA")]
    [InlineData("ES384", "EC")]
    public async Task The_key_that_was_made_opens_the_door(string algorithm, string type)
    {
        using var client = new AuthorizationClient(AuthorizationClient.Signed with { SigningAlgorithm = algorithm });
        var jwk = JsonNode.Parse(new NetworkCredential("", client.Sandbox.PrivateKey).Password)!;
        Assert.Equal((type, algorithm, client.Key!.Id), ((string?)jwk["kty"], (string?)jwk["alg"], (string?)jwk["kid"]));
        Assert.Equal("sandbox-client", client.Sandbox.ClientId);
        Assert.Equal(client.Sandbox.BaseUri + "v2/auth/token", client.Sandbox.TokenUri.AbsoluteUri);
        Assert.Null(client.Sandbox.ClientSecret);

        using var answer = await client.Ask(client.Assertion());
        var json = await AuthorizationClient.Granted(answer);
        Assert.Equal(["access_token", "token_type", "expires_in", "scope"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("bearer", 300, "system/*.rs"), (json.GetProperty("token_type").GetString(), json.GetProperty("expires_in").GetInt32(), json.GetProperty("scope").GetString()));
        client.Http.DefaultRequestHeaders.Authorization = new("Bearer", json.GetProperty("access_token").GetString());
        var manifest = await client.Practice.Export("_type=Patient");
        Assert.True(manifest.Json.GetProperty("requiresAccessToken").GetBoolean());
        Assert.Equal(4, (await client.Practice.Resources(manifest)).Count);
        using var delete = await client.Http.DeleteAsync(manifest.Status);
        Assert.Equal(HttpStatusCode.Accepted, delete.StatusCode);
    }

    [Fact]
    public async Task What_may_be_left_out_or_written_otherwise_is_accepted()
    {
        using var client = new AuthorizationClient();
        var assertion = client.Assertion();
        assertion.Claims["aud"] = new JsonArray(client.Sandbox.TokenUri.AbsoluteUri);
        assertion.Claims["exp"] = client.Clock.GetUtcNow().ToUnixTimeSeconds() + 300;
        assertion.Claims.Remove("iat");
        assertion.Claims["more"] = new JsonObject();
        assertion.Header["x5t"] = "thumbprint";
        using var first = await client.Ask(assertion, scope: null);
        Assert.Equal("system/*.rs", (await AuthorizationClient.Granted(first)).GetProperty("scope").GetString());
        var ahead = client.Assertion();
        ahead.Claims["iat"] = client.Clock.GetUtcNow().ToUnixTimeSeconds() + 60;
        using var second = await client.Ask(ahead);
        await AuthorizationClient.Granted(second);
    }

    [Fact]
    public async Task Keys_of_ones_own_are_verified_by_their_kid()
    {
        using var rsa = AuthorizationKey.Rsa();
        using var curve = AuthorizationKey.EllipticCurve();
        var jwks = AuthorizationKey.Jwks(rsa.PublicJwk(), curve.PublicJwk());
        using var client = new AuthorizationClient(AuthorizationClient.Signed with { PublicJwks = jwks, ClientId = "my client" });
        Assert.Null(client.Sandbox.PrivateKey);
        foreach (var key in new[] { rsa, curve })
        {
            using var answer = await client.Ask(new AuthorizationAssertion(key, "my client", client.Sandbox.TokenUri.AbsoluteUri, client.Clock.GetUtcNow()));
            await AuthorizationClient.Granted(answer);
        }

        var swapped = new AuthorizationAssertion(rsa, "my client", client.Sandbox.TokenUri.AbsoluteUri, client.Clock.GetUtcNow());
        swapped.Header["kid"] = curve.Id;
        using var refused = await client.Ask(swapped);
        await AuthorizationClient.Refused(refused, "invalid_client", "alg");
    }

    [Fact]
    public async Task A_token_lives_as_long_as_it_says()
    {
        using var client = new AuthorizationClient(AuthorizationClient.Signed with { TokenLifetime = TimeSpan.FromSeconds(2) });
        await client.SignIn();
        var manifest = await client.Practice.Export("_type=Patient");
        client.Clock.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        using var alive = await client.Http.GetAsync(manifest.Status);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        client.Clock.Advance(TimeSpan.FromTicks(1));
        foreach (var (method, url) in Protected(client, manifest))
        {
            using var request = PracticeClient.KickOff(method, url);
            using var refused = await client.Http.SendAsync(request);
            await AssertUnauthorized(refused, "error=\"invalid_token\"", "expired");
        }

        await client.SignIn();
        Assert.Equal(4, (await client.Practice.Resources(manifest)).Count);
        Assert.Equal(2, client.Sandbox.TokenRequestCount);
    }

    [Theory]
    [InlineData(null, "realm", "no access token")]
    [InlineData("Bearer never-issued", "error=\"invalid_token\"", "not valid")]
    [InlineData("Basic c2FuZGJveA==", "error=\"invalid_token\"", "not valid")]
    [InlineData("Bearer", "error=\"invalid_token\"", "not valid")]
    public async Task Everything_but_metadata_and_discovery_needs_a_token(string? header, string challenge, string named)
    {
        using var client = new AuthorizationClient();
        await client.SignIn();
        var manifest = await client.Practice.Export("_type=Patient");
        client.Http.DefaultRequestHeaders.Authorization = null;
        foreach (var (method, url) in Protected(client, manifest))
        {
            using var request = PracticeClient.KickOff(method, url);
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", header);
            }

            using var refused = await client.Http.SendAsync(request);
            await AssertUnauthorized(refused, challenge, named);
        }

        using var metadata = await client.Http.GetAsync(client.Sandbox.FhirBaseUri + "/metadata");
        Assert.Equal(HttpStatusCode.OK, metadata.StatusCode);
    }

    [Fact]
    public async Task A_token_of_another_sandbox_is_worth_nothing()
    {
        using var one = new AuthorizationClient();
        using var other = new AuthorizationClient();
        other.Http.DefaultRequestHeaders.Authorization = new("Bearer", await one.Token());
        using var refused = await other.Practice.FhirGet();
        await AssertUnauthorized(refused, "error=\"invalid_token\"", "not valid");
    }

    [Fact]
    public async Task A_secret_is_form_encoded_inside_Basic()
    {
        using var client = new AuthorizationClient(AuthorizationClient.Secret with { ClientId = "my:client" });
        var secret = new NetworkCredential("", client.Sandbox.ClientSecret).Password;
        Assert.Null(client.Sandbox.PrivateKey);
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = "system/*.read" };
        client.Http.DefaultRequestHeaders.Authorization = Basic($"my%3Aclient:{Uri.EscapeDataString(secret)}");
        using var granted = await client.Ask(form);
        Assert.Equal("system/*.read", (await AuthorizationClient.Granted(granted)).GetProperty("scope").GetString());

        foreach (var (credentials, named) in new[]
        {
            ($"my%3Aclient:{secret}", "form-encoded"),
            ($"my%3Aclient:{Uri.EscapeDataString(secret)}x", "secret"),
            ("my%3Aclient:", "secret"),
            ($"other:{Uri.EscapeDataString(secret)}", "client id"),
            ("my%3Aclient", "Basic"),
        })
        {
            client.Http.DefaultRequestHeaders.Authorization = Basic(credentials);
            using var refused = await client.Ask(form);
            Assert.Equal("Basic", refused.Headers.WwwAuthenticate.Single().Scheme);
            await AuthorizationClient.Refused(refused, "invalid_client", named);
        }

        client.Http.DefaultRequestHeaders.Authorization = new("Basic", "?");
        using var garbage = await client.Ask(form);
        await AuthorizationClient.Refused(garbage, "invalid_client", "base64");
        client.Http.DefaultRequestHeaders.Authorization = null;
        using var none = await client.Ask(form);
        await AuthorizationClient.Refused(none, "invalid_client", "Basic");
        using var inBody = await client.Ask(form.Append(new("client_secret", secret)));
        await AuthorizationClient.Refused(inBody, "invalid_request", "client_secret");
    }

    [Fact]
    public async Task Discovery_lies_below_both_bases_and_not_at_the_root()
    {
        using var client = new AuthorizationClient();
        foreach (var path in new[] { client.Sandbox.FhirBaseUri.AbsoluteUri, client.Practice.RedoxBase })
        {
            using var answer = await client.Http.GetAsync(path + "/.well-known/smart-configuration");
            Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
            var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            string[] Texts(string name) => [.. json[name]!.AsArray().Select(value => (string)value!)];
            Assert.Equal(client.Sandbox.TokenUri.AbsoluteUri, (string?)json["token_endpoint"]);
            Assert.Equal(["client_credentials"], Texts("grant_types_supported"));
            Assert.Equal(["private_key_jwt"], Texts("token_endpoint_auth_methods_supported"));
            Assert.Equal(["RS384", "ES384"], Texts("token_endpoint_auth_signing_alg_values_supported"));
            Assert.Contains("system/*.rs", Texts("scopes_supported"));
            Assert.Equal(["client-confidential-asymmetric", "permission-v1", "permission-v2"], Texts("capabilities"));
        }

        using var root = await client.Http.GetAsync(client.Sandbox.BaseUri + ".well-known/smart-configuration");
        Assert.Equal(HttpStatusCode.NotFound, root.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("s3cret")]
    public async Task Without_keys_or_secrets_there_is_no_token_endpoint(string? accessToken)
    {
        using var client = new AuthorizationClient(PracticeClient.Fast with { AccessToken = accessToken });
        Assert.Equal((null, null, null), (client.Sandbox.ClientId, client.Sandbox.PrivateKey, client.Sandbox.ClientSecret));
        client.Http.DefaultRequestHeaders.Authorization = new("Bearer", "s3cret");
        using var token = await client.Post("grant_type=client_credentials");
        using var discovery = await client.Http.GetAsync(client.Sandbox.FhirBaseUri + "/.well-known/smart-configuration");
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (token.StatusCode, discovery.StatusCode));
    }

    [Fact]
    public async Task The_log_and_the_texts_hold_no_secret()
    {
        using var client = new AuthorizationClient();
        var assertion = client.Assertion();
        using var first = await client.Ask(assertion);
        var token = (await AuthorizationClient.Granted(first)).GetProperty("access_token").GetString()!;
        using var second = await client.Post($"{assertion}&client_secret=s3cret&s3cret&s3cret=&grant_type=x&refresh_token=s3cret", query: "?client_assertion=s3cret&scope=system/*.rs");
        using var third = await client.Post("{\"client_secret\":\"s3cret\"}", "application/json");
        using var misled = await client.Http.PostAsync(client.Sandbox.FhirBaseUri + "/token", new FormUrlEncodedContent(client.Form(assertion)));
        client.Http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var metadata = await client.Http.GetAsync(client.Sandbox.FhirBaseUri + "/metadata");

        Assert.Equal("grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=***&scope=system%2F%2A.rs", client.Sandbox.Requests[0].Body);
        Assert.Equal("***&client_secret=***&***&***&grant_type=x&refresh_token=***", client.Sandbox.Requests[1].Body);
        Assert.Equal("client_assertion=***&scope=system/*.rs", client.Sandbox.Requests[1].Query);
        Assert.Equal("***", client.Sandbox.Requests[2].Body);
        Assert.Contains("client_assertion=***", client.Sandbox.Requests[3].Body, StringComparison.Ordinal);
        Assert.Equal("Bearer ***", client.Sandbox.Requests[4].Headers["Authorization"]);
        var answers = await Task.WhenAll(new[] { second, third, misled, metadata }.Select(answer => answer.Content.ReadAsStringAsync()));
        var shown = string.Join('\n', [.. client.Sandbox.Requests.Select(request => $"{request} {request.Query} {request.Body} {string.Join(' ', request.Headers)}"), .. answers, client.Sandbox.ToString()]);
        foreach (var secret in new[] { token, "s3cret", assertion.ToString().Split('.')[1], new NetworkCredential("", client.Sandbox.PrivateKey).Password })
        {
            Assert.DoesNotContain(secret, shown, StringComparison.Ordinal);
        }

        Assert.Equal(3, client.Sandbox.TokenRequestCount);
        client.Sandbox.ClearRequests();
        Assert.Equal(0, client.Sandbox.TokenRequestCount);
        Assert.True(client.Sandbox.PrivateKey!.IsReadOnly());
    }

    private static AuthenticationHeaderValue Basic(string credentials) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));

    private static (HttpMethod Method, string Url)[] Protected(AuthorizationClient client, PracticeClient.Manifest manifest) =>
    [
        (HttpMethod.Get, client.Practice.FhirExport),
        (HttpMethod.Post, client.Practice.RedoxExport),
        (HttpMethod.Get, $"{client.Sandbox.FhirBaseUri}/Group/{client.Sandbox.GroupId}"),
        (HttpMethod.Get, manifest.Status.AbsoluteUri),
        (HttpMethod.Get, manifest.Output[0].Url),
        (HttpMethod.Get, client.Sandbox.FhirBaseUri + "/unknown"),
        (HttpMethod.Delete, manifest.Status.AbsoluteUri),
    ];

    private static async Task AssertUnauthorized(HttpResponseMessage answer, string challenge, string named)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var header = answer.Headers.WwwAuthenticate.Single();
        Assert.Equal("Bearer", header.Scheme);
        Assert.Contains(challenge, header.Parameter, StringComparison.Ordinal);
        Assert.Contains(named, (await Outcomes.SingleIssue(answer)).GetProperty("diagnostics").GetString(), StringComparison.Ordinal);
    }
}
