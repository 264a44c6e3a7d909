using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Two answers for one manifest need not agree; a receipt never says complete because names happen to match.</summary>
public sealed class ReorderedManifestTests
{
    private const string A = """{"type":"Patient","url":"/a"}""";
    private const string B = """{"type":"Patient","url":"/b"}""";

    [Fact]
    public async Task Files_that_change_places_are_told_apart_by_where_they_are()
    {
        string[] manifests = [Saves.Manifest($"{A},{B}"), Saves.Manifest($"{B},{A}")];
        int asked = 0;
        await using RecordingServer server = Saves.Server(() => manifests[Math.Min(asked++, 1)], arrival => arrival.Path switch
        {
            "/a" => Answer.Ndjson("{\"a\":1}\n"),
            _ => asked < 2 ? Answer.Plain(400) : Answer.Ndjson("{\"b\":1}\n"),
        });
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
        await Saves.SaveAsync(server, folder);

        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        Assert.Equal(["{\"b\":1}\n", "{\"a\":1}\n"], [File.ReadAllText(folder.File("Patient.0001.ndjson")), File.ReadAllText(folder.File("Patient.0002.ndjson"))]);
    }

    [Fact]
    public async Task A_file_that_is_no_longer_listed_stays_missing()
    {
        string[] manifests = [Saves.Manifest($"{A},{B}"), Saves.Manifest(A)];
        int asked = 0;
        await using RecordingServer server = Saves.Server(() => manifests[Math.Min(asked++, 1)], arrival => arrival.Path == "/a" ? Answer.Ndjson("{\"a\":1}\n") : Answer.Plain(404));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);
        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
        Assert.Contains(reports.Of<Caution>(), caution => caution.Text.Contains("lists 1 files"));
    }
}
