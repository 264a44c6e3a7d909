using System.Net;
using GroupExport.Sandbox;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Sandbox;

/// <summary><c>separate-export-status</c>: the status request's own state and the export's are told apart.</summary>
public sealed class SeparateStatusTests
{
    private const string Separate = "respond-async,separate-export-status";
    private static readonly SandboxOptions s_third = PracticeClient.Fast with { SpecVersion = 3 };

    [Fact]
    public async Task The_export_has_its_own_status()
    {
        var clock = new FakeTimeProvider();
        using var client = new PracticeClient(s_third with { Clock = clock, ExportDuration = TimeSpan.FromHours(1) });
        using var kickOff = await client.Preferring(Separate);
        Assert.Equal("respond-async, separate-export-status", kickOff.Headers.GetValues("Preference-Applied").Single());
        using var running = await Status(client, kickOff);
        Assert.Equal((HttpStatusCode.OK, "202 Accepted", "1"), (running.StatusCode, ExportStatus(running), running.Headers.RetryAfter!.ToString()));
        clock.Advance(TimeSpan.FromHours(1));
        using var done = await Status(client, kickOff);
        Assert.Equal((HttpStatusCode.OK, "200 OK"), (done.StatusCode, ExportStatus(done)));
        Assert.Contains("transactionTime", await done.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("JobFailed", 200, "500 Internal Server Error")]
    [InlineData("JobInvalid", 200, "422 Unprocessable Content")]
    [InlineData("StatusTooManyRequests", 429, null)]
    [InlineData("StatusTransientOutcome", 500, null)]
    [InlineData("StatusHtml503", 503, null)]
    [InlineData("JobForgotten", 404, null)]
    public async Task Only_what_is_said_of_the_export_moves_to_the_header(string fault, int status, string? exportStatus)
    {
        using var client = new PracticeClient(s_third with { Faults = [fault] });
        using var kickOff = await client.Preferring(Separate);
        using var answer = await Status(client, kickOff);
        Assert.Equal((status, exportStatus), ((int)answer.StatusCode, ExportStatus(answer)));
    }

    [Theory]
    [InlineData(3, "SeparateStatusNotApplied", Separate)]
    [InlineData(3, null, "respond-async")]
    [InlineData(2, null, Separate)]
    public async Task Where_it_is_not_applied_the_status_is_the_classic_one(int version, string? fault, string prefer)
    {
        using var client = new PracticeClient(s_third with { SpecVersion = version, ExportDuration = TimeSpan.FromHours(1), Faults = fault is null ? [] : [fault] });
        using var kickOff = await client.Preferring(prefer);
        Assert.False(kickOff.Headers.Contains("Preference-Applied"));
        using var answer = await Status(client, kickOff);
        Assert.Equal((HttpStatusCode.Accepted, null), (answer.StatusCode, ExportStatus(answer)));
    }

    private static Task<HttpResponseMessage> Status(PracticeClient client, HttpResponseMessage kickOff) => client.Http.GetAsync(kickOff.Content.Headers.ContentLocation);

    private static string? ExportStatus(HttpResponseMessage answer) => answer.Headers.TryGetValues("X-Export-Status", out var values) ? values.Single() : null;
}
