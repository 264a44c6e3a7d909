using System.Globalization;
using System.Text.Json.Nodes;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Audit;

/// <summary>The events of exports, by name, fields and order as SMART's bulk-data-client writes them (src/app.ts, logVersion 2).</summary>
public sealed class AuditTrailTests : IDisposable
{
    private const string Patients = "{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Patient\",\"id\":\"2\"}\n";

    /// <summary>The fields of the original; what begins with an underscore is added.</summary>
    private static readonly Dictionary<string, string[]> s_fields = new()
    {
        ["kickoff"] = ["exportUrl", "errorCode", "errorBody", "softwareName", "softwareVersion", "softwareReleaseDate", "fhirVersion", "requestParameters", "responseHeaders", "logVersion", "_client", "_clientVersion"],
        ["status_progress"] = ["body", "xProgress", "retryAfter"],
        ["status_error"] = ["body", "code", "message", "responseHeaders"],
        ["status_complete"] = ["transactionTime"],
        ["status_page_complete"] = ["transactionTime", "outputFileCount", "deletedFileCount", "errorFileCount"],
        ["manifest_complete"] = ["transactionTime", "totalOutputFileCount", "totalDeletedFileCount", "totalErrorFileCount", "totalManifests"],
        ["download_request"] = ["fileUrl", "itemType", "resourceType", "_file"],
        ["download_complete"] = ["fileUrl", "fileSize", "resourceCount", "_file", "_attempts", "_resumedBytes", "_duration"],
        ["download_error"] = ["body", "code", "fileUrl", "message", "responseHeaders", "_file"],
        ["export_complete"] = ["files", "resources", "bytes", "attachments", "duration", "_state"],
    };

    private const string RedoxErrors = """{"Meta":{"Logs":[{"ID":"log-1"}],"Errors":[{"Text":"the words of Redox"}]}}""";

    private readonly LogFile _log = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_whole_export_is_told_from_the_kick_off_to_its_end_under_one_id()
    {
        string manifest = Saves.Manifest("""{"type":"Patient","url":"/file"}""", """{"type":"Bundle","url":"/deleted"}""", """{"type":"OperationOutcome","url":"/messages"}""");
        int polls = 0;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/status/1" => ++polls == 1 ? Answer.Running("0", "half of it") : Answer.Json(manifest),
            "/file" => Answer.Ndjson(Patients),
            "/deleted" => Answer.Ndjson("{\"resourceType\":\"Bundle\"}\n"),
            "/messages" => Answer.Ndjson(""),
            _ => Answer.Accepted("/status/1").With("X-Request-Id", "r-1").With("Set-Cookie", "a=secret"),
        });

        ExportJob job = await KickOffAsync(server, new ExportRequest { GroupId = "g", Types = ["Patient", "Observation"], Since = "2026-11-01T00:00:00Z" });
        await SaveAsync(server, job);

        Assert.Equal(["kickoff", "status_progress", "status_complete", "status_page_complete", "manifest_complete"], _log.EventIds.Take(5));
        Assert.Equal(3, _log.Of("download_request").Count);
        Assert.Equal(3, _log.Of("download_complete").Count);
        Assert.Equal("export_complete", _log.EventIds[^1]);
        Assert.Equal(12, _log.Lines.Count);
        Assert.All(_log.Lines, line =>
        {
            Assert.Equal(["exportId", "timestamp", "eventId", "eventDetail"], line.Select(field => field.Key));
            Assert.Equal(job.ExportId, (string?)line["exportId"]);
            Assert.Matches("^[0-9a-f]{20}$", job.ExportId);
            Assert.Equal(s_fields[(string)line["eventId"]!], line["eventDetail"]!.AsObject().Select(field => field.Key));
            Assert.InRange(DateTimeOffset.ParseExact((string)line["timestamp"]!, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        });
        AssertJson("""{"exportUrl":"ROOTr4/Group/g/$export?…","errorCode":null,"errorBody":null,"softwareName":null,"softwareVersion":null,"softwareReleaseDate":null,"fhirVersion":null,"requestParameters":{"_since":"2026-11-01T00:00:00Z","_type":"Patient,Observation"},"responseHeaders":{"content-location":"/status/1","x-request-id":"r-1"},"logVersion":"2","_client":"GroupExport","_clientVersion":"VERSION"}"""
            .Replace("VERSION", typeof(ExportJob).Assembly.GetName().Version!.ToString(3), StringComparison.Ordinal).Replace("ROOT", server.Root.AbsoluteUri, StringComparison.Ordinal), _log.The("kickoff"));
        AssertJson("""{"body":null,"xProgress":"half of it","retryAfter":"0"}""", _log.The("status_progress"));
        AssertJson("""{"transactionTime":"2026-11-23T00:00:00Z"}""", _log.The("status_complete"));
        AssertJson("""{"transactionTime":"2026-11-23T00:00:00Z","outputFileCount":1,"deletedFileCount":1,"errorFileCount":1}""", _log.The("status_page_complete"));
        AssertJson("""{"transactionTime":"2026-11-23T00:00:00Z","totalOutputFileCount":1,"totalDeletedFileCount":1,"totalErrorFileCount":1,"totalManifests":1}""", _log.The("manifest_complete"));
        Assert.Equal([("deleted", "Bundle"), ("error", "OperationOutcome"), ("output", "Patient")], _log.Of("download_request").Select(file => ((string)file["itemType"]!, (string)file["resourceType"]!)).OrderBy(file => file.Item1));
        JsonObject saved = Assert.Single(_log.Of("download_complete"), file => (string)file["_file"]! == "Patient.0001.ndjson");
        Assert.Equal((server.Url("file"), Patients.Length, 2, 1), ((string)saved["fileUrl"]!, (int)saved["fileSize"]!, (int)saved["resourceCount"]!, (int)saved["_attempts"]!));
        JsonObject whole = _log.The("export_complete");
        Assert.Equal((3, 3, 0, "Complete"), ((int)whole["files"]!, (int)whole["resources"]!, (int)whole["attachments"]!, (string)whole["_state"]!));
        Assert.Equal(_log.Of("download_complete").Sum(file => (long)file["fileSize"]!), (long)whole["bytes"]!);
    }

    [Fact]
    public async Task A_poll_that_fails_is_told_and_so_is_what_comes_after_it()
    {
        int polls = 0;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/status/1" => ++polls switch { 1 => Answer.Outcome(503, "restarting").With("Retry-After", "0"), 2 => Answer.Json(Saves.OneFile()) with { CutAt = 9 }, _ => Answer.Json(Saves.OneFile()) },
            _ => Answer.Ndjson(Patients),
        });

        await SaveAsync(server, Exports.JobAt(server));

        Assert.Equal(["status_error", "status_error", "status_complete", "status_page_complete", "manifest_complete", "download_request", "download_complete", "export_complete"], _log.EventIds);
        JsonObject busy = _log.Of("status_error")[0];
        Assert.Equal((503, "restarting", "0"), ((int)busy["code"]!, (string)busy["body"]!, (string)busy["responseHeaders"]!["retry-after"]!));
        Assert.Contains("HTTP 503", (string)busy["message"]!, StringComparison.Ordinal);
        JsonObject cut = _log.Of("status_error")[1];
        Assert.Equal((null, null), (cut["code"], cut["body"]));
        Assert.Contains("the manifest did not come whole", (string)cut["message"]!, StringComparison.Ordinal);
        Assert.All(_log.Of("status_error"), error => Assert.Equal(s_fields["status_error"], error.Select(field => field.Key)));
    }

    [Theory]
    [InlineData(500, "out of memory", ExportErrorKind.ExportFailed)]
    [InlineData(404, "no such job", ExportErrorKind.JobNotFound)]
    public async Task An_export_that_is_no_more_is_told_once_and_never_complete(int status, string words, ExportErrorKind kind)
    {
        await using RecordingServer server = new(Answer.Outcome(status, words));

        await SaveAsync(server, Exports.JobAt(server));

        Assert.Equal(kind, Assert.Single(_log.Reports.Of<Stopped>()).Exception.Kind);
        JsonObject error = _log.The("status_error");
        Assert.Equal((status, words), ((int)error["code"]!, (string)error["body"]!));
        Assert.Single(_log.Lines);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(503)]
    public async Task The_log_ids_of_Redox_are_told_of_a_poll_that_failed(int status)
    {
        int polls = 0;
        await using RecordingServer server = new(_ => ++polls == 1 ? Answer.Json(RedoxErrors, status) : Answer.Outcome(404, "gone"));

        await SaveAsync(server, Exports.JobAt(server));

        Assert.Equal(["log-1"], _log.Of("status_error")[0]["_redoxLogIds"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task The_log_ids_of_Redox_are_told_of_a_file_that_cannot_be_had()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Patient","url":"/bad"}"""), _ => Answer.Json(RedoxErrors, 400));

        await SaveAsync(server, Exports.JobAt(server));

        Assert.Equal(["log-1"], _log.The("download_error")["_redoxLogIds"]!.AsArray().Select(id => (string)id!));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task A_file_that_cannot_be_had_is_told_once_however_often_it_is_tried_and_the_export_is_not_complete(int status)
    {
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/bad?sig=signed"},{"type":"Patient","url":"/good"}"""),
            arrival => arrival.Path == "/bad" ? Answer.Outcome(status, "not now, sig=signed") : Answer.Ndjson(Patients));

        await SaveAsync(server, Exports.JobAt(server));

        Assert.Equal(2, _log.Of("download_request").Count);
        Assert.Equal(server.Url("good"), (string?)_log.The("download_complete")["fileUrl"]);
        JsonObject error = _log.The("download_error");
        Assert.Equal(s_fields["download_error"], error.Select(field => field.Key));
        Assert.Equal((server.Url("bad") + "?…", status, "not now, sig=…"), ((string)error["fileUrl"]!, (int)error["code"]!, (string)error["body"]!));
        Assert.StartsWith("Patient.0001.ndjson", (string)error["message"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("export_complete", _log.EventIds);

        // A 404 has the links renewed: that is the same manifest again, and no news.
        Assert.Single(_log.Of("status_complete"));
        Assert.Single(_log.Of("status_page_complete"));
    }

    [Fact]
    public async Task A_manifest_that_was_told_before_is_no_news_when_its_links_are_renewed()
    {
        int manifests = 0;
        await using RecordingServer server = Saves.Server(
            () => Saves.Manifest($$"""{"type":"Patient","url":"/file?sig={{++manifests}}"}"""),
            arrival => arrival.Query == "sig=1" ? Answer.Plain(403) : Answer.Ndjson(Patients));
        ExportStatus status = (await Exports.AskAsync(server)).Status;

        await Saves.SaveAsync(server, _folder, new SaveSetup { Job = status, Watch = _log.WatchWithManifest });

        // Known, renewed, and confirmed.
        Assert.Equal(3, manifests);
        Assert.Equal(["download_request", "download_complete", "export_complete"], _log.EventIds);
    }

    [Fact]
    public async Task A_file_that_is_not_what_was_promised_is_an_error_and_not_complete()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(",\"count\":3"), _ => Answer.Ndjson(Patients));

        await SaveAsync(server, Exports.JobAt(server));

        JsonObject error = _log.The("download_error");
        Assert.Null(error["code"]);
        Assert.Contains("holds 2 resources where the manifest says 3", (string)error["message"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("download_complete", _log.EventIds);
        Assert.DoesNotContain("export_complete", _log.EventIds);
    }

    [Fact]
    public async Task After_a_kill_another_process_goes_on_under_the_same_id_and_its_totals_are_of_the_whole()
    {
        using CancellationTokenSource kill = new();
        await using RecordingServer server = Saves.Server(
            Saves.Manifest("""{"type":"Patient","url":"/a"},{"type":"Patient","url":"/b"}"""),
            arrival => arrival.Path == "/b" && !kill.IsCancellationRequested ? Answer.Ndjson(Patients) with { StallAt = 3 } : Answer.Ndjson(Patients));
        using LogFile killed = new() { Reports = new Reports { OnReport = happening => CancelOn(happening, kill) } };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Saves.SaveAsync(server, _folder, new SaveSetup { Watch = killed.Watch, Interrupt = kill.Token }));

        Assert.Equal(2, killed.Of("download_request").Count);
        Assert.Equal(server.Url("a"), (string?)killed.The("download_complete")["fileUrl"]);
        Assert.DoesNotContain("export_complete", killed.EventIds);

        // Known by its status URL alone, as the folder's receipt and the shell's history have it.
        await SaveAsync(server, new ExportJob { StatusUrl = Exports.JobAt(server).StatusUrl });

        Assert.Equal(server.Url("b"), (string?)_log.The("download_request")["fileUrl"]);
        Assert.Equal(server.Url("b"), (string?)_log.The("download_complete")["fileUrl"]);
        JsonObject whole = _log.The("export_complete");
        Assert.Equal((2, 4, 2L * Patients.Length), ((int)whole["files"]!, (int)whole["resources"]!, (long)whole["bytes"]!));
        Assert.Single(killed.Lines.Concat(_log.Lines).Select(line => (string)line["exportId"]!).Distinct());
    }

    [Fact]
    public async Task A_run_that_finds_all_there_tells_the_end_and_no_downloads()
    {
        await using RecordingServer server = Saves.Server(Saves.OneFile(), _ => Answer.Ndjson(Patients));
        await Saves.SaveAsync(server, _folder);

        await SaveAsync(server, Exports.JobAt(server));

        Assert.Equal(["export_complete"], _log.EventIds);
        Assert.Equal((1, 2), ((int)_log.The("export_complete")["files"]!, (int)_log.The("export_complete")["resources"]!));
    }

    [Fact]
    public async Task Pages_that_come_while_the_export_runs_are_told_as_they_come()
    {
        const string Second = """{"transactionTime":"2026-11-23T00:00:00Z","output":[{"type":"Patient","url":"/b"},{"type":"Patient","url":"/c"}]}""";
        const string First = """{"transactionTime":"2026-11-23T00:00:00Z","output":[{"type":"Patient","url":"/a"}]LINK}""";
        string linked = First.Replace("LINK", ""","link":[{"relation":"next","url":"/page/2"}]""", StringComparison.Ordinal);
        int polls = 0;
        await using RecordingServer server = new(arrival => arrival.Path switch
        {
            "/status/1" => ++polls == 1 ? Answer.Json(First.Replace("LINK", "", StringComparison.Ordinal), 202).With("Retry-After", "0") : Answer.Json(linked),
            "/page/2" => Answer.Json(Second),
            _ => Answer.Ndjson(Patients),
        });

        await SaveAsync(server, new ExportJob { StatusUrl = server.Url("status/1"), Parameters = ["allowPartialManifests"] });

        Assert.Equal(
            ["status_page_complete", "status_progress", "download_request", "download_complete", "status_complete", "status_page_complete", "manifest_complete"],
            _log.EventIds.Take(7));
        Assert.Equal([1, 2], _log.Of("status_page_complete").Select(page => (int)page["outputFileCount"]!));
        Assert.Equal((3, 2), ((int)_log.The("manifest_complete")["totalOutputFileCount"]!, (int)_log.The("manifest_complete")["totalManifests"]!));
        Assert.Equal(3, (int)_log.The("export_complete")["files"]!);
    }

    [Fact]
    public async Task A_refused_kick_off_is_told_with_the_servers_words_and_without_what_was_asked_about_patients()
    {
        await using RecordingServer server = new(Answer.Outcome(422, "Patient/p-17 and final-secret are not known").With("X-Correlation-Id", "c-1"));

        await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, new ExportRequest
        {
            GroupId = "g",
            Patients = ["Patient/p-17", "Patient/p-18"],
            TypeFilters = ["Observation?status=final-secret&code:in=http://x|1"],
            AllowPartialManifests = false,
        }));

        JsonObject kickoff = _log.The("kickoff");
        Assert.Equal(s_fields["kickoff"], kickoff.Select(field => field.Key));
        Assert.Equal((422, "Patient/… and … are not known", "c-1"), ((int)kickoff["errorCode"]!, (string)kickoff["errorBody"]!, (string)kickoff["responseHeaders"]!["x-correlation-id"]!));
        AssertJson("""{"_typeFilter":"Observation?status=…&code=…","allowPartialManifests":"false","patient":"(2 patients)"}""", kickoff["requestParameters"]!);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(200)]
    public async Task The_log_ids_of_Redox_are_told_of_a_job_and_of_a_refusal(int status)
    {
        await using RecordingServer server = new(Answer.Json(RedoxErrors, status).With(status == 202 ? "Content-Location" : "X-None", "/status/1"));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        await Record.ExceptionAsync(() => new KickOffWait(connection, new ExportRequest { GroupId = "g" }, new KickOffOptions(), _log.Watch(connection, job: null)).RunAsync(CancellationToken.None));

        JsonObject kickoff = _log.The("kickoff");
        Assert.Equal(["log-1"], kickoff["_redoxLogIds"]!.AsArray().Select(id => (string)id!));
        Assert.Equal(status == 202 ? null : "the words of Redox", (string?)kickoff["errorBody"]);
    }

    [Fact]
    public async Task Each_kick_off_that_is_sent_is_told_and_those_that_started_nothing_share_an_id_of_their_own()
    {
        await using RecordingServer server = new(Answer.Outcome(429, "busy").With("Retry-After", "1"), Answer.Outcome(429, "busy").With("Retry-After", "1"), Answer.Accepted("/status/1"));
        SkippingClock clock = new();
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();
        using LogFile log = new() { Reports = new Reports { OnReport = happening => SkipOn(happening, clock) } };

        ExportJob job = await new KickOffWait(connection, new ExportRequest { GroupId = "g" }, new KickOffOptions(), log.Watch(connection, job: null)).RunAsync(CancellationToken.None);

        Assert.Equal([429, 429, null], log.Of("kickoff").Select(kickoff => (int?)kickoff["errorCode"]));
        string[] ids = [.. log.Lines.Select(line => (string)line["exportId"]!)];
        Assert.Equal(job.ExportId, ids[2]);
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.Equal("2026-11-23T04:05:08.000Z", (string?)log.Lines[2]["timestamp"]);
    }

    [Fact]
    public async Task A_kick_off_without_an_answer_has_no_code_but_a_body()
    {
        await using RecordingServer server = new(Answer.HangUp);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => KickOffAsync(server, new ExportRequest { GroupId = "g" }));

        JsonObject kickoff = _log.The("kickoff");
        Assert.Null(kickoff["errorCode"]);
        Assert.Equal(failure.Message, (string?)kickoff["errorBody"]);
        Assert.Empty(kickoff["responseHeaders"]!.AsObject());
    }

    [Fact]
    public async Task What_the_server_says_it_runs_is_told_where_it_was_asked_anyway()
    {
        await using RecordingServer server = new(arrival => arrival.Path == "/r4/metadata"
            ? Answer.Json("""{"resourceType":"CapabilityStatement","fhirVersion":"4.0.1","software":{"name":"Server","version":"7","releaseDate":"2026-01-01"}}""")
            : Answer.Accepted("/status/1"));
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { SpecVersion = null }).Open();
        await connection.LearnVersionAsync(CancellationToken.None);

        await new KickOffWait(connection, new ExportRequest { GroupId = "g" }, new KickOffOptions(), _log.Watch(connection, job: null)).RunAsync(CancellationToken.None);

        JsonObject kickoff = _log.The("kickoff");
        Assert.Equal(["Server", "7", "2026-01-01", "4.0.1"], new[] { "softwareName", "softwareVersion", "softwareReleaseDate", "fhirVersion" }.Select(name => (string?)kickoff[name]));
    }

    [Fact]
    public async Task A_type_that_is_none_is_not_repeated()
    {
        await using RecordingServer server = Saves.Server(Saves.Manifest("""{"type":"Smith","url":"/file"}"""), _ => Answer.Ndjson("{\"resourceType\":\"Smith\"}\n"));

        await SaveAsync(server, Exports.JobAt(server));

        Assert.Equal("…", (string?)_log.The("download_request")["resourceType"]);
    }

    [Theory]
    [InlineData("https://fhir.example.org/status/1", "https://FHIR.example.org:443/status/1", true)]
    [InlineData("https://fhir.example.org/status/1", "https://fhir.example.org/status/2", false)]
    [InlineData("https://fhir.example.org/status?job=1", "https://fhir.example.org/status?job=2", false)]
    public void The_id_is_that_of_the_status_URL_however_it_is_written(string one, string other, bool same)
    {
        Assert.Equal(same, Exports.JobAt(one).ExportId == Exports.JobAt(other).ExportId);
        Assert.Matches("^[0-9a-f]{20}$", Exports.JobAt(one).ExportId);
    }

    private async Task<ExportJob> KickOffAsync(RecordingServer server, ExportRequest request)
    {
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        return await new KickOffWait(connection, request, new KickOffOptions { Timeout = TimeSpan.Zero }, _log.Watch(connection, job: null)).RunAsync(CancellationToken.None);
    }

    private async Task SaveAsync(RecordingServer server, ExportJob job) => await Saves.SaveAsync(server, _folder, new SaveSetup
    {
        Job = job,
        Validation = Validation.Full,
        Watch = _log.Watch,
        Reports = _log.Reports,
    });

    private static void CancelOn(ExportEvent happening, CancellationTokenSource kill)
    {
        if (happening is FileKept)
        {
            kill.Cancel();
        }
    }

    private static void SkipOn(ExportEvent happening, SkippingClock clock)
    {
        if (happening is KickOffWaiting)
        {
            clock.SkipNextTimer();
        }
    }

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"{expected}\n{actual.ToJsonString()}");
}
