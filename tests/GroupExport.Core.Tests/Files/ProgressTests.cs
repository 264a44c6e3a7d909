using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;

namespace GroupExport.Tests.Files;

/// <summary>How far a save says it is.</summary>
public sealed class ProgressTests
{
    private static readonly ExportJob s_job = Exports.JobAt("https://x.example/status/1");

    [Theory]
    [InlineData(100L, 300L, null, null, 0.25)]
    [InlineData(100L, null, 10L, 30L, 0.25)]
    [InlineData(null, null, null, null, 0.5)]
    public void The_share_goes_by_size_else_by_count_else_by_files(long? firstSize, long? secondSize, long? firstCount, long? secondCount, double share)
    {
        Reports reports = new();
        SaveProgress progress = new(s_job, [new ExportFile { Name = "a", FileSize = firstSize, Count = firstCount }, new ExportFile { Name = "b", FileSize = secondSize, Count = secondCount }], reports.Add);

        progress.End(progress.Begin(new ExportFile { Name = "a", FileSize = firstSize, Count = firstCount }));

        Saving last = reports.Of<Saving>()[^1];
        Assert.Equal((1, 2), (last.FilesDone, last.FilesTotal));
        Assert.Equal(share, last.Share, tolerance: 0.02);
    }

    [Fact]
    public async Task Files_that_come_and_go_side_by_side_do_not_disturb_each_other()
    {
        ExportFile[] files = [.. Enumerable.Range(0, 20_000).Select(i => new ExportFile { Name = $"{i}", FileSize = 10 })];
        Reports reports = new();
        SaveProgress progress = new(s_job, files, reports.Add) { Interval = TimeSpan.Zero };

        // One file reports with each byte while the others come and go.
        FileProgress steady = progress.Begin(files[0]);
        Task others = Task.Run(() =>
        {
            foreach (ExportFile file in files.Skip(1))
            {
                FileProgress own = progress.Begin(file);
                own.Begin(10);
                own.Add(10);
                progress.End(own);
            }
        });
        while (!others.IsCompleted)
        {
            steady.Add(1);
        }

        await others;
        progress.End(steady);

        Saving last = reports.Of<Saving>()[^1];
        Assert.Equal((20_000, 199_990L + steady.Bytes, 0), (last.FilesDone, last.Bytes, last.Active.Count));
        Assert.Equal(1, last.Share, precision: 3);
    }
}
