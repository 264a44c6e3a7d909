using GroupExport.Files;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>An origin that asks one download to come back later is left alone by all.</summary>
public sealed class PauseTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_file_that_is_turned_away_holds_the_others_back(int status)
    {
        WaitlessClock clock = new();
        Dictionary<string, double> times = [];
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/1"},{"type":"Patient","url":"/2"},{"type":"Patient","url":"/3"}"""),
            arrival => times.TryAdd(arrival.Path, clock.Seconds) && arrival.Path == "/1" ? Answer.Plain(status).With("Retry-After", "30") : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup
        {
            Clock = clock,
            Connect = settings => settings with { RequestTimeout = TimeSpan.FromDays(40), StallTimeout = TimeSpan.FromDays(40) },
            ThrottleLimit = 1,
        });

        Assert.Equal(0, times["/1"]);
        Assert.Equal((30, 30), (times["/2"], times["/3"]));
        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
    }
}
