using GroupExport.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>Servers that keep the state of the export apart from that of the status request (Bulk Data Access 3, separate-export-status).</summary>
public sealed class SeparateStatusTests
{
    private const string Manifest = """{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"output":[{"type":"Patient","url":"/a"}]}""";

    [Theory]
    [InlineData("202 Accepted", "", "InProgress", 0)]
    [InlineData("202", "", "InProgress", 0)]
    [InlineData("200 OK", Manifest, "Complete", 1)]
    [InlineData("500 Internal Server Error", """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception","diagnostics":"broke"}]}""", "Failed", 0)]
    [InlineData("404 Not Found", "", "Failed", 0)]
    [InlineData("nonsense", Manifest, "Complete", 1)]
    public async Task Its_own_header_tells_how_the_export_is(string status, string body, string state, int files)
    {
        await using RecordingServer server = new(Answer.Json(body).With("X-Export-Status", status).With("Retry-After", "7"));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Equal((state, files), (answer.Status.State, answer.Status.Files.Length));
        Assert.Equal(state != "InProgress", answer.IsFinal);
    }

    [Fact]
    public async Task Only_a_transient_issue_means_that_the_export_goes_on()
    {
        await using RecordingServer server = new(Answer.Outcome(200, "later", code: "transient").With("X-Export-Status", "503"));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Equal(("InProgress", false), (answer.Status.State, answer.IsFinal));
        Assert.Contains("later", answer.Trouble);
    }

    [Fact]
    public async Task The_state_of_the_request_itself_still_counts()
    {
        await using RecordingServer server = new(Answer.Plain(429).With("X-Export-Status", "200 OK"));

        Assert.Contains("429", (await Exports.AskAsync(server)).Trouble);
    }
}
