using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>A page of the manifest that cannot be had takes nothing away from those before it (Bulk Data Access 3, <c>link</c>).</summary>
public sealed class LostPageTests
{
    private const string A = """{"type":"Patient","url":"/a"}""";
    private const string B = """{"type":"Patient","url":"/b"}""";
    private const string C = """{"type":"Observation","url":"/c"}""";

    [Theory]
    [InlineData(404, "gone", ExportErrorKind.InvalidManifest, "Page 3 of the manifest")]
    [InlineData(200, """{"resourceType":"OperationOutcome","issue":[]}""", ExportErrorKind.InvalidManifest, "Page 3 of the manifest")]
    [InlineData(503, "later", ExportErrorKind.StatusUnavailable, "page 3 of the manifest cannot be had: HTTP 503")]
    [InlineData(200, "<html>", ExportErrorKind.StatusUnavailable, "page 3 of the manifest is no JSON")]
    public async Task The_files_of_the_pages_before_are_saved_and_a_later_run_fetches_the_rest(int status, string body, ExportErrorKind kind, string said)
    {
        bool isLost = true;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/status/1" => Answer.Json(Page(A, "/page/2")),
            "/page/2" => Answer.Json(Page(B, "/page/3")),
            "/page/3" => isLost ? Answer.Plain(status, body, "application/json") : Answer.Json(Page(C)),
            _ => Answer.Ndjson("{}\n"),
        });
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder);

        ExportException failure = Assert.Single(reports.Of<Stopped>()).Exception;
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["Patient.0001.ndjson", "Patient.0002.ndjson"], reports.Of<FileDone>().Select(done => done.File.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("Incomplete", 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));

        isLost = false;
        await SaveAsync(server, folder);

        Assert.Equal(("Complete", 3), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
        Assert.Equal([1, 1, 1], new[] { "/a", "/b", "/c" }.Select(path => server.To(path).Count));
    }

    [Fact]
    public async Task A_page_that_lists_fewer_files_than_before_is_refused_and_what_was_saved_stays()
    {
        int polls = 0;
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1"
            ? ++polls == 1 ? Answer.Json(Page($"{A},{B}"), 202).With("Retry-After", "1") : Answer.Json(Page(A))
            : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder);

        ExportException failure = Assert.Single(reports.Of<Stopped>()).Exception;
        Assert.Equal(ExportErrorKind.InvalidManifest, failure.Kind);
        Assert.Contains("Page 1 of the manifest lists fewer files", failure.Message, StringComparison.Ordinal);
        Assert.Equal(("Incomplete", 2, 2), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).FileCount, Receipts.Open(folder.Path).SavedCount));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational"}]}""")]
    public async Task An_answer_that_is_no_manifest_never_makes_an_empty_export(string body)
    {
        await using RecordingServer server = new(Answer.Json(body));
        using TemporaryFolder folder = new();

        Reports reports = await SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.InvalidManifest, Assert.Single(reports.Of<Stopped>()).Exception.Kind);
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    private static string Page(string output, string? next = null)
    {
        string link = next is null ? "" : $$""","link":[{"relation":"next","url":"{{next}}"}]""";
        return $$"""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"output":[{{output}}]{{link}}}""";
    }

    private static Task<Reports> SaveAsync(RecordingServer server, TemporaryFolder folder)
    {
        SkippingClock clock = new();
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is Waiting)
                {
                    clock.SkipNextTimer();
                }
            },
        };
        ExportJob job = new() { StatusUrl = server.Url("status/1"), GroupId = "g", Parameters = ["allowPartialManifests"] };
        return Saves.SaveAsync(server, folder, new SaveSetup { Job = job, Clock = clock, Reports = reports, Wait = new WaitOptions() });
    }
}
