using System.Globalization;
using System.Net;
using GroupExport.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Sandbox;

/// <summary>Faults of kick-offs, status requests and removals. Each passes when it has fired.</summary>
public sealed class RequestFaultTests
{
    [Theory]
    [InlineData("KickOffTooManyRequests", 429, "throttled")]
    [InlineData("KickOffUnavailable", 503, "transient")]
    public async Task A_kick_off_can_be_refused(string fault, int status, string code)
    {
        using var client = With(fault);
        using var refused = await client.FhirGet();
        Assert.Equal(status, (int)refused.StatusCode);
        Assert.Equal(code, (await Outcomes.SingleIssue(refused)).GetProperty("code").GetString());
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.NotEmpty((await client.Export("_type=Patient")).Output);
    }

    [Fact]
    public async Task A_bad_kick_off_uses_up_no_fault()
    {
        using var client = With("KickOffTooManyRequests");
        using var bad = await client.FhirGet("_type=Nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Equal(0, client.Sandbox.FaultCounts["KickOffTooManyRequests"]);
    }

    [Fact]
    public async Task A_kick_off_can_be_cut_off()
    {
        using var client = With("KickOffCut");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.FhirGet());
        using var next = await client.FhirGet();
        Assert.Equal(HttpStatusCode.Accepted, next.StatusCode);
    }

    [Theory]
    [InlineData("NoContentLocation", null)]
    [InlineData("RelativeContentLocation", "/fhir/bulk-status/")]
    public async Task A_status_URL_can_be_missing_or_relative(string fault, string? expected)
    {
        using var client = With(fault);
        using var answer = await client.FhirGet();
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var location = answer.Content.Headers.ContentLocation?.OriginalString;
        Assert.Equal(expected, location?[..(location.LastIndexOf('/') + 1)]);
        using var next = await client.FhirGet();
        Assert.StartsWith("http://", next.Content.Headers.ContentLocation!.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("StatusTooManyRequests", 429, "application/fhir+json")]
    [InlineData("StatusTransientOutcome", 500, "application/fhir+json")]
    [InlineData("StatusHtml503", 503, "text/html")]
    [InlineData("JobFailed", 500, "application/fhir+json")]
    [InlineData("JobInvalid", 422, "application/fhir+json")]
    public async Task A_status_request_can_fail_as_often_as_was_said(string fault, int status, string type)
    {
        using var client = With(fault + "=2");
        using var kickOff = await client.FhirGet("_type=Patient");
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var failed = await client.Http.GetAsync(kickOff.Content.Headers.ContentLocation);
            Assert.Equal((status, type), ((int)failed.StatusCode, failed.Content.Headers.ContentType!.MediaType));
            if (fault == "StatusTransientOutcome")
            {
                Assert.Equal("transient", (await Outcomes.SingleIssue(failed)).GetProperty("code").GetString());
            }
        }

        Assert.NotEmpty((await client.Finish(kickOff)).Output);
    }

    [Fact]
    public async Task A_status_request_can_be_cut_off()
    {
        using var client = With("StatusCut");
        using var kickOff = await client.FhirGet("_type=Patient");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.Http.GetAsync(kickOff.Content.Headers.ContentLocation));
        Assert.NotEmpty((await client.Finish(kickOff)).Output);
    }

    [Fact]
    public async Task A_job_that_is_forgotten_stays_so()
    {
        using var client = With("JobForgotten");
        using var kickOff = await client.FhirGet();
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var gone = await client.Http.GetAsync(kickOff.Content.Headers.ContentLocation);
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }
    }

    [Fact]
    public async Task A_removal_can_be_refused()
    {
        using var client = With("RemovalRefused");
        var manifest = await client.Export("_type=Patient");
        using var refused = await client.Http.DeleteAsync(manifest.Status);
        Assert.Equal(HttpStatusCode.InternalServerError, refused.StatusCode);
        await Outcomes.SingleIssue(refused);
        Assert.NotEmpty(await client.Resources(manifest));
        using var removed = await client.Http.DeleteAsync(manifest.Status);
        Assert.Equal(HttpStatusCode.Accepted, removed.StatusCode);
    }

    [Theory]
    [InlineData(RetryAfterForm.Seconds, "7")]
    [InlineData(RetryAfterForm.HttpDate, "Mon, 23 Nov 2026 08:00:07 GMT")]
    [InlineData(RetryAfterForm.PastDate, "Mon, 23 Nov 2026 07:00:00 GMT")]
    [InlineData(RetryAfterForm.EpochSeconds, "1795420807")]
    [InlineData(RetryAfterForm.None, null)]
    public async Task Retry_After_comes_in_each_form_that_is_seen(RetryAfterForm form, string? expected)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-23T08:00:00Z", CultureInfo.InvariantCulture));
        using var client = new PracticeClient(PracticeClient.Fast with
        {
            Clock = clock, RetryAfterForm = form, RetryAfterSeconds = 7, ExportDuration = TimeSpan.FromHours(1), Faults = ["KickOffTooManyRequests", "StatusTooManyRequests"],
        });
        using var throttled = await client.FhirGet();
        using var kickOff = await client.FhirGet();
        using var often = await client.Http.GetAsync(kickOff.Content.Headers.ContentLocation);
        using var running = await client.Http.GetAsync(kickOff.Content.Headers.ContentLocation);
        Assert.Equal([429, 202, 429, 202], new[] { throttled, kickOff, often, running }.Select(answer => (int)answer.StatusCode));
        Assert.All([throttled, often, running], answer =>
            Assert.Equal(expected, answer.Headers.NonValidated.TryGetValues("Retry-After", out var values) ? values.ToString() : null));
    }

    [Fact]
    public async Task The_log_tells_how_each_request_was_answered()
    {
        using var client = With("StatusHtml503");
        using var bad = await client.FhirGet("_type=Nonsense");
        using var kickOff = await client.FhirGet("_type=Patient");
        using var failed = await client.Http.GetAsync(kickOff.Content.Headers.ContentLocation);
        await client.Resources(await client.Finish(kickOff));
        var codes = client.Sandbox.Requests.Select(request => request.StatusCode).ToList();
        Assert.Equal([400, 202, 503], codes.Take(3));
        Assert.Equal([200, 200], codes.TakeLast(2));
    }

    private static PracticeClient With(params string[] faults) => new(PracticeClient.Fast with { Faults = faults });
}
