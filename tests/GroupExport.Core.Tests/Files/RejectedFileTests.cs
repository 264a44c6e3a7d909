using System.IO.Compression;
using GroupExport.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Files that are not read to their end.</summary>
public sealed class RejectedFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_decompression_bomb_is_rejected_and_nothing_of_it_is_kept(bool compress)
    {
        byte[] bomb = Zeros(InflationLimit.FreeBytes + (8 << 20));
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(bomb).With("Content-Encoding", "gzip").With("ETag", "\"v1\""));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Compress = compress, MaxLineBytes = long.MaxValue });

        Assert.Equal(ExportErrorKind.FileRejected, reports.Failure().Kind);
        Assert.Single(server.To("/file"));
        AssertNothingIsKept(reports, folder);
    }

    [Fact]
    public async Task Content_is_of_any_ratio_up_to_the_limit()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(Zeros(20 << 20)).With("Content-Encoding", "gzip"));
        using TemporaryFolder folder = new();

        Assert.Equal("Saved", (await Saves.SaveAsync(server, folder, new SaveSetup { MaxLineBytes = long.MaxValue })).File().State);
    }

    [Theory]
    [InlineData(Validation.Count)]
    [InlineData(Validation.Full)]
    public async Task A_line_that_does_not_end_is_stopped_while_it_streams(Validation validation)
    {
        // What was announced is never all sent, so that only the limit can end it.
        Answer endless = Answer.Ndjson("{\"resourceType\":\"Patient\",\"id\":\"" + new string('x', 3 << 20)) with { StallAt = (2 << 20) + 100_000 };
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => endless.With("ETag", "\"v1\""));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { MaxLineBytes = 1 << 20, Validation = validation });

        Assert.Equal(ExportErrorKind.FileRejected, reports.Failure().Kind);
        Assert.Contains("-MaxLineLength", reports.Failure().Message);
        AssertNothingIsKept(reports, folder);
    }

    [Fact]
    public async Task Another_file_is_saved_all_the_same()
    {
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/endless"},{"type":"Patient","url":"/file"}"""),
            arrival => Answer.Ndjson(arrival.Path == "/endless" ? "{" + new string(' ', 3 << 20) : ServedFile.Lines(3)));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { MaxLineBytes = 1 << 20 });

        Assert.Equal(["Failed", "Saved"], reports.Of<FileDone>().Select(done => done.File.State).Order());
    }

    private static void AssertNothingIsKept(Reports reports, TemporaryFolder folder)
    {
        Assert.Equal("Failed", reports.File().State);
        Assert.DoesNotContain(folder.Names, name => name.StartsWith("Patient", StringComparison.Ordinal));
        Assert.Equal("Incomplete", Receipts.Open(folder.Path).State);
    }

    private static byte[] Zeros(long length)
    {
        using MemoryStream zipped = new();
        using (GZipStream gzip = new(zipped, CompressionLevel.SmallestSize))
        {
            byte[] blanks = new byte[1 << 20];
            Array.Fill(blanks, (byte)' ');
            for (long written = 0; written < length; written += blanks.Length)
            {
                gzip.Write(blanks);
            }
        }

        return zipped.ToArray();
    }
}
