using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Authorization;

/// <summary>A server that is away while its token URL is still to be found is outlived like one that is away later.</summary>
public sealed class LostDiscoveryTests
{
    private const string Discovery = "/r4/.well-known/smart-configuration";

    public static TheoryData<string> Faults => ["503", "429", "hang-up"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Waiting_outlives_it(string fault)
    {
        SkippingClock clock = new();
        await using RecordingServer server = Server(fault, faults: 4);
        using GroupExportConnection connection = Open(server, clock);

        ExportStatus status = await new StatusWait(connection, Exports.JobAt(server), new WaitOptions(), Skipping(clock).Add).RunAsync(CancellationToken.None);

        Assert.Equal("Complete", status.State);
        Assert.Equal(5, server.To(Discovery).Count);
    }

    [Fact]
    public async Task Saving_outlives_it()
    {
        SkippingClock clock = new();
        await using RecordingServer server = Server("503", faults: 3);
        using GroupExportConnection connection = Open(server, clock);
        using TemporaryFolder folder = new();
        ExportJob job = Exports.JobAt(server);
        using ExportFolder open = ExportFolder.OpenFor(job, folder.Path);
        using SemaphoreSlim slots = new(1);

        await new SaveJob(job, open, () => connection, new SaveOptions { Slots = slots, ThrottleLimit = 1 }, Skipping(clock).Add).RunAsync(CancellationToken.None);

        Assert.Equal(("Complete", 1), (Receipts.Open(folder.Path).State, Receipts.Open(folder.Path).SavedCount));
    }

    [Fact]
    public async Task Waiting_ends_with_the_time_for_outages_and_says_what_was_away()
    {
        SkippingClock clock = new();
        await using RecordingServer server = Server("503", faults: int.MaxValue);
        using GroupExportConnection connection = Open(server, clock);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() =>
            new StatusWait(connection, Exports.JobAt(server), new WaitOptions { TransientTimeout = TimeSpan.FromHours(1) }, Skipping(clock).Add).RunAsync(CancellationToken.None));

        Assert.Equal(ExportErrorKind.StatusUnavailable, failure.Kind);
        Assert.Contains(Discovery, failure.Message, StringComparison.Ordinal);
        Assert.Contains("HTTP 503", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "")]
    [InlineData(401, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "{}")]
    public async Task A_server_that_answers_and_does_not_say_is_asked_no_more(int status, string body)
    {
        SkippingClock clock = new();
        await using RecordingServer server = new(Answer.Json(body, status));
        using GroupExportConnection connection = Open(server, clock);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() =>
            new StatusWait(connection, Exports.JobAt(server), new WaitOptions(), Skipping(clock).Add).RunAsync(CancellationToken.None));

        Assert.Equal(ExportErrorKind.DiscoveryFailed, failure.Kind);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData("503")]
    [InlineData("429")]
    public async Task A_kick_off_is_tried_again_because_nothing_was_sent(string fault)
    {
        SkippingClock clock = new();
        await using RecordingServer server = Server(fault, faults: 2);
        using GroupExportConnection connection = Open(server, clock);

        await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }, new KickOffOptions(), Skipping(clock));

        Assert.Equal(3, server.To(Discovery).Count);
        Assert.Single(server.To("/r4/Group/g/$export"));
    }

    [Fact]
    public async Task A_kick_off_gives_up_soon_because_the_address_may_be_wrong()
    {
        SkippingClock clock = new();
        await using RecordingServer server = Server("503", faults: int.MaxValue);
        using GroupExportConnection connection = Open(server, clock);
        KickOffOptions options = new();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }, options, Skipping(clock)));

        Assert.Equal(ExportErrorKind.DiscoveryFailed, failure.Kind);
        Assert.Equal(options.MostUnreached, server.Arrivals.Count);
    }

    private static RecordingServer Server(string fault, int faults)
    {
        int asked = 0;
        return new RecordingServer(arrival => arrival.Path switch
        {
            Discovery when asked++ < faults => fault == "hang-up" ? Answer.HangUp : Answer.Plain(int.Parse(fault, System.Globalization.CultureInfo.InvariantCulture)),
            Discovery => Answer.Json("""{"token_endpoint":"/token"}"""),
            "/token" => Answer.Json("""{"access_token":"a","token_type":"bearer","expires_in":300}"""),
            "/status/1" => Answer.Json("""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":true,"output":[{"type":"Patient","url":"/a"}]}"""),
            "/a" => Answer.Ndjson("{\"resourceType\":\"Patient\"}\n"),
            _ => Answer.Accepted("/status/1"),
        });
    }

    private static GroupExportConnection Open(RecordingServer server, TimeProvider clock)
    {
        ConnectionSettings settings = TestConnections.Fhir(server) with { Clock = clock, TokenRetry = Exports.Impatient };
        return (settings with { TokenSettings = new TokenSettings(new ClientSecret("client", "secret"), settings.FhirBase, null, null) }).Open();
    }

    private static Reports Skipping(SkippingClock clock) => new()
    {
        OnReport = happening =>
        {
            if (happening is Waiting or KickOffWaiting)
            {
                clock.SkipNextTimer();
            }
        },
    };
}
