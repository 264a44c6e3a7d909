using System.Diagnostics;
using GroupExport.Import;
using GroupExport.Tests.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Import;

/// <summary>Files that are named one by one.</summary>
public sealed class ImportFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixFact]
    public void A_pipe_is_not_waited_for()
    {
        string path = _folder.File("a.ndjson");
        Directory.CreateDirectory(_folder.Path);
        using (Process made = Process.Start("mkfifo", path))
        {
            made.WaitForExit();
        }

        Task<ExportException> opened = Task.Run(() => Assert.Throws<ExportException>(() => ImportFile.Of(path).Open().Dispose()));
        if (!opened.Wait(TimeSpan.FromSeconds(20)))
        {
            // Whoever waits for a writer gets one.
            File.WriteAllText(path, "");
        }

        Assert.True(opened.IsCompletedSuccessfully);
        Assert.Equal((ExportErrorKind.FileFailed, path), (opened.Result.Kind, opened.Result.Subject));
        Assert.Contains("pipe", opened.Result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_one()
    {
        string path = _folder.File("a.ndjson");
        Directory.CreateDirectory(_folder.Path);
        File.WriteAllText(path, "");

        using Stream content = ImportFile.Of(path).Open();

        Assert.Equal(-1, content.ReadByte());
    }
}
