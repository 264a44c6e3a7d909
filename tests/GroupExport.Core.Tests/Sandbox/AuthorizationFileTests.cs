using System.Net;
using System.Text.Json;
using GroupExport.Sandbox;

namespace GroupExport.Tests.Sandbox;

public sealed class AuthorizationFileTests
{
    private static readonly SandboxOptions s_separate = AuthorizationClient.Signed with { SeparateFileOrigin = true };

    [Fact]
    public async Task Files_of_a_second_origin_refuse_to_see_a_token()
    {
        using var client = new AuthorizationClient(s_separate);
        var (manifest, url) = await Export(client);
        Assert.False(manifest.Json.GetProperty("requiresAccessToken").GetBoolean());
        Assert.Equal(client.Sandbox.FileOrigin, new Uri(new Uri(url), "/"));
        Assert.NotEqual(client.Sandbox.BaseUri, client.Sandbox.FileOrigin);
        await AssertFile(client, url, token: false, HttpStatusCode.OK);
        await AssertFile(client, url, token: true, HttpStatusCode.BadRequest);

        var log = client.Sandbox.FileOriginRequests;
        Assert.IsType<SandboxRequest[]>(log);
        Assert.IsType<SandboxRequest[]>(client.Sandbox.Requests);
        Assert.Equal([false, true], log.Select(request => request.Headers.ContainsKey("Authorization")));
        Assert.Equal("Bearer ***", log[1].Headers["Authorization"]);
        Assert.DoesNotContain(client.Sandbox.Requests, request => request.Path.Contains("bulk-files", StringComparison.Ordinal));

        // Nothing else is there, and the files are not on the first origin.
        using var elsewhere = await client.NoRedirects.GetAsync(client.Sandbox.FileOrigin + "fhir/metadata");
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        await AssertFile(client, client.Sandbox.BaseUri + new Uri(url).AbsolutePath[1..], token: true, HttpStatusCode.NotFound);
        client.Sandbox.ClearRequests();
        Assert.Empty(client.Sandbox.FileOriginRequests);
    }

    [Fact]
    public async Task Files_of_a_second_origin_can_demand_a_token()
    {
        using var client = new AuthorizationClient(s_separate with { FileOriginDemandsToken = true });
        var (manifest, url) = await Export(client);
        Assert.True(manifest.Json.GetProperty("requiresAccessToken").GetBoolean());
        await AssertFile(client, url, token: true, HttpStatusCode.OK);
        await AssertFile(client, url, token: false, HttpStatusCode.Unauthorized);
        client.Clock.Advance(TimeSpan.FromMinutes(5));
        await AssertFile(client, url, token: true, HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(true, null, "true", HttpStatusCode.Unauthorized)]
    [InlineData(false, null, "false", HttpStatusCode.OK)]
    [InlineData(null, "true", "\"true\"", HttpStatusCode.Unauthorized)]
    [InlineData(null, "false", "\"false\"", HttpStatusCode.OK)]
    [InlineData(null, "", null, HttpStatusCode.Unauthorized)]
    [InlineData(null, null, "true", HttpStatusCode.Unauthorized)]
    public async Task The_first_origin_keeps_to_the_manifest(bool? value, string? text, string? written, HttpStatusCode withoutToken)
    {
        using var client = new AuthorizationClient(AuthorizationClient.Signed with { RequiresAccessToken = value, RequiresAccessTokenText = text });
        var (manifest, url) = await Export(client);
        Assert.Equal(written, manifest.Json.TryGetProperty("requiresAccessToken", out var json) ? json.GetRawText() : null);
        await AssertFile(client, url, token: true, HttpStatusCode.OK);
        await AssertFile(client, url, token: false, withoutToken);
        Assert.Null(client.Sandbox.FileOrigin);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task The_manifest_can_be_wrong_about_the_second_origin(bool said, bool demanded)
    {
        using var client = new AuthorizationClient(s_separate with { RequiresAccessToken = said, FileOriginDemandsToken = demanded });
        var (manifest, url) = await Export(client);
        Assert.Equal(said, manifest.Json.GetProperty("requiresAccessToken").GetBoolean());
        await AssertFile(client, url, token: said, said ? HttpStatusCode.BadRequest : HttpStatusCode.Unauthorized);
        await AssertFile(client, url, token: demanded, HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(FileRedirect.Found302, false, 302, false)]
    [InlineData(FileRedirect.Temporary307, false, 307, false)]
    [InlineData(FileRedirect.Found302, true, 302, true)]
    [InlineData(FileRedirect.Temporary307, true, 307, true)]
    [InlineData(FileRedirect.SecondOrigin307, false, 307, true)]
    [InlineData(FileRedirect.SecondOrigin307, true, 307, true)]
    public async Task Files_are_redirected(FileRedirect redirect, bool separate, int status, bool toSecond)
    {
        using var client = new AuthorizationClient(AuthorizationClient.Signed with { FileRedirect = redirect, SeparateFileOrigin = separate });
        var (manifest, url) = await Export(client);
        Assert.True(manifest.Json.GetProperty("requiresAccessToken").GetBoolean());
        Assert.StartsWith(client.Sandbox.BaseUri.AbsoluteUri, url, StringComparison.Ordinal);
        await AssertFile(client, url, token: false, HttpStatusCode.Unauthorized);

        var target = (await AssertFile(client, url, token: true, (HttpStatusCode)status))!;
        Assert.Equal(toSecond ? client.Sandbox.FileOrigin : client.Sandbox.BaseUri, new Uri(target, "/"));
        await AssertFile(client, target.AbsoluteUri, token: !toSecond, HttpStatusCode.OK);
        await AssertFile(client, target.AbsoluteUri, token: toSecond, toSecond ? HttpStatusCode.BadRequest : HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Without_authorization_redirects_and_the_second_origin_work_too()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { FileRedirect = FileRedirect.SecondOrigin307 });
        var manifest = await client.Export("_type=Patient");
        Assert.False(manifest.Json.GetProperty("requiresAccessToken").GetBoolean());
        Assert.Equal(4, (await client.Resources(manifest)).Count);
        Assert.Single(client.Sandbox.FileOriginRequests);
        client.Sandbox.Stop();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetAsync(client.Sandbox.FileOrigin));
    }

    private static async Task<(PracticeClient.Manifest Manifest, string Url)> Export(AuthorizationClient client)
    {
        await client.SignIn();
        var manifest = await client.Practice.Export("_type=Patient");
        return (manifest, Assert.Single(manifest.Output).Url);
    }

    private static async Task<Uri?> AssertFile(AuthorizationClient client, string url, bool token, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Authorization = token ? client.Http.DefaultRequestHeaders.Authorization : null;
        using var answer = await client.NoRedirects.SendAsync(request);
        Assert.Equal(status, answer.StatusCode);
        if (status == HttpStatusCode.OK)
        {
            var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(4, lines.Count(line => JsonDocument.Parse(line).RootElement.GetProperty("resourceType").GetString() == "Patient"));
        }
        else if ((int)status >= 400)
        {
            await Outcomes.SingleIssue(answer);
        }

        return answer.Headers.Location;
    }
}
