using GroupExport.Files;
using GroupExport.Import;
using GroupExport.Tests.Files;

namespace GroupExport.Tests.Import;

/// <summary>A file whose bytes changed since it was saved, at equal length.</summary>
public sealed class ChangedFileTests
{
    [Theory]
    [InlineData(false, "folder")]
    [InlineData(false, "path")]
    [InlineData(false, "file")]
    [InlineData(true, "folder")]
    public async Task Reading_a_changed_file_to_its_end_is_an_error_that_names_it(bool compress, string way)
    {
        using SavedFolder folder = await SavedFolder.MakeAsync(new SaveSetup { Compress = compress });
        string name = SavedFolder.First + (compress ? ".gz" : "");
        Assert.Equal(4, await ReadAsync(Find(folder, name, way)));
        await ChangeAsync(folder.File(name), compress);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => ReadAsync(Find(folder, name, way)));

        Assert.Equal((ExportErrorKind.InvalidFile, folder.File(name)), (failure.Kind, failure.Subject));
        Assert.Contains("another SHA-256", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_the_beginning_of_a_changed_file_is_no_error()
    {
        using SavedFolder folder = await SavedFolder.MakeAsync();
        await ChangeAsync(folder.File(SavedFolder.First), compress: false);
        using FileImport import = new(Find(folder, SavedFolder.First, "folder"), LineForm.Of(ImportForm.Json, ImportKind.Output, new HashSet<string>()));

        Assert.Equal(4, (await import.NextAsync(CancellationToken.None))!.Count);
    }

    private static ImportFile Find(SavedFolder folder, string name, string way)
    {
        ImportSource source = new(ImportKind.Output, new HashSet<string>(), _ => { });
        return way switch
        {
            "folder" => source.Find(folder.Path)[0],
            "path" => source.Find(folder.File(name))[0],
            _ => source.Find(Receipts.Open(folder.Path).Files.Single(file => file.Name == name))[0],
        };
    }

    private static async Task<int> ReadAsync(ImportFile file)
    {
        int count = 0;
        using FileImport import = new(file, LineForm.Of(ImportForm.Json, ImportKind.Output, new HashSet<string>()));
        while (await import.NextAsync(CancellationToken.None) is { } read)
        {
            count += read.Count;
        }

        return count;
    }

    /// <summary>Another letter in an id; gzip keeps its length by the order of the lines.</summary>
    private static async Task ChangeAsync(string path, bool compress)
    {
        if (!compress)
        {
            string text = await File.ReadAllTextAsync(path);
            await File.WriteAllTextAsync(path, text.Replace("Zoë", "Zoé", StringComparison.Ordinal));
            return;
        }

        string changed = SavedFolder.Content.Replace("Zoë", "Zoé", StringComparison.Ordinal);
        long length = new FileInfo(path).Length;
        foreach (System.IO.Compression.CompressionLevel level in Enum.GetValues<System.IO.Compression.CompressionLevel>())
        {
            using MemoryStream packed = new();
            using (System.IO.Compression.GZipStream gzip = new(packed, level, leaveOpen: true))
            {
                gzip.Write(System.Text.Encoding.UTF8.GetBytes(changed));
            }

            if (packed.Length == length)
            {
                await File.WriteAllBytesAsync(path, packed.ToArray());
                return;
            }
        }

        Assert.Fail("no such gzip of equal length");
    }
}
