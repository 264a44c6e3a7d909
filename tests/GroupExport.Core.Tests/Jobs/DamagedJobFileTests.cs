using System.Text.Json;
using GroupExport.Jobs;
using GroupExport.Tests.Files;

namespace GroupExport.Tests.Jobs;

/// <summary>A job file that is not as it was written is never believed.</summary>
public sealed class DamagedJobFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string JobPath => _folder.File("job.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Any_damage_to_a_job_file_is_an_error_or_changes_nothing_that_is_read()
    {
        await WriteAsync();
        string right = Text();
        int refused = 0;

        foreach ((string what, byte[] content) in Damage.Of(await File.ReadAllBytesAsync(JobPath)))
        {
            await File.WriteAllBytesAsync(JobPath, content);
            try
            {
                Assert.True(right == Text(), what);
            }
            catch (ExportException failure)
            {
                Assert.True(failure.Kind == ExportErrorKind.InvalidJobFile, $"{what}: {failure}");
                refused++;
            }
        }

        Assert.True(refused > 3_000, $"only {refused}");
    }

    [Fact]
    public async Task A_job_file_of_a_newer_version_says_so()
    {
        await WriteAsync();
        Sealed.Edit(JobPath, file => file["version"] = 2);

        ExportException failure = Assert.Throws<ExportException>(() => JobFile.Read(JobPath));

        Assert.Equal(ExportErrorKind.InvalidJobFile, failure.Kind);
        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
    }

    private async Task WriteAsync()
    {
        using JobFile file = await JobFile.OpenAsync(JobPath, CancellationToken.None);
        file.Write(new JobFileDocument { State = "Running", Fingerprint = "f.s", GroupId = "g", Job = Exports.JobAt("https://x.example/1") });
    }

    private string Text() => JsonSerializer.Serialize(JobFile.Read(JobPath)!, JobFileJson.Default.JobFileDocument);
}
