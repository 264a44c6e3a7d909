using System.Security.Cryptography;
using System.Text;
using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Each kind of damage to a saved export is found, and nothing else is.</summary>
public sealed class FolderCheckTests
{
    private static readonly byte[] s_content = Encoding.UTF8.GetBytes(SavedFolder.Content);

    [Theory]
    [InlineData(false, Validation.Full)]
    [InlineData(false, Validation.Count)]
    [InlineData(true, Validation.Full)]
    public async Task What_was_saved_is_intact(bool compress, Validation validation)
    {
        using SavedFolder folder = await SavedFolder.MakeAsync(new SaveSetup { Compress = compress, Validation = validation });

        IReadOnlyList<FileCheck> checks = await folder.CheckAsync();

        string ending = compress ? ".gz" : "";
        Assert.Equal([SavedFolder.First + ending, SavedFolder.Second + ending, SavedFolder.Deleted + ending, SavedFolder.Message + ending], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.Equal(("Intact", true, "", "diabetes-2026"), (check.State, check.Passed, check.Detail, check.GroupId)));
        FileCheck first = checks[0];
        Assert.Equal(("output", "Patient", 4L, (long)s_content.Length), (first.Kind, first.Type, first.Count, first.Bytes));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(s_content)).ToLowerInvariant(), first.Sha256);
        Assert.Equal((folder.File(SavedFolder.First + ending), $"{first.Name}: Intact"), (first.Path, first.ToString()));
        Assert.Equal(["output", "output", "deleted", "error"], checks.Select(check => check.Kind));
    }

    [Theory]
    [InlineData(SavedFolder.First)]
    [InlineData(SavedFolder.Deleted)]
    [InlineData(SavedFolder.Message)]
    public async Task A_byte_that_changed_is_found_by_its_hash_though_the_size_is_the_same(string name)
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        folder.Flip(name, 5);

        FileCheck found = await folder.FindingAsync();

        Assert.Equal((name, "Changed", "another SHA-256 than when it was saved"), (found.Name, found.State, found.Detail));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(folder.File(name)))).ToLowerInvariant(), found.Sha256);
    }

    [Fact]
    public async Task A_file_that_was_cut_tells_what_is_left()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        await File.WriteAllBytesAsync(folder.File(SavedFolder.First), s_content[..50]);

        FileCheck found = await folder.FindingAsync();

        Assert.Equal(("Changed", 50L, 2L), (found.State, found.Bytes, found.Count));
        Assert.Equal($"50 bytes on disk instead of {s_content.Length}; 2 resources instead of 4", found.Detail);
    }

    [Fact]
    public async Task A_file_that_grew_or_was_emptied_is_changed()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        await File.AppendAllTextAsync(folder.File(SavedFolder.First), "\n");
        await File.WriteAllTextAsync(folder.File(SavedFolder.Second), "");

        IReadOnlyList<FileCheck> checks = await folder.CheckAsync();

        Assert.Equal(["Changed", "Changed", "Intact", "Intact"], checks.Select(check => check.State));
        Assert.Equal(($"{s_content.Length + 1} bytes on disk instead of {s_content.Length}", 4L), (checks[0].Detail, checks[0].Count));
        Assert.Equal((0L, 0L), (checks[1].Bytes, checks[1].Count));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_missing_and_one_that_was_renamed_is_a_stray_too()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        File.Delete(folder.File(SavedFolder.Deleted));
        File.Move(folder.File(SavedFolder.First), folder.File("Patient.0007.ndjson"));
        File.Delete(folder.File(SavedFolder.Second));
        Directory.CreateDirectory(folder.File(SavedFolder.Second));

        IReadOnlyList<FileCheck> checks = await folder.CheckAsync();

        Assert.Equal(
            ["Patient.0001.ndjson: Missing, no longer there", "Patient.0002.ndjson: Missing, a folder lies in its place", "Patient.0007.ndjson: Stray, the receipt does not know it", "deleted/Bundle.0001.ndjson: Missing, no longer there", "error/OperationOutcome.0001.ndjson: Intact"],
            checks.Select(check => check.ToString()));
    }

    [Theory]
    [InlineData(-1, "the gzip body was cut off")]
    [InlineData(-12, "the gzip body was cut off")]
    [InlineData(30, "the gzip body is damaged")]
    public async Task Damaged_gzip_is_a_finding(int at, string words)
    {
        using SavedFolder folder = await SavedFolder.MakeAsync(new SaveSetup { Compress = true });
        string name = SavedFolder.First + ".gz";
        if (at < 0)
        {
            byte[] whole = await File.ReadAllBytesAsync(folder.File(name));
            await File.WriteAllBytesAsync(folder.File(name), whole[..^-at]);
        }
        else
        {
            folder.Flip(name, at);
        }

        FileCheck found = await folder.FindingAsync();

        Assert.Equal((name, "Changed", null, null), (found.Name, found.State, found.Sha256, found.Bytes));
        Assert.Contains(words, found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Good_gzip_with_other_content_is_told_by_the_content()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync(new SaveSetup { Compress = true });
        await File.WriteAllBytesAsync(folder.File(SavedFolder.First + ".gz"), Answer.Zipped("{}\n"));

        FileCheck found = await folder.FindingAsync();

        Assert.Equal((3L, 1L), (found.Bytes, found.Count));
        Assert.EndsWith($"; 3 bytes of content instead of {s_content.Length}; 1 resources instead of 4", found.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("count", "4 resources instead of 5")]
    [InlineData("storedBytes", "bytes on disk instead of 5")]
    [InlineData("sha256", "another SHA-256")]
    public async Task A_receipt_that_was_edited_does_not_match_either(string field, string words)
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        folder.EditReceipt(SavedFolder.First, field, field == "sha256" ? new string('0', 64) : 5);

        FileCheck found = await folder.FindingAsync();

        Assert.Equal((SavedFolder.First, "Changed"), (found.Name, found.State));
        Assert.Contains(words, found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_receipt_without_a_hash_is_refused()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        folder.EditReceipt(SavedFolder.First, "sha256", null);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => folder.CheckAsync());

        Assert.Equal((ExportErrorKind.InvalidReceipt, folder.Path), (failure.Kind, failure.Subject));
    }

    [Fact]
    public async Task A_receipt_that_leads_out_of_the_folder_is_not_followed()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        folder.EditReceipt(SavedFolder.First, "name", "../Patient.0001.ndjson");

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => folder.CheckAsync());

        Assert.Equal((ExportErrorKind.InvalidReceipt, folder.Path), (failure.Kind, failure.Subject));
    }

    [Fact]
    public async Task Files_without_content_and_uncounted_files_are_intact()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync(new SaveSetup { Validation = Validation.None }, arrival => Answer.Ndjson(arrival.Path == "/1" ? "" : "no JSON"));

        IReadOnlyList<FileCheck> checks = await folder.CheckAsync();

        Assert.All(checks, check => Assert.Equal(("Intact", null), (check.State, check.Count)));
        Assert.Equal((0L, Convert.ToHexString(SHA256.HashData([])).ToLowerInvariant()), (checks[0].Bytes, checks[0].Sha256));
    }

    [Fact]
    public async Task Headers_of_organized_output_are_not_taken_for_resources()
    {
        const string Block = "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"header\",\"valueReference\":{\"reference\":\"Patient/1\"}}]}\n{\"resourceType\":\"Patient\",\"id\":\"1\"}\n";
        using TemporaryFolder folder = new();
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"url":"/file"}""").Replace("{\"transactionTime\"", "{\"outputOrganizedBy\":\"Patient\",\"transactionTime\"", StringComparison.Ordinal),
            _ => Answer.Ndjson(Block));
        Assert.Equal(1, (await Saves.SaveAsync(server, folder, new SaveSetup { Validation = Validation.Full })).File().Count);
        Reports reports = new();

        await new FolderCheck(folder.Path, reports.Add).RunAsync(CancellationToken.None);

        FileCheck check = Assert.Single(reports.Of<FileChecked>()).Check;
        Assert.Equal(("organized.0001.ndjson", "Intact", 1L), (check.Name, check.State, check.Count));
    }
}
