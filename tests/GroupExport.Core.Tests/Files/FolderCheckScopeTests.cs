using System.Diagnostics;
using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>What belongs to a folder and what does not, what is not saved, and what a path names.</summary>
public sealed class FolderCheckScopeTests
{
    [Theory]
    [InlineData("notes.txt", "the receipt does not know it")]
    [InlineData(".hidden", "the receipt does not know it")]
    [InlineData("deleted/x", "the receipt does not know it")]
    [InlineData("error/Patient.0001.ndjson", "the receipt does not know it")]
    [InlineData("Patient.0001.ndjson.gz", "the receipt does not know it")]
    [InlineData("Patient.0001.ndjson.invalid", "the receipt does not know it")]
    [InlineData("Patient.0003.ndjson.part", "the receipt does not know it")]
    [InlineData("Patient.0001.ndjson.part", "left over from fetching a file that is saved")]
    [InlineData("deleted/Bundle.0001.ndjson.part", "left over from fetching a file that is saved")]
    public async Task What_the_receipt_does_not_know_is_a_stray(string name, string words)
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        await File.WriteAllTextAsync(folder.File(name), "abc");

        FileCheck found = await folder.FindingAsync();

        Assert.Equal((name, "Stray", words, null, 3L, folder.File(name)), (found.Name, found.State, found.Detail, found.Kind, found.Bytes, found.Path));
    }

    [Fact]
    public async Task A_folder_in_it_is_one_stray_and_not_looked_into()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        Directory.CreateDirectory(folder.File("more"));
        await File.WriteAllTextAsync(folder.File("more/a"), "a");

        Assert.Equal("more: Stray, a folder that the receipt does not know", (await folder.FindingAsync()).ToString());
    }

    [Fact]
    public async Task What_the_module_keeps_beside_the_files_is_none()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        await File.WriteAllTextAsync(folder.File("export.journal"), "");
        await File.WriteAllTextAsync(folder.File("export.json.part"), "");

        Assert.All(await folder.CheckAsync(), check => Assert.True(check.Passed, check.ToString()));
    }

    [UnixFact]
    public async Task Links_are_not_followed()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        string elsewhere = Directory.CreateDirectory(folder.Path + ".elsewhere").FullName;
        foreach (string name in new[] { SavedFolder.First, SavedFolder.Deleted })
        {
            File.Move(folder.File(name), Path.Combine(elsewhere, Path.GetFileName(name)));
        }

        Directory.Delete(folder.File("deleted"));
        Directory.CreateSymbolicLink(folder.File("deleted"), elsewhere);
        File.CreateSymbolicLink(folder.File(SavedFolder.First), Path.Combine(elsewhere, SavedFolder.First));
        File.Delete(folder.File(SavedFolder.Second));
        File.CreateSymbolicLink(folder.File(SavedFolder.Second), "/nowhere");
        File.CreateSymbolicLink(folder.File("other"), "/etc/passwd");

        Assert.Equal(
            ["Patient.0001.ndjson: Changed, a link lies in its place, which was not followed", "Patient.0002.ndjson: Changed, a link lies in its place, which was not followed", "deleted/Bundle.0001.ndjson: Changed, the folder deleted is a link, which was not followed", "error/OperationOutcome.0001.ndjson: Intact", "other: Stray, a link that the receipt does not know"],
            (await folder.CheckAsync()).Select(check => check.ToString()));
    }

    [UnixFact("/usr/bin/mkfifo")]
    public async Task A_pipe_in_the_place_of_a_file_is_not_waited_for()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        File.Delete(folder.File(SavedFolder.First));
        using Process made = Process.Start("/usr/bin/mkfifo", [folder.File(SavedFolder.First)]);
        await made.WaitForExitAsync();

        Assert.Equal("Changed", (await folder.FindingAsync().WaitAsync(TimeSpan.FromMinutes(1))).State);
    }

    [UnixFact]
    public async Task A_folder_that_is_reached_over_a_link_is_checked()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        string link = folder.Path + ".link";
        Directory.CreateSymbolicLink(link, folder.Path);
        Reports reports = new();

        await new FolderCheck(link, reports.Add).RunAsync(CancellationToken.None);

        Assert.All(reports.Of<FileChecked>(), found => Assert.True(found.Check.Passed, found.Check.ToString()));
    }

    [Fact]
    public async Task Files_that_were_never_saved_are_named_for_what_they_are()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync(
            new SaveSetup { Validation = Validation.Full },
            arrival => arrival.Path switch { "/1" => Answer.Ndjson("{\n"), "/2" => Answer.Plain(404), _ => null! });
        await File.WriteAllTextAsync(folder.File("Patient.0002.ndjson.part"), "half");

        IReadOnlyList<FileCheck> checks = await folder.CheckAsync();

        Assert.Equal(
            ["Patient.0001.ndjson.invalid: Invalid, kept aside by the run that fetched it: 1 bad lines", "Patient.0002.ndjson: NotSaved, still to be fetched", "deleted/Bundle.0001.ndjson: Intact", "error/OperationOutcome.0001.ndjson: Intact"],
            checks.Select(check => check.ToString()));
        File.Delete(folder.File("Patient.0001.ndjson.invalid"));
        Assert.Equal("Missing", (await folder.CheckAsync())[0].State);
    }

    [Fact]
    public async Task A_folder_that_is_just_being_saved_to_is_checked_as_far_as_it_is()
    {
        using TemporaryFolder folder = new();
        List<string> seen = [];
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/1"},{"type":"Patient","url":"/2"}"""), _ => Answer.Ndjson("{}\n"));
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is FileDone && seen.Count == 0)
                {
                    Reports checks = new();
                    new FolderCheck(folder.Path, checks.Add).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
                    seen.AddRange(checks.Of<FileChecked>().Select(found => found.Check.State).Order());
                }
            },
        };

        await Saves.SaveAsync(server, folder, new SaveSetup { Reports = reports, ThrottleLimit = 1 });

        Assert.Equal("Intact", seen[0]);
        Assert.DoesNotContain("Stray", seen);
        Assert.DoesNotContain("Missing", seen);
    }

    [Fact]
    public async Task An_empty_export_has_nothing_to_check_but_one_without_its_manifest_fails()
    {
        using TemporaryFolder folder = new();
        using (ExportFolder.OpenFor(Exports.JobAt("https://x.example/1"), folder.Path))
        {
            Assert.Equal("export.json: NotSaved", Assert.Single(await ChecksAsync()).ToString().Split(',')[0]);
        }

        new ReceiptStore(folder.Path).Write(new ReceiptDocument { Job = Exports.JobAt("https://x.example/1"), HasManifest = true });
        Assert.Empty(await ChecksAsync());

        async Task<IEnumerable<FileCheck>> ChecksAsync()
        {
            Reports reports = new();
            await new FolderCheck(folder.Path, reports.Add).RunAsync(CancellationToken.None);
            return reports.Of<FileChecked>().Select(found => found.Check);
        }
    }

    [Fact]
    public async Task Only_the_files_that_are_named_are_looked_at()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        await File.WriteAllTextAsync(folder.File("a"), "");
        await File.WriteAllTextAsync(folder.File("b"), "");
        Reports reports = new();

        Assert.Equal([SavedFolder.Second], (await folder.CheckAsync(SavedFolder.Second)).Select(check => check.Name));
        Assert.Equal(["Stray", "Intact"], (await folder.CheckAsync(SavedFolder.Deleted, "b")).Select(check => check.State).OrderDescending());
        await new FolderCheck(folder.Path, reports.Add) { Only = new HashSet<string> { "none", SavedFolder.First } }.RunAsync(CancellationToken.None);
        Assert.Equal((ExportErrorKind.ReceiptNotFound, SavedFolder.First), (reports.Failure().Kind, Assert.Single(reports.Of<FileChecked>()).Check.Name));
    }

    [Fact]
    public async Task A_path_names_a_folder_or_a_file_of_it_though_that_is_gone()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        File.Delete(folder.File(SavedFolder.Deleted));

        Assert.Equal(new CheckTarget(folder.Path, null), CheckTarget.Of(folder.Path));
        Assert.Equal(new CheckTarget(folder.Path, SavedFolder.Deleted), CheckTarget.Of(folder.File(SavedFolder.Deleted)));
        Assert.Equal(new CheckTarget(folder.Path, "none"), CheckTarget.Of(folder.File("none")));
        Assert.Equal(new CheckTarget(folder.Path, null), CheckTarget.Of(folder.File("export.json")));
        Assert.Equal(new CheckTarget(folder.Path + "x", null), CheckTarget.Of(folder.Path + "x"));
        Assert.Equal(new CheckTarget("/", null), CheckTarget.Of("/"));
    }

    [Fact]
    public async Task A_check_ends_at_once_when_it_is_to_end()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        using CancellationTokenSource stop = new();
        Reports reports = new() { OnReport = _ => stop.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new FolderCheck(folder.Path, reports.Add) { ThrottleLimit = 1 }.RunAsync(stop.Token));

        Assert.Single(reports.All);
    }
}
