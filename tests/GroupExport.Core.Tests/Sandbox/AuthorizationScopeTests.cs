using System.Net;

namespace GroupExport.Tests.Sandbox;

public sealed class AuthorizationScopeTests
{
    [Theory]
    [InlineData(null, "system/*.read", "system/*.read")]
    [InlineData(null, "system/Patient.rs system/Observation.r", "system/Patient.rs system/Observation.r")]
    [InlineData(null, null, "system/*.rs")]
    [InlineData("system/Patient.rs", "system/*.rs", "system/Patient.rs")]
    [InlineData("system/Patient.rs", null, "system/Patient.rs")]
    [InlineData("system/*.rs", "system/Patient.read", "system/Patient.read")]
    [InlineData("system/*.rs", "system/*.read", "system/*.read")]
    [InlineData("system/*.rs", "system/*.cruds", "system/*.rs")]
    [InlineData("system/Patient.rs system/Group.r", "system/Patient.rs system/Observation.rs system/Group.*", "system/Patient.rs system/Group.r")]
    [InlineData("system/Patient.rs", "system/Observation.rs", "")]
    [InlineData("system/Patient.r", "system/Patient.s", "")]
    [InlineData("", "system/*.rs", "")]
    public async Task Scopes_are_granted_as_far_as_they_are_allowed(string? allowed, string? asked, string granted)
    {
        using var client = new AuthorizationClient(AuthorizationClient.Signed with { GrantedScopes = allowed?.Split(' ', StringSplitOptions.RemoveEmptyEntries) });
        using var answer = await client.Ask(client.Assertion(), asked);
        if (granted.Length == 0)
        {
            await AuthorizationClient.Refused(answer, "invalid_scope", "scope");
        }
        else
        {
            Assert.Equal(granted, (await AuthorizationClient.Granted(answer)).GetProperty("scope").GetString());
        }
    }

    [Theory]
    [InlineData("system/*.rs", "Patient,Observation", null)]
    [InlineData("system/*.read", "Patient", null)]
    [InlineData("system/*.*", "Patient", null)]
    [InlineData("system/Patient.rs", "Patient", null)]
    [InlineData("system/Patient.read system/Observation.cruds", "Patient,Observation", null)]
    [InlineData("system/Patient.r system/*.s", "Patient", null)]
    [InlineData("system/Patient.rs", "Patient,Observation", "system/Observation.rs")]
    [InlineData("system/Patient.r", "Patient", "system/Patient.rs")]
    [InlineData("system/*.write", "Patient", "system/Patient.rs")]
    public async Task A_kick_off_needs_the_right_to_read_what_it_asks_for(string scope, string types, string? missing)
    {
        using var client = new AuthorizationClient();
        await client.SignIn(scope);
        using var answer = await client.Practice.FhirGet("_type=" + types);
        if (missing is null)
        {
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return;
        }

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("forbidden", (await Outcomes.SingleIssue(answer)).GetProperty("code").GetString());
        Assert.Contains($"error=\"insufficient_scope\", scope=\"{missing}\"", answer.Headers.WwwAuthenticate.Single().Parameter, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_types_everything_within_the_scope_is_exported()
    {
        using var client = new AuthorizationClient();
        await client.SignIn("system/Patient.rs system/Condition.read");
        Assert.Equal(["Condition", "Patient"], (await client.Practice.Export("")).Output.Select(file => file.Type).Order());
        await client.SignIn("system/Slot.rs");
        using var nothing = await client.Practice.FhirGet();
        Assert.Equal(HttpStatusCode.Forbidden, nothing.StatusCode);
    }

    [Theory]
    [InlineData("system/Patient.rs", HttpStatusCode.Forbidden)]
    [InlineData("system/Group.s", HttpStatusCode.Forbidden)]
    [InlineData("system/Group.r", HttpStatusCode.OK)]
    [InlineData("system/*.read", HttpStatusCode.OK)]
    public async Task A_group_is_read_with_the_right_to_read_groups(string scope, HttpStatusCode status)
    {
        using var client = new AuthorizationClient();
        await client.SignIn(scope);
        using var answer = await client.Http.GetAsync($"{client.Sandbox.FhirBaseUri}/Group/{client.Sandbox.GroupId}");
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Discovery_offers_what_is_allowed()
    {
        using var client = new AuthorizationClient(AuthorizationClient.Signed with { GrantedScopes = ["system/*.read"] });
        var json = await client.Http.GetStringAsync(client.Sandbox.FhirBaseUri + "/.well-known/smart-configuration");
        Assert.Contains("\"scopes_supported\":[\"system/*.read\"]", json, StringComparison.Ordinal);
    }
}
