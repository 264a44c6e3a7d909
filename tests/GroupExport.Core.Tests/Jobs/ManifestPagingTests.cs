using GroupExport.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>Manifests that go on at <c>link.next</c>.</summary>
public sealed class ManifestPagingTests
{
    [Fact]
    public async Task Pages_are_read_to_the_end_and_names_run_on()
    {
        await using RecordingServer server = new(arrival => arrival.Target switch
        {
            "/status/1" => Page("files/a", "Patient", next: "page?n=2"),
            "/status/page?n=2" => Page("../files/b", "Patient", next: "/page/3"),
            _ => Page("c", "Observation", next: null),
        });

        ExportStatus status = (await Exports.AskAsync(server)).Status;

        Assert.Equal(["/status/1", "/status/page?n=2", "/page/3"], server.Arrivals.Select(arrival => arrival.Target));
        Assert.All(server.Arrivals, arrival => Assert.Equal("application/json", arrival.Header("Accept")));
        Assert.Equal(["Patient.0001.ndjson", "Patient.0002.ndjson", "Observation.0001.ndjson"], status.Files.Select(file => file.Name));
        Assert.Equal([server.Url("status/files/a"), server.Url("files/b"), server.Url("page/c")], status.Files.Select(file => file.Url));
        Assert.Equal([1, 2, 3], status.Files.Select(file => file.Page));
        Assert.All(status.Files, file => Assert.Equal(0, file.Index));
    }

    [Theory]
    [InlineData("/status/1")]
    [InlineData("/page/2")]
    public async Task A_link_back_to_a_page_already_read_is_an_error_and_not_a_circle(string back)
    {
        int asked = 0;
        await using RecordingServer server = new(arrival => Page("a", "Patient", next: ++asked == 10 ? null : arrival.Target == "/status/1" ? "/page/2" : back));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(ExportErrorKind.InvalidManifest, failure.Kind);
        Assert.Contains("circle", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Arrivals.Count);
    }

    [Fact]
    public async Task A_page_that_fails_for_a_while_is_asked_for_again()
    {
        int asked = 0;
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1"
            ? Page("a", "Patient", next: "/page/2")
            : ++asked switch
            {
                1 => Answer.Plain(503),
                2 => Page("b", "Patient", next: null) with { CutAt = 20 },
                _ => Page("b", "Patient", next: null),
            });

        ExportStatus status = (await Exports.AskAsync(server)).Status;

        Assert.Equal(2, status.Files.Length);
        Assert.Equal(3, server.To("/page/2").Count);
    }

    [Fact]
    public async Task A_page_that_stays_away_is_trouble_and_the_job_goes_on()
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1" ? Page("a", "Patient", next: "/page/2") : Answer.Plain(503));

        StatusAnswer answer = await Exports.AskAsync(server);

        Assert.Contains("503", answer.Trouble, StringComparison.Ordinal);
        Assert.False(answer.IsFinal);
        Assert.Equal(3, server.To("/page/2").Count);
    }

    [Fact]
    public async Task A_page_that_is_refused_is_an_error_at_once()
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1" ? Page("a", "Patient", next: "/page/2") : Answer.Outcome(404, "gone"));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(ExportErrorKind.InvalidManifest, failure.Kind);
        Assert.Equal("gone", failure.ServerMessage);
        Assert.Single(server.To("/page/2"));
    }

    [Fact]
    public async Task A_page_in_which_Redox_says_no_is_an_error_with_its_words_and_log_ids()
    {
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1" ? Page("a", "Patient", next: "/page/2") : Answer.Json(RedoxErrors(""), 400));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal((ExportErrorKind.InvalidManifest, "the words of Redox"), (failure.Kind, failure.ServerMessage));
        Assert.Equal(["log-1"], failure.RedoxLogIds);
        Assert.Single(server.To("/page/2"));
    }

    [Fact]
    public async Task A_page_in_which_Redox_says_that_the_destination_is_busy_is_asked_for_again()
    {
        int asked = 0;
        await using RecordingServer server = new(arrival => arrival.Target == "/status/1"
            ? Page("a", "Patient", next: "/page/2")
            : ++asked == 1 ? Answer.Json(RedoxErrors(""","DestinationStatusCode":503""")) : Page("b", "Patient", next: null));

        ExportStatus status = (await Exports.AskAsync(server)).Status;

        Assert.Equal(2, status.Files.Length);
    }

    private static string RedoxErrors(string code) => $$$"""{"Meta":{"Logs":[{"ID":"log-1"}],"Errors":[{"Text":"the words of Redox"{{{code}}}}]}}""";

    private static Answer Page(string url, string type, string? next)
    {
        string link = next is null ? "" : $$""","link":[{"relation":"next","url":"{{next}}"}]""";
        return Answer.Json($$"""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":false,"output":[{"type":"{{type}}","url":"{{url}}"}]{{link}}}""");
    }
}
