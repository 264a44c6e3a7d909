using System.Text.Json;
using GroupExport.Authorization;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Authorization.Keys;

/// <summary>SMART, client-confidential-asymmetric: header and claims.</summary>
public sealed class ClientAssertionTests : IDisposable
{
    private readonly SigningKey _key = KeyReader.Read(MadeKeys.Text("EC JWK"), new KeyHints());
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 4, 5, 6, 789, TimeSpan.Zero));

    public void Dispose() => _key.Dispose();

    [Fact]
    public void The_header_names_algorithm_key_and_type_and_nothing_else()
    {
        JsonElement header = Make().Header;

        Assert.Equal(["alg", "kid", "typ"], header.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("ES384", header.GetProperty("alg").GetString());
        Assert.Equal(MadeKeys.KeyId, header.GetProperty("kid").GetString());
        Assert.Equal("JWT", header.GetProperty("typ").GetString());
    }

    [Fact]
    public void The_claims_are_those_of_SMART_and_nothing_else()
    {
        JsonElement claims = Make().Claims;

        Assert.Equal(["aud", "exp", "iat", "iss", "jti", "sub"], claims.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("client 1", claims.GetProperty("iss").GetString());
        Assert.Equal("client 1", claims.GetProperty("sub").GetString());
        Assert.Equal(JsonValueKind.String, claims.GetProperty("aud").ValueKind);
        Assert.True(Guid.TryParse(claims.GetProperty("jti").GetString(), out _));
    }

    [Theory]
    [InlineData("https://api.example.test/v2/auth/token")]
    [InlineData("https://API.Example.test:443/v2/../auth/token/?a=%7E+b&c=ü#")]
    [InlineData("https://example.test")]
    public void The_audience_is_the_token_URL_character_by_character(string tokenUri) =>
        Assert.Equal(tokenUri, Make(tokenUri).Claims.GetProperty("aud").GetString());

    [Fact]
    public void It_ends_less_than_five_minutes_ahead_in_whole_seconds()
    {
        JsonElement claims = Make().Claims;
        long now = _clock.GetUtcNow().ToUnixTimeSeconds();

        Assert.Equal($"{now}", claims.GetProperty("iat").GetRawText());
        Assert.Equal($"{now + 240}", claims.GetProperty("exp").GetRawText());
    }

    [Fact]
    public void Each_one_is_made_anew()
    {
        ClientAssertion assertion = new(_key, "client 1", new Uri("https://example.test/token"), _clock);
        SignedAssertion first = new(assertion.Create());
        SignedAssertion second = new(assertion.Create());
        _clock.Advance(TimeSpan.FromMinutes(10));
        SignedAssertion later = new(assertion.Create());

        Assert.NotEqual(first.Claims.GetProperty("jti").GetString(), second.Claims.GetProperty("jti").GetString());
        Assert.Equal(600, later.Claims.GetProperty("exp").GetInt64() - first.Claims.GetProperty("exp").GetInt64());
        Assert.All([first, second, later], made => Assert.True(made.IsSignedBy(MadeKeys.P384)));
    }

    [Fact]
    public void Threads_may_share_it()
    {
        ClientAssertion assertion = new(_key, "client 1", new Uri("https://example.test/token"), _clock);
        string[] made = new string[50];

        Parallel.For(0, made.Length, index => made[index] = assertion.Create());

        Assert.Equal(made.Length, made.Select(one => new SignedAssertion(one).Claims.GetProperty("jti").GetString()).Distinct().Count());
        Assert.All(made, one => Assert.True(new SignedAssertion(one).IsSignedBy(MadeKeys.P384)));
    }

    [Fact]
    public void Shown_it_names_the_key_only() =>
        Assert.Equal(
            $"private_key_jwt with ES384 key {MadeKeys.KeyId} ({_key.Thumbprint})",
            new ClientAssertion(_key, "client 1", new Uri("https://example.test/token"), _clock).ToString());

    private SignedAssertion Make(string tokenUri = "https://example.test/token")
    {
        SignedAssertion made = new(new ClientAssertion(_key, "client 1", new Uri(tokenUri), _clock).Create());
        Assert.True(made.IsSignedBy(MadeKeys.P384));
        return made;
    }
}
