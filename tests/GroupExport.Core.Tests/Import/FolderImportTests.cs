using System.Text.Json.Nodes;
using GroupExport.Files;
using GroupExport.Import;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Import;

/// <summary>Which files of a folder are read.</summary>
public sealed class FolderImportTests : IAsyncLifetime
{
    private readonly Reports _reports = new();
    private SavedFolder _folder = null!;

    public async Task InitializeAsync() => _folder = await SavedFolder.MakeAsync();

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void A_folder_gives_the_files_of_one_kind_in_the_order_of_the_manifest()
    {
        Assert.Equal([SavedFolder.First, SavedFolder.Second], Names(Find(_folder.Path)));
        Assert.Equal([SavedFolder.First, SavedFolder.Second], Names(Find(_folder.File("export.json"))));
        Assert.Equal(["Bundle.0001.ndjson"], Names(Find(_folder.Path, ImportKind.Deleted)));
        Assert.Equal(["OperationOutcome.0001.ndjson"], Names(Find(_folder.Path, ImportKind.Error)));
        Assert.Empty(_reports.Of<ExportEvent>());
    }

    [Fact]
    public void Files_of_other_types_are_not_opened()
    {
        Assert.Equal([SavedFolder.First, SavedFolder.Second], Names(Find(_folder.Path, types: "Patient")));
        Assert.Empty(Find(_folder.Path, types: "Observation"));
        Assert.Single(Find(_folder.Path, ImportKind.Deleted, "Observation"));
    }

    [Theory]
    [InlineData("Failed", ExportErrorKind.FileFailed)]
    [InlineData("Planned", ExportErrorKind.FileFailed)]
    [InlineData("Invalid", ExportErrorKind.InvalidFile)]
    public void What_the_receipt_does_not_call_verified_is_told_and_not_read(string state, ExportErrorKind kind)
    {
        _folder.EditReceipt(SavedFolder.First, "state", state);

        Assert.Equal([SavedFolder.Second], Names(Find(_folder.Path)));

        ExportException failure = _reports.Failure();
        Assert.Equal(kind, failure.Kind);
        Assert.Contains(SavedFolder.First, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"Get-ExportReceipt '{_folder.Path}' | Save-ExportFiles", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_size_than_it_was_saved_with_is_not_read()
    {
        File.AppendAllText(_folder.File(SavedFolder.First), "\n");
        File.Delete(_folder.File(SavedFolder.Second));

        Assert.Empty(Find(_folder.Path));
        Assert.Contains($"{SavedFolder.First}, {SavedFolder.Second}", _reports.Failure().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_cut_at_a_line_end_while_it_is_read_is_missed()
    {
        ImportFile file = Find(_folder.Path)[0];
        File.WriteAllText(file.Path, "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n\n");
        using FileImport import = new(file with { Count = 2 }, LineForm.Of(ImportForm.Json, ImportKind.Output, new HashSet<string>()));

        Assert.Single((await import.NextAsync(default))!);
        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => import.NextAsync(default));

        Assert.Equal((ExportErrorKind.FileFailed, file.Path), (failure.Kind, failure.Subject));
        Assert.Contains("ended after 1 lines; it held 2 resources", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_file_held_is_known_from_the_receipt() =>
        Assert.All(Find(_folder.Path), file => Assert.Equal(File.ReadLines(file.Path).Count(), file.Count));

    [UnixFact]
    public void No_link_is_followed()
    {
        string elsewhere = _folder.File("elsewhere");
        File.Move(_folder.File(SavedFolder.First), elsewhere);
        File.CreateSymbolicLink(_folder.File(SavedFolder.First), elsewhere);
        Directory.Move(_folder.File("deleted"), _folder.File("moved"));
        Directory.CreateSymbolicLink(_folder.File("deleted"), _folder.File("moved"));

        Assert.Equal([SavedFolder.Second], Names(Find(_folder.Path)));
        Assert.Empty(Find(_folder.Path, ImportKind.Deleted));
        Assert.Equal(2, _reports.Of<Failure>().Count);
    }

    [Fact]
    public void A_receipt_that_leads_out_of_the_folder_is_refused()
    {
        _folder.EditReceipt(SavedFolder.First, "name", "../" + SavedFolder.First);

        Assert.Equal(ExportErrorKind.InvalidReceipt, Assert.Throws<ExportException>(() => Find(_folder.Path)).Kind);
    }

    [Fact]
    public void A_path_of_a_file_is_that_file_and_one_that_is_not_verified_is_read_with_a_warning()
    {
        Assert.Equal([SavedFolder.First], Names(Find(_folder.File(SavedFolder.First))));
        Assert.Empty(_reports.Of<ExportEvent>());

        File.AppendAllText(_folder.File(SavedFolder.First), "\n");
        File.Copy(_folder.File(SavedFolder.Second), _folder.File("copy.ndjson"));

        Assert.Equal([SavedFolder.First], Names(Find(_folder.File(SavedFolder.First))));
        Assert.Equal(["copy.ndjson"], Names(Find(_folder.File("copy.ndjson"))));
        Assert.Equal(2, _reports.Of<Caution>().Count);
    }

    [Fact]
    public void A_path_of_another_kind_says_how_to_read_it()
    {
        Assert.Empty(Find(_folder.File(SavedFolder.Deleted)));
        Assert.EndsWith("-Kind Deleted reads it.", Assert.Single(_reports.Of<Caution>()).Text);
        Assert.Single(Find(_folder.File(SavedFolder.Deleted), ImportKind.Deleted));
    }

    [Fact]
    public void The_receipt_is_read_again_when_it_has_changed()
    {
        ImportSource source = new(ImportKind.Output, new HashSet<string>(), _reports.Add);
        Assert.Equal(2, source.Find(_folder.Path).Count);

        _folder.EditReceipt(SavedFolder.First, "state", "Failed");
        File.SetLastWriteTimeUtc(_folder.File("export.json"), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Empty(source.Find(_folder.Path));
        Assert.Contains(SavedFolder.First, Assert.Single(_reports.Of<Failure>()).Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_found_once_however_it_is_named()
    {
        ImportSource source = new(ImportKind.Output, new HashSet<string>(), _reports.Add);

        Assert.Equal([SavedFolder.Second], Names(source.Find(_folder.File(SavedFolder.Second))));
        Assert.Equal([SavedFolder.First], Names(source.Find(_folder.File("export.json"))));
        Assert.Empty(source.Find(_folder.Path));
    }

    [Fact]
    public void Organized_output_is_read_whatever_type_its_files_state()
    {
        Sealed.Edit(_folder.File("export.json"), receipt => receipt["outputOrganizedBy"] = "Patient");

        Assert.Equal(2, Find(_folder.Path, types: "Observation").Count);
    }

    [Fact]
    public void An_export_that_has_not_ended_says_how_to_go_on()
    {
        Sealed.Edit(_folder.File("export.json"), receipt =>
        {
            receipt["hasManifest"] = false;
            receipt["state"] = "Incomplete";
            receipt["files"] = new JsonArray();
        });

        Assert.Empty(Find(_folder.Path));
        Assert.Contains("goes on with it", _reports.Failure().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_receipt_and_nothing_at_all_are_told_apart()
    {
        Assert.Contains("*.ndjson*", Assert.Throws<ExportException>(() => Find(Path.GetDirectoryName(_folder.Path)!)).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no ", Assert.Throws<ExportException>(() => Find(_folder.Path + "-none")).Message);
    }

    [Theory]
    [InlineData("Saved", null)]
    [InlineData("AlreadySaved", null)]
    [InlineData("Invalid", ExportErrorKind.InvalidFile)]
    [InlineData("Failed", ExportErrorKind.FileFailed)]
    [InlineData("Missing", ExportErrorKind.FileFailed)]
    public void A_saved_file_is_read_by_its_own_state(string state, ExportErrorKind? kind)
    {
        SavedFile file = new() { Kind = "output", Type = "Patient", State = state, Path = _folder.File(SavedFolder.First), Name = SavedFolder.First };
        ImportSource source = new(ImportKind.Output, new HashSet<string>(["Patient"]), _reports.Add);

        if (kind is { } expected)
        {
            Assert.Equal(expected, Assert.Throws<ExportException>(() => source.Find(file)).Kind);
        }
        else
        {
            Assert.Equal(file.Path, Assert.Single(source.Find(file)).Path);
            Assert.Empty(new ImportSource(ImportKind.Output, new HashSet<string>(["Basic"]), _reports.Add).Find(file));
            Assert.Empty(new ImportSource(ImportKind.Error, new HashSet<string>(), _reports.Add).Find(file));
        }
    }

    [Fact]
    public void An_audit_log_is_left_out_with_a_warning_and_never_among_what_wildcards_bring()
    {
        string log = _folder.File("audit.ndjson");
        File.WriteAllText(log, "{\"exportId\":\"1\",\"timestamp\":\"2026-11-23T00:00:00Z\"}\n");
        string elsewhere = Path.Combine(Path.GetDirectoryName(_folder.Path)!, "audit.ndjson");
        File.Copy(log, elsewhere);

        Assert.Empty(Find(log));
        Assert.Empty(Find(elsewhere));

        Assert.All(_reports.Of<Caution>(), caution => Assert.Contains("it is an audit log", caution.Text, StringComparison.Ordinal));
        Assert.Equal(2, _reports.Of<Caution>().Count);
        Assert.False(ImportSource.LooksLikeOne(log));
        Assert.True(ImportSource.LooksLikeOne(_folder.File(SavedFolder.First)));
    }

    private IReadOnlyList<ImportFile> Find(string path, ImportKind kind = ImportKind.Output, params string[] types) =>
        new ImportSource(kind, types.ToHashSet(), _reports.Add).Find(path);

    private static IEnumerable<string> Names(IReadOnlyList<ImportFile> files) => files.Select(file => file.Name);
}
