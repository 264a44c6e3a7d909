using System.Net;
using GroupExport.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Sandbox;

/// <summary>Links of files that expire, and fresh ones from the same manifest.</summary>
public sealed class LinkTests
{
    [Theory]
    [InlineData("ExpiredLink", HttpStatusCode.Gone, FileRedirect.None)]
    [InlineData("ExpiredLinkNotFound", HttpStatusCode.NotFound, FileRedirect.None)]
    [InlineData("ExpiredLinkForbidden", HttpStatusCode.Forbidden, FileRedirect.None)]
    [InlineData("ExpiredLink", HttpStatusCode.Gone, FileRedirect.Temporary307)]
    [InlineData("ExpiredLink", HttpStatusCode.Gone, FileRedirect.SecondOrigin307)]
    public async Task An_expired_link_stays_so_and_the_manifest_has_another(string fault, HttpStatusCode status, FileRedirect redirect)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { Faults = [fault], FileRedirect = redirect });
        using var kickOff = await client.FhirGet("_type=Patient,Condition");
        var old = (await client.Finish(kickOff)).Output;
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var expired = await client.Http.GetAsync(old[0].Url);
            Assert.Equal(status, expired.StatusCode);
        }

        // The other link is good, and so is a fresh one.
        Assert.NotEmpty(await client.Lines(old[1].Url));
        var fresh = (await client.Finish(kickOff)).Output;
        Assert.NotEqual(old[0].Url, fresh[0].Url);
        Assert.Equal(old[0].Url.Split('?')[0], fresh[0].Url.Split('?')[0]);
        Assert.NotEmpty(await client.Lines(fresh[0].Url));
        Assert.Equal(1, client.Sandbox.FaultCounts[fault]);
    }

    [Fact]
    public async Task Links_live_as_long_as_was_said_and_the_manifest_says_so()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
        using var client = new PracticeClient(PracticeClient.Fast with { Clock = clock, LinkLifetime = TimeSpan.FromMinutes(5) });
        using var kickOff = await client.FhirGet("_type=Patient");
        var manifest = await client.Finish(kickOff);
        using var status = await client.Http.GetAsync(manifest.Status);
        Assert.Equal(clock.GetUtcNow().AddMinutes(5), status.Content.Headers.Expires);
        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.NotEmpty(await client.Lines(manifest.Output[0].Url));
        clock.Advance(TimeSpan.FromSeconds(1));
        using var expired = await client.Http.GetAsync(manifest.Output[0].Url);
        Assert.Equal(HttpStatusCode.Gone, expired.StatusCode);
        Assert.NotEmpty(await client.Lines((await client.Finish(kickOff)).Output[0].Url));
    }

    [Fact]
    public async Task A_link_opens_its_own_file_only()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { LinkLifetime = TimeSpan.FromMinutes(5) });
        var files = (await client.Export("_type=Patient,Condition")).Output;
        foreach (var url in new[] { files[0].Url.Split('?')[0], files[0].Url.Split('?')[0] + "?sig=0", $"{files[0].Url.Split('?')[0]}?{files[1].Url.Split('?')[1]}" })
        {
            using var answer = await client.Http.GetAsync(url);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Links_that_cannot_expire_are_plain()
    {
        using var client = new PracticeClient();
        Assert.DoesNotContain("?", (await client.Export("_type=Patient")).Output[0].Url, StringComparison.Ordinal);
    }
}
