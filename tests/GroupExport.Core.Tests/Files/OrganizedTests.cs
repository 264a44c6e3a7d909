using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Output that is organized by patient: blocks of resources behind headers (Bulk Data Access 3, organizeOutputBy).</summary>
public sealed class OrganizedTests
{
    private const string Manifest = """
        {"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":false,"outputOrganizedBy":"Patient",
         "output":[{"url":"/1","count":3,"continuesInFile":"2"},{"url":"/2","count":1}]}
        """;

    private const string Header = """{"resourceType":"Parameters","parameter":[{"name":"header","valueReference":{"reference":"Patient/1"}}]}""";
    private const string Patient = """{"resourceType":"Patient","id":"1"}""";
    private const string Observation = """{"resourceType":"Observation","id":"1"}""";

    [Fact]
    public async Task Headers_are_no_resources_and_the_receipt_tells_which_file_goes_on()
    {
        await using RecordingServer server = Saves.Server(Manifest, arrival => Answer.Ndjson(arrival.Path == "/1"
            ? $"{Header}\n{Patient}\n{Observation}\n{Observation}\n"
            : $"{Header}\n{Observation}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full });

        Assert.Empty(reports.Of<Failure>());
        ExportReceipt receipt = Receipts.Open(folder.Path);
        Assert.Equal(("Complete", 4L), (receipt.State, receipt.ResourceCount));
        Assert.Equal([("organized.0001.ndjson", "organized.0002.ndjson", 3L), ("organized.0002.ndjson", null, 1L)], receipt.Files.Select(file => (file.Name, file.ContinuesIn, file.Count!.Value)));
    }

    [Theory]
    [InlineData(1, 0, "Count")]
    [InlineData(2, 0, "Count")]
    [InlineData(7, 1, "Length")]
    public async Task A_count_may_include_the_headers_or_not_and_another_one_is_only_worth_a_warning(int count, int warnings, string proof)
    {
        await using RecordingServer server = Saves.Server(Manifest.Replace("\"count\":1", $"\"count\":{count}", StringComparison.Ordinal), arrival => Answer.Ndjson(arrival.Path == "/1"
            ? $"{Header}\n{Patient}\n{Observation}\n{Observation}\n"
            : $"{Header}\n{Observation}\n"));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full });

        Assert.Empty(reports.Of<Failure>());
        Assert.Equal(warnings, reports.Of<Caution>().Count);
        Assert.Equal(("Complete", proof), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).Files[1].ProvedBy));
    }
}
