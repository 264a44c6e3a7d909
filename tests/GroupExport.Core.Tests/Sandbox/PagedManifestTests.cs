using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Sandbox;

/// <summary>Manifests on several pages, at the end or one by one while the export runs.</summary>
public sealed class PagedManifestTests
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 23, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, "1 1 1")]
    [InlineData(2, "2 1")]
    [InlineData(3, "3")]
    public async Task Files_are_spread_over_pages(int size, string counts)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { ManifestPageSize = size });
        var page = (await client.Export("_type=Patient,Observation,Condition")).Json;
        var types = new List<string>();
        var found = new List<int>();
        while (true)
        {
            Assert.Equal(["transactionTime", "request", "requiresAccessToken", "output", "deleted", "error"], page.EnumerateObject().Select(property => property.Name).Take(6));
            found.Add(page.GetProperty("output").GetArrayLength());
            types.AddRange(page.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString()!));
            if (!page.TryGetProperty("link", out var link))
            {
                break;
            }

            Assert.Equal("next", Assert.Single(link.EnumerateArray()).GetProperty("relation").GetString());
            page = await Read(client, link[0].GetProperty("url").GetString()!);
        }

        Assert.Equal(counts, string.Join(' ', found));
        Assert.Equal(["Condition", "Observation", "Patient"], types);
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=3")]
    [InlineData("page=x")]
    public async Task A_page_that_does_not_exist_is_not_found(string query)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { ManifestPageSize = 1 });
        var manifest = await client.Export("_type=Patient,Condition");
        using var answer = await client.Http.GetAsync($"{manifest.Status}?{query}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Partial_manifests_come_while_the_export_runs_and_their_links_before_their_pages()
    {
        var clock = new FakeTimeProvider(s_start);
        using var client = new PracticeClient(PracticeClient.Fast with { SpecVersion = 3, Clock = clock, ExportDuration = TimeSpan.FromMinutes(20), LinkLifetime = TimeSpan.FromHours(1) });
        using var kickOff = await client.FhirGet("_type=Patient,Observation,Condition&allowPartialManifests=true");
        var status = kickOff.Content.Headers.ContentLocation!.ToString();

        // Nothing yet.
        await Expect(client, status, 202, "");
        // Half of the time: the first page, without a link.
        clock.Advance(TimeSpan.FromMinutes(10));
        var first = await Expect(client, status, 202, "Condition Observation");
        Assert.False(first.TryGetProperty("link", out _));
        Assert.NotEmpty(await client.Lines(Url(first)));
        // A while later the link, to a page that is not ready.
        clock.Advance(TimeSpan.FromMinutes(5));
        first = await Expect(client, status, 202, "Condition Observation");
        var next = first.GetProperty("link")[0].GetProperty("url").GetString()!;
        await Expect(client, next, 202, "");
        // The end.
        clock.Advance(TimeSpan.FromMinutes(5));
        var whole = await Expect(client, status, 200, "Condition Observation");
        Assert.NotEqual(Url(first), Url(whole));
        var last = await Expect(client, next, 200, "Patient");
        Assert.False(last.TryGetProperty("link", out _));
        Assert.NotEmpty(await client.Lines(Url(last)));
    }

    [Fact]
    public async Task A_file_of_a_page_that_is_not_ready_cannot_be_had()
    {
        var clock = new FakeTimeProvider(s_start);
        using var client = new PracticeClient(PracticeClient.Fast with { SpecVersion = 3, Clock = clock, ExportDuration = TimeSpan.FromMinutes(20) });
        using var kickOff = await client.FhirGet("_type=Patient,Condition&allowPartialManifests=true");
        clock.Advance(TimeSpan.FromMinutes(10));
        var first = await Expect(client, kickOff.Content.Headers.ContentLocation!.ToString(), 202, "Condition");
        using var early = await client.Http.GetAsync(Url(first).Replace("Condition", "Patient", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
    }

    [Fact]
    public async Task Without_the_parameter_there_is_no_manifest_before_the_end()
    {
        var clock = new FakeTimeProvider(s_start);
        using var client = new PracticeClient(PracticeClient.Fast with { SpecVersion = 3, Clock = clock, ExportDuration = TimeSpan.FromMinutes(20), ManifestPageSize = 1 });
        using var kickOff = await client.FhirGet("_type=Patient,Condition");
        clock.Advance(TimeSpan.FromMinutes(19));
        await Expect(client, kickOff.Content.Headers.ContentLocation!.ToString(), 202, "");
    }

    [Theory]
    [InlineData("NextPageTransient", HttpStatusCode.ServiceUnavailable, "transient")]
    [InlineData("NextPageFatal", HttpStatusCode.BadRequest, "processing")]
    public async Task A_further_page_can_fail(string fault, HttpStatusCode status, string code)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { ManifestPageSize = 1, Faults = [fault] });
        var manifest = await client.Export("_type=Patient,Condition");
        var next = manifest.Json.GetProperty("link")[0].GetProperty("url").GetString()!;
        using var failed = await client.Http.GetAsync(next);
        Assert.Equal(status, failed.StatusCode);
        Assert.Equal(code, (await Outcomes.SingleIssue(failed)).GetProperty("code").GetString());
        Assert.Equal("Patient", (await Read(client, next)).GetProperty("output")[0].GetProperty("type").GetString());
    }

    private static string Url(JsonElement page) => page.GetProperty("output")[0].GetProperty("url").GetString()!;

    private static async Task<JsonElement> Read(PracticeClient client, string url) => JsonDocument.Parse(await client.Http.GetStringAsync(url)).RootElement;

    /// <summary>The status, and the types of the output; none for an answer without a body. Composing the output may take a moment: until then the answer is 202 without one.</summary>
    private static async Task<JsonElement> Expect(PracticeClient client, string url, int status, string types)
    {
        while (true)
        {
            using var answer = await client.Http.GetAsync(url);
            var body = await answer.Content.ReadAsStringAsync();
            var page = body.Length > 0 ? JsonDocument.Parse(body).RootElement : default;
            var found = body.Length > 0 ? string.Join(' ', page.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("type").GetString())) : "";
            if (((int)answer.StatusCode, found) == (status, types) || ((int)answer.StatusCode, found) != (202, ""))
            {
                Assert.Equal((status, types), ((int)answer.StatusCode, found));
                return page;
            }

            await Task.Delay(5);
        }
    }
}
