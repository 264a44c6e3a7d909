using System.Net;
using System.Text.Json;

namespace GroupExport.Tests.Sandbox;

/// <summary>Faults of access tokens.</summary>
public sealed class TokenFaultTests
{
    [Fact]
    public async Task The_token_endpoint_can_be_unavailable()
    {
        using var client = With("TokenUnavailable");
        using var refused = await client.Ask(client.Assertion());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.NotEmpty(await client.Token());
    }

    [Fact]
    public async Task Less_can_be_granted_than_was_asked_for()
    {
        using var client = With("NarrowScope");
        using var answer = await client.Ask(client.Assertion());
        Assert.Equal("system/Patient.rs", (await AuthorizationClient.Granted(answer)).GetProperty("scope").GetString());
        using var next = await client.Ask(client.Assertion());
        Assert.Equal("system/*.rs", (await AuthorizationClient.Granted(next)).GetProperty("scope").GetString());
    }

    [Fact]
    public async Task A_token_of_narrow_scope_exports_no_more()
    {
        using var client = With("NarrowScope");
        await client.SignIn();
        using var refused = await client.Practice.FhirGet("_type=Observation");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.NotEmpty((await client.Practice.Export("_type=Patient")).Output);
    }

    [Fact]
    public async Task The_lifetime_can_be_a_text()
    {
        using var client = With("ExpiresInAsText");
        using var answer = await client.Ask(client.Assertion());
        var lifetime = (await AuthorizationClient.Granted(answer)).GetProperty("expires_in");
        Assert.Equal((JsonValueKind.String, "300"), (lifetime.ValueKind, lifetime.GetString()));
        using var next = await client.Ask(client.Assertion());
        Assert.Equal(300, (await AuthorizationClient.Granted(next)).GetProperty("expires_in").GetInt32());
    }

    [Fact]
    public async Task A_token_that_is_good_can_be_refused()
    {
        using var client = With("TokenRejected");
        await client.SignIn();
        using var refused = await client.Practice.FhirGet("_type=Patient");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("invalid_token", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        using var next = await client.Practice.FhirGet("_type=Patient");
        Assert.Equal(HttpStatusCode.Accepted, next.StatusCode);
    }

    private static AuthorizationClient With(string fault) => new(AuthorizationClient.Signed with { Faults = [fault] });
}
