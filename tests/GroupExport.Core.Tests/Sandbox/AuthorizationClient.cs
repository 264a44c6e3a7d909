using System.Net;
using System.Text;
using System.Text.Json;
using GroupExport.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Sandbox;

/// <summary>A client of a sandbox that verifies authorization, with a clock that the test moves.</summary>
internal sealed class AuthorizationClient : IDisposable
{
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public AuthorizationClient(SandboxOptions? options = null)
    {
        var chosen = options ?? Signed;
        Practice = new PracticeClient(chosen with { Clock = Clock });
        Key = Sandbox.PrivateKey is { } jwk ? AuthorizationKey.Read(new NetworkCredential("", jwk).Password) : null;
        NoRedirects = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    }

    // The cheaper key: an RSA pair takes a good part of a second to make.
    public static SandboxOptions Signed => PracticeClient.Fast with { Authorization = SandboxAuthorization.PrivateKeyJwt, SigningAlgorithm = "ES384" };

    public static SandboxOptions Secret => PracticeClient.Fast with { Authorization = SandboxAuthorization.ClientSecret };

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero));

    public PracticeClient Practice { get; }

    public ExportSandbox Sandbox => Practice.Sandbox;

    public HttpClient Http => Practice.Http;

    public HttpClient NoRedirects { get; }

    public AuthorizationKey? Key { get; }

    public AuthorizationAssertion Assertion(AuthorizationKey? key = null) => new(key ?? Key!, "sandbox-client", Sandbox.TokenUri.AbsoluteUri, Clock.GetUtcNow());

    public Dictionary<string, string> Form(AuthorizationAssertion? assertion = null, string? scope = "system/*.rs")
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = AssertionType,
            ["client_assertion"] = (assertion ?? Assertion()).ToString(),
        };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        return form;
    }

    public Task<HttpResponseMessage> Ask(AuthorizationAssertion assertion, string? scope = "system/*.rs") => Ask(Form(assertion, scope));

    public Task<HttpResponseMessage> Ask(IEnumerable<KeyValuePair<string, string>> form) => Http.PostAsync(Sandbox.TokenUri, new FormUrlEncodedContent(form));

    public Task<HttpResponseMessage> Post(string body, string contentType = "application/x-www-form-urlencoded", string query = "") =>
        Http.PostAsync(Sandbox.TokenUri + query, new StringContent(body, Encoding.UTF8, contentType));

    public async Task<string> Token(string? scope = "system/*.rs")
    {
        using var answer = await Ask(Assertion(), scope);
        return (await Granted(answer)).GetProperty("access_token").GetString()!;
    }

    public async Task SignIn(string? scope = "system/*.rs")
    {
        Http.DefaultRequestHeaders.Authorization = null;
        Http.DefaultRequestHeaders.Authorization = new("Bearer", await Token(scope));
    }

    public static async Task<JsonElement> Granted(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        AssertNotStored(answer);
        return JsonDocument.Parse(text).RootElement;
    }

    public static async Task Refused(HttpResponseMessage answer, string error, string named)
    {
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Contains(named, json.GetProperty("error_description").GetString(), StringComparison.Ordinal);
        Assert.Equal(error, json.GetProperty("error").GetString());
        Assert.Equal(error == "invalid_client" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(json.TryGetProperty("access_token", out _));
        AssertNotStored(answer);
    }

    public void Dispose()
    {
        Key?.Dispose();
        NoRedirects.Dispose();
        Practice.Dispose();
    }

    private static void AssertNotStored(HttpResponseMessage answer)
    {
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
    }
}
