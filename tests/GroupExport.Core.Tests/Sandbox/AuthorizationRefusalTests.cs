using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace GroupExport.Tests.Sandbox;

public sealed class AuthorizationRefusalTests : IDisposable
{
    private readonly AuthorizationClient _client = new();

    public void Dispose() => _client.Dispose();

    private static readonly Dictionary<string, (Action<AuthorizationAssertion, AuthorizationClient> Spoil, string Named)> s_assertions = new()
    {
        ["alg none"] = ((a, _) => (a.Header["alg"], a.Sign) = ("none", _ => []), "alg"),
        ["alg None with a signature"] = ((a, _) => a.Header["alg"] = "None", "alg"),
        ["alg missing"] = ((a, _) => a.Header.Remove("alg"), "alg"),
        ["alg a number"] = ((a, _) => a.Header["alg"] = 384, "alg"),
        ["alg ES256"] = ((a, _) => (a.Header["alg"], a.Sign) = ("ES256", text => a.Key.Sign(text, HashAlgorithmName.SHA256)), "alg"),
        ["alg of another kind of key"] = ((a, _) => a.Header["alg"] = "RS384", "alg"),
        ["alg HS256 with the public key as secret"] = ((a, _) => (a.Header["alg"], a.Sign) = ("HS256", text => HMACSHA256.HashData(PublicBytes(a), text)), "alg"),
        ["alg HS384 with the public key as secret"] = ((a, _) => (a.Header["alg"], a.Sign) = ("HS384", text => HMACSHA384.HashData(PublicBytes(a), text)), "alg"),
        ["ES384 that is an HMAC"] = ((a, _) => a.Sign = text => HMACSHA384.HashData(PublicBytes(a), text), "signature"),
        ["typ missing"] = ((a, _) => a.Header.Remove("typ"), "typ"),
        ["typ at+jwt"] = ((a, _) => a.Header["typ"] = "at+jwt", "typ"),
        ["kid missing"] = ((a, _) => a.Header.Remove("kid"), "kid"),
        ["kid empty"] = ((a, _) => a.Header["kid"] = "", "kid"),
        ["kid unknown"] = ((a, _) => a.Header["kid"] = "other", "kid"),
        ["crit"] = ((a, _) => a.Header["crit"] = new JsonArray("exp"), "crit"),
        ["jku"] = ((a, _) => a.Header["jku"] = "https://keys.example.org", "jku"),
        ["signature of another key"] = ((a, _) => a.Sign = text => AuthorizationKey.EllipticCurve().Sign(text), "signature"),
        ["signature empty"] = ((a, _) => a.Sign = _ => [], "signature"),
        ["signature with one bit turned"] = ((a, _) => a.Sign = text => Turn(a.Key.Sign(text)), "signature"),
        ["signature of zeros"] = ((a, _) => a.Sign = _ => new byte[96], "signature"),
        ["signature in DER"] = ((a, _) => a.Sign = text => a.Key.Sign(text, HashAlgorithmName.SHA384, DSASignatureFormat.Rfc3279DerSequence), "signature"),
        ["signature over SHA-256"] = ((a, _) => a.Sign = text => a.Key.Sign(text, HashAlgorithmName.SHA256), "signature"),
        ["signature over another payload"] = ((a, _) => a.Sign = text => a.Key.Sign(Turn(text)), "signature"),
        ["iss missing"] = ((a, _) => a.Claims.Remove("iss"), "iss"),
        ["iss another client"] = ((a, _) => a.Claims["iss"] = "other", "iss"),
        ["iss and sub another client"] = ((a, _) => (a.Claims["iss"], a.Claims["sub"]) = ("other", "other"), "iss"),
        ["sub missing"] = ((a, _) => a.Claims.Remove("sub"), "sub"),
        ["sub another client"] = ((a, _) => a.Claims["sub"] = "other", "sub"),
        ["aud missing"] = ((a, _) => a.Claims.Remove("aud"), "aud"),
        ["aud with a slash more"] = ((a, c) => a.Claims["aud"] = c.Sandbox.TokenUri + "/", "aud"),
        ["aud another host name"] = ((a, c) => a.Claims["aud"] = c.Sandbox.TokenUri.AbsoluteUri.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "aud"),
        ["aud the FHIR base"] = ((a, c) => a.Claims["aud"] = c.Sandbox.FhirBaseUri.AbsoluteUri, "aud"),
        ["aud in capitals"] = ((a, c) => a.Claims["aud"] = c.Sandbox.TokenUri.AbsoluteUri.ToUpperInvariant(), "aud"),
        ["aud one of two"] = ((a, c) => a.Claims["aud"] = new JsonArray(c.Sandbox.TokenUri.AbsoluteUri, "https://other.example.org"), "aud"),
        ["aud an empty array"] = ((a, _) => a.Claims["aud"] = new JsonArray(), "aud"),
        ["aud an array of an array"] = ((a, c) => a.Claims["aud"] = new JsonArray(new JsonArray(c.Sandbox.TokenUri.AbsoluteUri)), "aud"),
        ["exp missing"] = ((a, _) => a.Claims.Remove("exp"), "exp"),
        ["exp a text"] = ((a, c) => a.Claims["exp"] = $"{Seconds(c) + 240}", "exp"),
        ["exp a fraction"] = ((a, c) => a.Claims["exp"] = Seconds(c) + 240.5, "exp"),
        ["exp in milliseconds"] = ((a, c) => a.Claims["exp"] = (Seconds(c) + 240) * 1000, "exp"),
        ["exp beyond all numbers"] = ((a, _) => a.Claims["exp"] = 1e300, "exp"),
        ["exp now"] = ((a, c) => a.Claims["exp"] = Seconds(c), "exp"),
        ["exp passed"] = ((a, c) => a.Claims["exp"] = Seconds(c) - 1, "exp"),
        ["exp 301 seconds ahead"] = ((a, c) => a.Claims["exp"] = Seconds(c) + 301, "exp"),
        ["iat in the future"] = ((a, c) => a.Claims["iat"] = Seconds(c) + 61, "iat"),
        ["iat a text"] = ((a, _) => a.Claims["iat"] = "now", "iat"),
        ["nbf in the future"] = ((a, c) => a.Claims["nbf"] = Seconds(c) + 61, "nbf"),
        ["jti missing"] = ((a, _) => a.Claims.Remove("jti"), "jti"),
        ["jti empty"] = ((a, _) => a.Claims["jti"] = "", "jti"),
        ["jti a number"] = ((a, _) => a.Claims["jti"] = 1, "jti"),
        ["jti a lone surrogate"] = ((a, _) => a.RawClaims = a.Claims.ToJsonString().Replace((string)a.Claims["jti"]!, "\\ud800", StringComparison.Ordinal), "jti"),
        ["payload an array"] = ((a, _) => a.RawClaims = "[]", "payload"),
        ["payload no JSON"] = ((a, _) => a.RawClaims = "{", "payload"),
        ["payload with a name twice"] = ((a, _) => a.RawClaims = "{\"iss\":\"other\"," + a.Claims.ToJsonString()[1..], "payload"),
    };

    public static TheoryData<string> Assertions => [.. s_assertions.Keys];

    [Theory]
    [MemberData(nameof(Assertions))]
    public async Task An_assertion_is_refused_and_the_answer_names_the_fault(string fault)
    {
        var assertion = _client.Assertion();
        s_assertions[fault].Spoil(assertion, _client);
        using var answer = await _client.Ask(assertion);
        await AuthorizationClient.Refused(answer, "invalid_client", "'s " + s_assertions[fault].Named);

        // The same client is not locked out, nor is its jti used up.
        var right = _client.Assertion();
        right.Claims["jti"] = assertion.Claims["jti"] is JsonValue jti && jti.TryGetValue<string>(out var text) && text.Length > 0 ? text : "fresh";
        using var granted = await _client.Ask(right);
        await AuthorizationClient.Granted(granted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("one.two")]
    [InlineData("one.two.three.four")]
    [InlineData("..")]
    [InlineData("e30.e30.")]
    [InlineData("{}.{}.{}")]
    public async Task Something_that_is_no_assertion_is_refused(string text)
    {
        var form = _client.Form();
        form["client_assertion"] = text;
        using var answer = await _client.Ask(form);
        await AuthorizationClient.Refused(answer, text.Length == 0 ? "invalid_request" : "invalid_client", "assertion");
    }

    [Fact]
    public async Task Another_spelling_of_the_same_base64url_is_refused()
    {
        var form = _client.Form();
        form["client_assertion"] += "=";
        using var padded = await _client.Ask(form);
        await AuthorizationClient.Refused(padded, "invalid_client", "signature");
    }

    [Fact]
    public async Task An_assertion_is_good_for_one_request()
    {
        var assertion = _client.Assertion();
        using var first = await _client.Ask(assertion);
        await AuthorizationClient.Granted(first);
        using var same = await _client.Ask(assertion);
        await AuthorizationClient.Refused(same, "invalid_client", "jti");
        _client.Clock.Advance(TimeSpan.FromSeconds(200));
        var later = _client.Assertion();
        later.Claims["jti"] = (string)assertion.Claims["jti"]!;
        using var resigned = await _client.Ask(later);
        await AuthorizationClient.Refused(resigned, "invalid_client", "jti");

        _client.Clock.Advance(TimeSpan.FromSeconds(40));
        using var afterwards = await _client.Ask(later);
        await AuthorizationClient.Granted(afterwards);
    }

    [Fact]
    public async Task Of_many_requests_at_once_with_one_assertion_one_succeeds()
    {
        var assertion = _client.Assertion();
        var form = _client.Form(assertion);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _client.Ask(form)));
        Assert.Single(answers, answer => answer.IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("grant_type", null, "invalid_request", "grant_type")]
    [InlineData("grant_type", "", "invalid_request", "grant_type")]
    [InlineData("grant_type", "refresh_token", "unsupported_grant_type", "refresh")]
    [InlineData("grant_type", "Client_Credentials", "unsupported_grant_type", "grant_type")]
    [InlineData("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "unsupported_grant_type", "grant_type")]
    [InlineData("client_assertion_type", null, "invalid_request", "client_assertion_type")]
    [InlineData("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer", "invalid_request", "client_assertion_type")]
    [InlineData("client_assertion_type", AuthorizationClient.AssertionType + " ", "invalid_request", "client_assertion_type")]
    [InlineData("client_assertion", null, "invalid_request", "client_assertion")]
    [InlineData("client_id", "sandbox-client", "invalid_request", "client_id")]
    [InlineData("refresh_token", "x", "invalid_request", "refresh_token")]
    [InlineData("resource", "x", "invalid_request", "A field")]
    [InlineData("scope", "system/*.rs,system/Patient.rs", "invalid_scope", "scope")]
    [InlineData("scope", "system/*.rs  system/Patient.rs", "invalid_scope", "scope")]
    [InlineData("scope", " system/*.rs", "invalid_scope", "scope")]
    [InlineData("scope", "user/*.read", "invalid_scope", "scope")]
    [InlineData("scope", "system/*.sr", "invalid_scope", "scope")]
    [InlineData("scope", "system/*.", "invalid_scope", "scope")]
    [InlineData("scope", "system/Patients.rs", "invalid_scope", "scope")]
    [InlineData("scope", "openid", "invalid_scope", "scope")]
    public async Task A_form_is_refused(string field, string? value, string error, string named)
    {
        var form = _client.Form();
        form.Remove(field);
        if (value is not null)
        {
            form[field] = value;
        }

        using var answer = await _client.Ask(form);
        await AuthorizationClient.Refused(answer, error, named);
    }

    [Fact]
    public async Task A_field_that_stands_twice_is_refused()
    {
        using var answer = await _client.Ask(_client.Form().Append(new("scope", "system/*.rs")));
        await AuthorizationClient.Refused(answer, "invalid_request", "scope");
    }

    [Fact]
    public async Task A_token_request_is_a_form_in_the_body_of_a_post_and_nothing_else()
    {
        var form = await new FormUrlEncodedContent(_client.Form()).ReadAsStringAsync();
        using var json = await _client.Post("{}", "application/json");
        await AuthorizationClient.Refused(json, "invalid_request", "Content-Type");
        using var text = await _client.Post(form, "text/plain");
        await AuthorizationClient.Refused(text, "invalid_request", "Content-Type");
        using var query = await _client.Post(form, query: "?scope=system/*.rs");
        await AuthorizationClient.Refused(query, "invalid_request", "query");
        using var get = await _client.Http.GetAsync($"{_client.Sandbox.TokenUri}?{form}");
        Assert.Equal(405, (int)get.StatusCode);
        _client.Http.DefaultRequestHeaders.Authorization = new("Bearer", "x");
        using var both = await _client.Post(form);
        await AuthorizationClient.Refused(both, "invalid_request", "Authorization");
    }

    private static byte[] PublicBytes(AuthorizationAssertion assertion) => Encoding.ASCII.GetBytes(assertion.Key.Key.ExportSubjectPublicKeyInfoPem());

    private static long Seconds(AuthorizationClient client) => client.Clock.GetUtcNow().ToUnixTimeSeconds();

    private static byte[] Turn(byte[] bytes)
    {
        bytes[^1] ^= 1;
        return bytes;
    }
}
