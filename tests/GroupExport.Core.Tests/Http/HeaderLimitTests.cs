using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Http;

/// <summary>Answers behind more headers than are read, in each phase.</summary>
public sealed class HeaderLimitTests
{
    private const string Named = "the headers of its answer are larger than 64 kB";

    [Fact]
    public async Task A_kick_off_is_uncertain_and_not_repeated()
    {
        await using RecordingServer server = new(Behind(Answer.Accepted("/status/1")));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.KickOffUncertain, failure.Kind);
        Assert.Contains(Named, failure.Message);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(503)]
    public async Task A_status_is_not_polled(int status)
    {
        await using RecordingServer server = new(Behind(Answer.Json("{}", status)));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(ExportErrorKind.StatusUnavailable, failure.Kind);
        Assert.Contains(Named, failure.Message);
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task A_page_of_the_manifest_is_not_polled()
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1"
            ? Answer.Json("""{"transactionTime":"2026-11-23T00:00:00Z","output":[],"link":[{"relation":"next","url":"/page2"}]}""")
            : Behind(Answer.Json("{}")));

        ExportException failure = await Exports.AskFailureAsync(server);

        Assert.Equal(ExportErrorKind.StatusUnavailable, failure.Kind);
        Assert.Contains($"page 2 of the manifest cannot be had: {Named}", failure.Message);
        Assert.Single(server.To("/page2"));
    }

    [Fact]
    public async Task A_file_fails_at_once()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Behind(Answer.Ndjson("{}")));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder);

        Assert.Equal(ExportErrorKind.FileFailed, reports.Failure().Kind);
        Assert.Contains(Named, reports.Failure().Message);
        Assert.Single(server.To("/file"));
    }

    [Fact]
    public async Task A_DELETE_fails_at_once()
    {
        await using RecordingServer server = new(Behind(new Answer { Status = 202 }));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => new JobRemoval(connection, Exports.JobAt(server), _ => { }).RunAsync(CancellationToken.None));

        Assert.Equal(ExportErrorKind.RemovalFailed, failure.Kind);
        Assert.Contains(Named, failure.Message);
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task A_token_fails_at_once_also_when_it_is_renewed()
    {
        bool isBehind = false;
        await using RecordingServer server = new(_ => Tokens(isBehind));
        using HttpClient http = new();
        TokenSettings settings = TokenSettings.ForFhir(new ClientSecret("client", "secret"), server.Root, new Uri(server.Url("token")), scope: null);
        TokenEndpoint endpoint = new(http, settings, Exports.Impatient, TimeProvider.System, text => text, _ => { });
        await endpoint.RequestAsync(CancellationToken.None);
        isBehind = true;

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => endpoint.RequestAsync(CancellationToken.None));

        Assert.Equal((ExportErrorKind.TokenEndpointUnreachable, false), (failure.Kind, failure.MayPass));
        Assert.Contains(Named, failure.Message);
        Assert.Equal(2, server.Arrivals.Count);
    }

    private static Answer Tokens(bool isBehind)
    {
        Answer token = Answer.Json("""{"access_token":"t","token_type":"bearer","expires_in":300}""");
        return isBehind ? Behind(token) : token;
    }

    private static Answer Behind(Answer answer) =>
        Enumerable.Range(0, 100).Aggregate(answer, (more, i) => more.With($"X-Added-{i}", new string('x', 1000)));
}
