using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Sandbox;

public sealed class JobTests
{
    [Fact]
    public async Task A_job_tells_its_progress_until_its_time_is_up()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero));
        using var client = new PracticeClient(PracticeClient.Fast with { Clock = clock, ExportDuration = TimeSpan.FromHours(10), RetryAfterSeconds = 7 });
        using var kickOff = await client.FhirGet("_type=Patient");
        clock.Advance(TimeSpan.FromHours(4.5));
        using var early = await client.Http.GetAsync(kickOff.Content.Headers.ContentLocation);
        Assert.Equal(HttpStatusCode.Accepted, early.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), early.Headers.RetryAfter!.Delta);
        Assert.StartsWith("45% done", early.Headers.GetValues("X-Progress").Single(), StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromHours(5.5));
        var manifest = await client.Finish(kickOff);
        Assert.Equal("2026-11-23T08:00:00.000Z", manifest.Json.GetProperty("transactionTime").GetString());
        using var done = await client.Http.GetAsync(manifest.Status);
        Assert.Equal(clock.GetUtcNow().AddHours(1), done.Content.Headers.Expires);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deleted_job_is_gone_with_its_files(bool redox)
    {
        using var client = new PracticeClient();
        var manifest = await client.Finish(redox ? await client.Redox(PracticeClient.RedoxBody().ToJsonString()) : await client.FhirGet());
        using var deleted = await client.Http.DeleteAsync(manifest.Status);
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        using var status = await client.Http.GetAsync(manifest.Status);
        using var file = await client.Http.GetAsync(manifest.Output[0].Url);
        using var again = await client.Http.DeleteAsync(manifest.Status);
        foreach (var answer in new[] { status, file, again })
        {
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("not-found", (await Outcomes.SingleIssue(answer)).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task A_running_job_can_be_deleted()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { ExportDuration = TimeSpan.FromDays(1) });
        using var kickOff = await client.FhirGet();
        using var deleted = await client.Http.DeleteAsync(kickOff.Content.Headers.ContentLocation);
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        using var status = await client.Http.GetAsync(kickOff.Content.Headers.ContentLocation);
        Assert.Equal(HttpStatusCode.NotFound, status.StatusCode);
    }

    [Fact]
    public async Task A_job_is_unknown_below_another_base()
    {
        using var client = new PracticeClient();
        var manifest = await client.Export("_type=Patient");
        using var answer = await client.Http.GetAsync($"{client.RedoxBase}/bulk-status/{manifest.Status.Segments[^1]}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("PUT", "/Group/diabetes-2026/$export", "GET, POST")]
    [InlineData("POST", "/bulk-status/x", "GET, DELETE")]
    [InlineData("DELETE", "/bulk-files/x/y", "GET, HEAD")]
    [InlineData("POST", "/metadata", "GET")]
    [InlineData("DELETE", "/Group/diabetes-2026", "GET")]
    public async Task A_wrong_method_is_refused_with_the_right_ones(string method, string path, string allow)
    {
        using var client = new PracticeClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), client.Sandbox.FhirBaseUri + path) { Content = new ByteArrayContent([]) };
        using var answer = await client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allow, string.Join(", ", answer.Content.Headers.Allow));
        await Outcomes.SingleIssue(answer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fhir")]
    [InlineData("fhir/Patient/patient-0001")]
    [InlineData("fhir/Group")]
    [InlineData("fhir/R4/redox-fhir-sandbox/Development")]
    [InlineData("fhir/Group/diabetes-2026/$import?x=%")]
    public async Task An_unknown_path_is_not_found(string path)
    {
        using var client = new PracticeClient();
        using var answer = await client.Http.GetAsync(client.Sandbox.BaseUri + path);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        await Outcomes.SingleIssue(answer);
    }

    [Fact]
    public async Task With_an_access_token_only_metadata_is_open()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { AccessToken = "s3cret" });
        foreach (var header in new[] { null, "Bearer other", "Basic s3cret", "Bearer" })
        {
            using var request = PracticeClient.KickOff(HttpMethod.Get, client.FhirExport);
            request.Headers.TryAddWithoutValidation("Authorization", header);
            using var refused = await client.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            await Outcomes.SingleIssue(refused);
        }

        using var metadata = await client.Http.GetAsync(client.Sandbox.FhirBaseUri + "/metadata");
        Assert.Equal(HttpStatusCode.OK, metadata.StatusCode);

        client.Http.DefaultRequestHeaders.Authorization = new("Bearer", "s3cret");
        var manifest = await client.Export("_type=Patient");
        Assert.True(manifest.Json.GetProperty("requiresAccessToken").GetBoolean());
        Assert.NotEmpty(await client.Resources(manifest));
        client.Http.DefaultRequestHeaders.Authorization = null;
        using var file = await client.Http.GetAsync(manifest.Output[0].Url);
        Assert.Equal(HttpStatusCode.Unauthorized, file.StatusCode);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 2)]
    [InlineData(4, 1)]
    public async Task A_type_is_split_into_files_of_bounded_length(int most, int files)
    {
        using var client = new PracticeClient(PracticeClient.Fast with { MaxResourcesPerFile = most });
        var manifest = await client.Export("_type=Patient");
        Assert.Equal(files, manifest.Output.Count);
        var ids = (await client.Resources(manifest)).Select(resource => resource.GetProperty("id").GetString());
        Assert.Equal(["patient-0001", "patient-0002", "patient-0003", "patient-0004"], ids);
    }
}
