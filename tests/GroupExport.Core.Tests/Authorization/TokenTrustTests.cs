using GroupExport.Authorization;
using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Authorization;

/// <summary>Who gets the access token and the source id: the connection's own origin, and nobody else.</summary>
public sealed class TokenTrustTests
{
    private const string Bearer = "Bearer t0ken";
    private const string SourceId = "7ce6f387-c33c-417d-8682-81e83628cbd9";

    [Fact]
    public async Task Kick_off_status_and_DELETE_carry_token_and_source_id()
    {
        await using RecordingServer server = new(arrival => arrival.Verb switch
        {
            "DELETE" => Answer.Plain(202),
            "POST" => Answer.Accepted("/status/1"),
            _ => Answer.Running(),
        });
        using GroupExportConnection connection = Trusted(TestConnections.Redox(server)).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });
        await new StatusRequest(connection, job, TimeSpan.FromHours(1), Exports.Impatient).SendAsync(_ => { }, CancellationToken.None);
        await new JobRemoval(connection, job, _ => { }).RunAsync(CancellationToken.None);

        Assert.Equal(["POST", "GET", "DELETE"], server.Arrivals.Select(arrival => arrival.Verb));
        Assert.All(server.Arrivals, AssertTrusted);
    }

    [Fact]
    public async Task An_open_server_gets_no_Authorization()
    {
        await using RecordingServer server = new(Answer.Running());

        await Exports.AskAsync(server);

        Assert.Null(Assert.Single(server.Arrivals).Header("Authorization"));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"true\"", true)]
    [InlineData("null", true)]
    [InlineData("false", false)]
    [InlineData("\"false\"", false)]
    public async Task A_file_of_the_own_origin_gets_the_token_unless_the_manifest_forbids_it(string requiresAccessToken, bool token)
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/file"}""", requiresAccessToken: requiresAccessToken), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { Connect = Trusted });

        Assert.Equal(2, server.To("/status/1").Count);
        Assert.All(server.To("/status/1"), AssertTrusted);
        (token ? AssertTrusted : (Action<Arrival>)AssertStranger)(Assert.Single(server.To("/file")));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("\"true\"")]
    public async Task A_file_of_another_origin_that_wants_it_fails_with_the_parameter_that_would_help_and_nothing_is_sent(string requiresAccessToken)
    {
        await using RecordingServer files = new(Answer.Ndjson("{}\n"));
        await using RecordingServer server = Saves.Server(Saves.Manifest($$"""{"type":"Patient","url":"{{files.Url("file")}}"}""", requiresAccessToken: requiresAccessToken), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = Trusted });

        Assert.Equal("Failed", reports.File().State);
        ExportException failure = reports.Failure();
        Assert.Equal(ExportErrorKind.UntrustedFileOrigin, failure.Kind);
        Assert.Contains($"-TrustedOrigin {files.Root.AbsoluteUri.TrimEnd('/')}", failure.Message);
        Assert.Empty(files.Arrivals);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("\"false\"", false)]
    [InlineData("null", false)]
    public async Task A_file_of_an_origin_that_is_named_as_trusted_gets_it_only_when_it_is_required(string requiresAccessToken, bool token)
    {
        await using RecordingServer files = new(Answer.Ndjson("{}\n"));
        await using RecordingServer server = Saves.Server(Saves.Manifest($$"""{"type":"Patient","url":"{{files.Url("file")}}"}""", requiresAccessToken: requiresAccessToken), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { Connect = settings => Trusted(settings) with { TrustedOrigins = [files.Root] } });

        (token ? AssertTrusted : (Action<Arrival>)AssertStranger)(Assert.Single(files.Arrivals));
    }

    [Theory]
    [InlineData("X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=5ecfc2", false)]
    [InlineData("x-goog-signature=5ecfc2", false)]
    [InlineData("Expires=1&Signature=a%2Bb&Key-Pair-Id=K", true)]
    [InlineData("sv=2023-11-03&sig=a%2Bb%3D", true)]
    public async Task A_signed_link_to_another_origin_is_followed_without_it_whatever_the_manifest_says(string query, bool isTrusted)
    {
        await using RecordingServer storage = new(arrival => arrival.Header("Authorization") is null ? Answer.Ndjson("{}\n") : Answer.Plain(400));
        await using RecordingServer server = Saves.Server(Saves.Manifest($$"""{"type":"Patient","url":"{{storage.Url($"file?{query}")}}"}"""), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = settings => Trusted(settings) with { TrustedOrigins = isTrusted ? [storage.Root] : [] } });

        Assert.Equal("Saved", reports.File().State);
        AssertStranger(Assert.Single(storage.Arrivals));
    }

    [Theory]
    [InlineData("file?sig=")]
    [InlineData("file?signed=1")]
    [InlineData("sig=1/file")]
    public async Task A_link_to_another_origin_without_a_signature_is_not_followed(string path)
    {
        await using RecordingServer storage = new(Answer.Ndjson("{}\n"));
        await using RecordingServer server = Saves.Server(Saves.Manifest($$"""{"type":"Patient","url":"{{storage.Url(path)}}"}"""), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = Trusted });

        Assert.Equal(ExportErrorKind.UntrustedFileOrigin, reports.Failure().Kind);
        Assert.Empty(storage.Arrivals);
    }

    [Fact]
    public async Task A_signed_link_of_the_own_origin_gets_it()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/file?sig=1"}"""), _ => Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { Connect = Trusted });

        AssertTrusted(Assert.Single(server.To("/file")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_a_signature_is_not_enough_only_a_trusted_origin_gets_it_too(bool isTrusted)
    {
        await using RecordingServer storage = new(arrival => arrival.Header("Authorization") is null ? Answer.Plain(401) : Answer.Ndjson("{}\n"));
        await using RecordingServer server = Saves.Server(Saves.Manifest($$"""{"type":"Patient","url":"{{storage.Url("file?sig=secret")}}"}"""), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = settings => Trusted(settings) with { TrustedOrigins = isTrusted ? [storage.Root] : [] } });

        AssertStranger(storage.Arrivals[0]);
        if (isTrusted)
        {
            Assert.Equal("Saved", reports.File().State);
            AssertTrusted(storage.Arrivals[1]);
        }
        else
        {
            Assert.Equal(ExportErrorKind.UntrustedFileOrigin, reports.Failure().Kind);
            Assert.Contains("-TrustedOrigin", reports.Failure().Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", reports.Failure().Message, StringComparison.Ordinal);
        }

        Assert.Equal(isTrusted ? 2 : 1, storage.Arrivals.Count);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("null")]
    public async Task A_file_of_another_origin_never_gets_it(string requiresAccessToken)
    {
        await using RecordingServer files = new(Answer.Ndjson("{}\n"));
        await using RecordingServer server = Saves.Server(Saves.Manifest($$"""{"type":"Patient","url":"{{files.Url("file?sig=a%2Bb")}}"}""", requiresAccessToken: requiresAccessToken), _ => Answer.Plain(404));
        using TemporaryFolder folder = new();

        Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = Trusted });

        Assert.Equal("Saved", reports.File().State);
        Arrival arrival = Assert.Single(files.Arrivals);
        Assert.Equal("/file?sig=a%2Bb", arrival.Target);
        AssertStranger(arrival);
    }

    [Fact]
    public async Task A_redirect_to_another_origin_drops_both_and_the_way_back_does_not_bring_them_again()
    {
        RecordingServer? server = null;
        await using RecordingServer storage = new(arrival => arrival.Path == "/there" ? Answer.Redirect(307, server!.Url("back")) : Answer.Plain(404));
        server = Saves.Server(Saves.OneFile(), arrival => arrival.Path == "/file" ? Answer.Redirect(307, storage.Url("there?sig=1")) : Answer.Ndjson("{}\n"));
        await using (server)
        {
            using TemporaryFolder folder = new();

            Reports reports = await Saves.SaveAsync(server, folder, new SaveSetup { Connect = Trusted });

            Assert.Equal("Saved", reports.File().State);
            AssertTrusted(Assert.Single(server.To("/file")));
            Arrival elsewhere = Assert.Single(storage.Arrivals);
            Assert.Equal("/there?sig=1", elsewhere.Target);
            Assert.Equal("application/fhir+ndjson", elsewhere.Header("Accept"));
            AssertStranger(elsewhere);
            AssertStranger(Assert.Single(server.To("/back")));
        }
    }

    [Fact]
    public async Task A_redirect_inside_the_own_origin_keeps_both()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), arrival => arrival.Path == "/file" ? Answer.Redirect(302, "moved?x=1") : Answer.Ndjson("{}\n"));
        using TemporaryFolder folder = new();

        await Saves.SaveAsync(server, folder, new SaveSetup { Connect = Trusted });

        AssertTrusted(Assert.Single(server.To("/moved")));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_status_request_follows_a_redirect_without_taking_the_token_along(int status)
    {
        await using RecordingServer other = new(Answer.Running(progress: "elsewhere"));
        await using RecordingServer server = new(Answer.Redirect(status, other.Url("s")));
        using GroupExportConnection connection = Trusted(TestConnections.Fhir(server)).Open();

        StatusAnswer answer = await new StatusRequest(connection, Exports.JobAt(server), TimeSpan.FromHours(1), Exports.Impatient).SendAsync(_ => { }, CancellationToken.None);

        Assert.Equal("elsewhere", answer.Status.Progress);
        AssertStranger(Assert.Single(other.Arrivals));
    }

    [Fact]
    public async Task A_status_URL_or_a_page_of_another_origin_gets_no_token()
    {
        await using RecordingServer other = new(arrival => arrival.Path == "/page"
            ? Answer.Json("""{"output":[]}""")
            : Answer.Running());
        await using RecordingServer server = new(Answer.Json($$"""{"output":[],"link":[{"relation":"next","url":"{{other.Url("page")}}"}]}"""));
        using GroupExportConnection connection = Trusted(TestConnections.Fhir(server)).Open();

        foreach (ExportJob job in new[] { Exports.JobAt(other), Exports.JobAt(server) })
        {
            await new StatusRequest(connection, job, TimeSpan.FromHours(1), Exports.Impatient).SendAsync(_ => { }, CancellationToken.None);
        }

        Assert.Equal(["/status/1", "/page"], other.Arrivals.Select(arrival => arrival.Path));
        Assert.All(other.Arrivals, AssertStranger);
    }

    [Fact]
    public async Task Nothing_that_can_be_shown_holds_the_token()
    {
        await using RecordingServer server = new(Answer.Plain(401));
        using GroupExportConnection connection = Trusted(TestConnections.Fhir(server)).Open();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }));

        Assert.Equal("AccessToken", connection.Authorization);
        Assert.DoesNotContain("t0ken", failure + connection.ToString() + connection.Settings + connection.Settings.Tokens + System.Text.Json.JsonSerializer.Serialize(connection), StringComparison.Ordinal);
    }

    private static ConnectionSettings Trusted(ConnectionSettings settings) => settings with { Tokens = new GivenToken("t0ken"), Source = new RedoxParty(SourceId, null) };

    private static void AssertTrusted(Arrival arrival) => Assert.Equal((Bearer, SourceId), (arrival.Header("Authorization"), arrival.Header("redox-source-id")));

    private static void AssertStranger(Arrival arrival) => Assert.Equal((null, null), (arrival.Header("Authorization"), arrival.Header("redox-source-id")));
}
