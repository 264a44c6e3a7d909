using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Authorization;

/// <summary>Who gets the cookies of a connection: the origin that set them, with requests that may carry the token.</summary>
public sealed class CookieTrustTests
{
    private const string Affinity = "node-of-the-job-17";

    [Fact]
    public async Task Kick_off_status_pages_files_and_DELETE_carry_the_cookie_and_no_token_request_does()
    {
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/token" => Answer.Json("""{"access_token":"t0ken","token_type":"bearer","expires_in":300}""").With("Set-Cookie", "TOKEN=other; Path=/"),
            "/status/1" when arrival.Verb == "DELETE" => Answer.Plain(202),
            "/status/1" => Answer.Json(Saves.OneFile().Replace("\"output\"", "\"link\":[{\"relation\":\"next\",\"url\":\"/status/1/2\"}],\"output\"", StringComparison.Ordinal)),
            "/status/1/2" => Answer.Json(Saves.OneFile().Replace("/file", "/file2", StringComparison.Ordinal)),
            "/file" or "/file2" => Answer.Ndjson("{}\n"),
            _ => Answer.Accepted("/status/1").With("Set-Cookie", $"AFFINITY={Affinity}; Path=/; Domain=example.org"),
        });
        ConnectionSettings settings = TestConnections.Fhir(server) with { TokenSettings = new TokenSettings(new ClientSecret("id", "secret"), server.Root, new Uri(server.Root, "token"), Scope: null) };
        using GroupExportConnection connection = settings.Open();
        using TemporaryFolder folder = new();
        using SemaphoreSlim slots = new(4);

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });
        using (ExportFolder open = ExportFolder.OpenFor(job, folder.Path))
        {
            await new SaveJob(job, open, () => connection, new SaveOptions { Slots = slots, Validation = Validation.Count, Wait = new WaitOptions { MinPollInterval = TimeSpan.Zero } }, _ => { }).RunAsync(CancellationToken.None);
        }

        await connection.Tokens.AskAnewAsync(CancellationToken.None);
        await new JobRemoval(connection, job, _ => { }).RunAsync(CancellationToken.None);

        Assert.Equal("Complete", Receipts.Open(folder.Path).State);
        Assert.Equal(2, server.To("/token").Count);
        Assert.All(server.To("/token"), arrival => Assert.Null(arrival.Header("Cookie")));
        Arrival[] others = [.. server.Arrivals.Where(arrival => arrival.Path != "/token")];
        Assert.Equal(["/status/1", "/status/1/2", "/status/1"], others.Skip(1).Select(arrival => arrival.Path).Where(path => path.StartsWith("/status", StringComparison.Ordinal)).Take(3));
        Assert.Equal(8, others.Length);
        Assert.Null(others[0].Header("Cookie"));
        Assert.All(others.Skip(1), arrival => Assert.Equal($"AFFINITY={Affinity}", arrival.Header("Cookie")));
        Assert.DoesNotContain(Affinity, connection.Mask($"unknown node {Affinity}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", true, false)]
    [InlineData("null", true, true)]
    [InlineData("true", true, true)]
    [InlineData("false", false, true)]
    public async Task A_file_gets_the_cookie_with_the_token_or_from_an_open_server(string requiresAccessToken, bool hasToken, bool expected)
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1"
            ? Answer.Json(Saves.Manifest("""{"type":"Patient","url":"/file"}""", requiresAccessToken: requiresAccessToken)).With("Set-Cookie", "AFFINITY=1; Path=/")
            : Answer.Ndjson("{}\n").With("Set-Cookie", "FILE=2; Path=/"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { Connect = settings => hasToken ? settings with { Tokens = new GivenToken("t0ken") } : settings });

        Assert.Equal(expected ? "AFFINITY=1" : null, Assert.Single(server.To("/file")).Header("Cookie"));
    }

    [Fact]
    public async Task An_open_file_of_another_origin_gets_no_cookie()
    {
        await using RecordingServer files = new(Answer.Ndjson("{}\n"));
        await using RecordingServer server = new(Answer.Json(Saves.Manifest($$"""{"type":"Patient","url":"{{files.Url("file")}}"}""", requiresAccessToken: "false")).With("Set-Cookie", "AFFINITY=1; Path=/"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder);

        Assert.Null(Assert.Single(files.Arrivals).Header("Cookie"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cookie_stays_at_its_origin_when_the_server_redirects(bool isSameOrigin)
    {
        string back = "";
        await using RecordingServer away = new(_ => Answer.Redirect(307, back).With("Set-Cookie", "FOREIGN=3; Path=/"));
        await using RecordingServer server = new(arrival => arrival.Path == "/status/1"
            ? Answer.Redirect(307, isSameOrigin ? "/running" : away.Url("hop")).With("Set-Cookie", "AFFINITY=1; Path=/")
            : Answer.Running());
        back = server.Url("running");

        await Exports.AskAsync(server);

        Assert.Equal(isSameOrigin ? "AFFINITY=1" : null, Assert.Single(server.To("/running")).Header("Cookie"));
        Assert.All(away.Arrivals, arrival => Assert.Null(arrival.Header("Cookie")));
    }

    [Fact]
    public async Task A_cookie_header_of_the_user_is_sent_alone()
    {
        await using RecordingServer server = new(Answer.Running().With("Set-Cookie", "AFFINITY=1; Path=/"));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Headers = new Dictionary<string, string> { ["cookie"] = "mine=7" } }).Open();
        StatusRequest request = new(connection, Exports.JobAt(server), TimeSpan.FromHours(1), Exports.Impatient);

        await request.SendAsync(_ => { }, CancellationToken.None);
        await request.SendAsync(_ => { }, CancellationToken.None);

        Assert.All(server.Arrivals, arrival => Assert.Equal("mine=7", arrival.Header("Cookie")));
    }

    [Fact]
    public async Task A_new_connection_has_no_cookie()
    {
        await using RecordingServer server = new(Answer.Running().With("Set-Cookie", "AFFINITY=1; Path=/"));

        await Exports.AskAsync(server);
        await Exports.AskAsync(server);

        Assert.All(server.Arrivals, arrival => Assert.Null(arrival.Header("Cookie")));
    }
}
