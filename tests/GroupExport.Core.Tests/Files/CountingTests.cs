using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Counting resources, and comparing the count with the manifest's.</summary>
public sealed class CountingTests
{
    [Theory]
    [InlineData("3")]
    [InlineData("1")]
    [InlineData("0")]
    public async Task A_file_with_another_count_is_kept_aside_and_reported(string count)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile($",\"count\":{count}"), _ => Answer.Ndjson("{}\n{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(("Invalid", 2L, folder.File("Patient.0001.ndjson.invalid")), (reports.File().State, reports.File().Count, reports.File().Path));
        Assert.Equal(ExportErrorKind.CountMismatch, reports.Failure().Kind);
        Assert.Equal("{}\n{}\n", await File.ReadAllTextAsync(folder.File("Patient.0001.ndjson.invalid")));
        Assert.DoesNotContain("Patient.0001.ndjson", folder.Names);
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
        Assert.Equal(2, server.To("/file").Count);
    }

    [Fact]
    public async Task A_rerun_leaves_a_file_that_was_kept_aside_and_replaces_it_only_when_asked_to()
    {
        string body = "{}\n";
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":2"), _ => Answer.Ndjson(body));
        using TemporaryFolder folder = new();
        await Saves.SaveAsync(server, folder);
        body = "{}\n{}\n";

        Reports untouched = await Saves.SaveAsync(server, folder);
        Assert.Equal(("Invalid", ExportErrorKind.CountMismatch), (untouched.File().State, untouched.Failure().Kind));
        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { RetryInvalid = true });

        Assert.Equal("Saved", reports.File().State);
        Assert.Equal([".export.lock", "Patient.0001.ndjson", "export.json", "manifest.json"], folder.Names);
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Theory]
    [InlineData(Validation.None, ",\"count\":7")]
    [InlineData(Validation.Count, "")]
    [InlineData(Validation.Count, ",\"count\":\"many\"")]
    public async Task Without_a_count_or_without_counting_there_is_no_mismatch(Validation validation, string count)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(count), _ => Answer.Ndjson("{}\n{}\n"));
        using TemporaryFolder folder = new();

        SavedFile file = (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = validation })).File();

        Assert.Equal("Saved", file.State);
        Assert.Equal(validation == Validation.None ? null : 2L, file.Count);
    }

    [Fact]
    public async Task Counts_of_message_files_and_of_organized_output_are_not_insisted_on()
    {
        const string manifest = """
            {"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"outputOrganizedBy":"Patient","output":[{"url":"/file","count":9}],"error":[{"url":"/messages","count":9}]}
            """;
        await using RecordingServer server = Saves.Server(manifest, arrival => Answer.Ndjson(arrival.Path == "/messages"
            ? """{"resourceType":"OperationOutcome","issue":[{"severity":"information","code":"informational"}]}"""
            : "{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Empty(reports.Of<Failure>());
        Assert.Equal(["error/OperationOutcome.0001.ndjson", "organized.0001.ndjson"], reports.Of<FileDone>().Select(done => done.File.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }

    [Theory]
    [InlineData("{\"a\":1}\n{\"b\":", "line 2 ")]
    [InlineData("{\"a\":1}\n  <html>\n{\"b\":2}\n", "line 2 ")]
    [InlineData("\u001f\u008b", "line 1 ")]
    public async Task What_is_no_NDJSON_is_kept_aside_even_when_the_manifest_counts_nothing(string body, string complaint)
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(body));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.InvalidFile, reports.Failure().Kind);
        Assert.Contains(complaint, reports.Failure().Message);
        Assert.Contains("Patient.0001.ndjson.invalid", folder.Names);
        Assert.DoesNotContain("Patient.0001.ndjson", folder.Names);
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    [Fact]
    public async Task A_web_page_in_place_of_a_file_is_not_saved()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Plain(200, "<html>Please sign in</html>", "text/html"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.None });

        Assert.Equal(ExportErrorKind.FileFailed, reports.Failure().Kind);
        Assert.Contains("a web page came instead", reports.Failure().Message);
        Assert.DoesNotContain("Patient.0001.ndjson", folder.Names);
    }

    [Fact]
    public async Task A_message_file_that_cannot_be_understood_counts_as_an_error()
    {
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/file"}""", error: """{"type":"OperationOutcome","url":"/messages"}"""),
            arrival => Answer.Ndjson(arrival.Path == "/messages" ? "{\"said\":\"300 patients are missing\"}\n" : "{}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.ServerReportedErrors, reports.Failure().Kind);
        Assert.Equal(("CompletedWithErrors", 1), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).ErrorCount));
    }
}
