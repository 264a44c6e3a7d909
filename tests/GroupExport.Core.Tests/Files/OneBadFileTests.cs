using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>One bad file never stops the others.</summary>
public sealed class OneBadFileTests
{
    [Theory]
    [InlineData("/missing")]
    [InlineData("/cut")]
    [InlineData("http://files.example.org/1")]
    [InlineData("ftp://files.example.org/1")]
    [InlineData("/circle")]
    [InlineData("/to-http")]
    [InlineData("/to-nowhere")]
    [InlineData("mailto:a@files.example.org")]
    public async Task The_other_files_are_saved(string url)
    {
        string files = $$"""{"type":"Patient","url":"{{url}}"},{"type":"Patient","url":"/2"},{"type":"Patient","url":"/3"}""";
        await using RecordingServer server = Saves.Server(Saves.Manifest(files), arrival => arrival.Path switch
        {
            "/missing" => Answer.Plain(404),
            "/cut" => Answer.Ndjson("{}\n") with { CutAt = 1 },
            "/circle" => Answer.Redirect(302, "/circle"),
            "/to-http" => Answer.Redirect(302, "http://files.example.org/1"),
            "/to-nowhere" => Answer.Redirect(302, "//"),
            _ => Answer.Ndjson("{}\n"),
        });
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { ThrottleLimit = 1 });

        Assert.Empty(reports.Of<Stopped>());
        Assert.Equal(["Failed", "Saved", "Saved"], Receipts.Open(folder.Path).Files.Select(file => file.State));
        Assert.Equal("Patient.0001.ndjson", Assert.IsType<ExportFile>(reports.Failure().Subject).Name);
    }

    [Fact]
    public async Task Several_files_are_fetched_side_by_side_but_no_more_than_allowed()
    {
        string files = string.Join(',', Enumerable.Range(1, 12).Select(i => $$"""{"type":"Patient","url":"/{{i}}"}"""));
        using Barrier together = new(3);
        int open = 0;
        int most = 0;
        await using RecordingServer server = Saves.Server(Saves.Manifest(files), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();
        Reports reports = new()
        {
            OnReport = happening =>
            {
                if (happening is Remark remark && remark.Text.StartsWith("GET ", StringComparison.Ordinal) && remark.Text.Contains(" to ", StringComparison.Ordinal))
                {
                    // Passes only when three are under way at once; no fourth one comes while these are inside.
                    int inside = Interlocked.Increment(ref open);
                    together.SignalAndWait();
                    InterlockedMax(ref most, inside);
                    Interlocked.Decrement(ref open);
                    together.SignalAndWait();
                }
            },
        };

        await Saves.SaveAsync(server, folder, new SaveSetup { ThrottleLimit = 3, Reports = reports });

        Assert.Equal(3, most);
        Assert.Equal(12, Receipts.Open(folder.Path).SavedCount);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int known;
        while (value > (known = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, value, known) != known)
        {
            // Somebody else raised it in between.
        }
    }
}
