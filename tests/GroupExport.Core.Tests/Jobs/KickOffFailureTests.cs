using System.Net;
using System.Net.Sockets;
using GroupExport.Connections;
using GroupExport.Requests;
using GroupExport.Tests.Server;
using Microsoft.Extensions.Time.Testing;

namespace GroupExport.Tests.Jobs;

/// <summary>A kick-off that no job comes of, or perhaps one.</summary>
public sealed class KickOffFailureTests
{
    private static readonly ExportRequest s_withPatient = new() { GroupId = "g", Patients = ["Patient/1"] };

    [Theory]
    [InlineData(200, ExportErrorKind.KickOffRejected)]
    [InlineData(204, ExportErrorKind.KickOffRejected)]
    [InlineData(400, ExportErrorKind.KickOffRejected)]
    [InlineData(401, ExportErrorKind.TokenRejected)]
    [InlineData(403, ExportErrorKind.AccessDenied)]
    [InlineData(404, ExportErrorKind.KickOffRejected)]
    [InlineData(405, ExportErrorKind.KickOffRejected)]
    [InlineData(408, ExportErrorKind.KickOffUncertain)]
    [InlineData(422, ExportErrorKind.KickOffRejected)]
    [InlineData(429, ExportErrorKind.ExportAlreadyRunning)]
    [InlineData(500, ExportErrorKind.KickOffUncertain)]
    [InlineData(502, ExportErrorKind.KickOffUncertain)]
    [InlineData(503, ExportErrorKind.KickOffUncertain)]
    [InlineData(504, ExportErrorKind.KickOffUncertain)]
    public async Task Every_status_but_202_is_a_failure_of_its_kind_and_is_not_tried_again(int status, ExportErrorKind kind)
    {
        await using RecordingServer server = new(new Answer { Status = status }.With("X-Request-Id", "r-1").With("X-Correlation-Id", "c-1"));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal("c-1", failure.CorrelationId);
        Assert.Equal(kind, failure.Kind);
        Assert.Equal(status, failure.StatusCode);
        Assert.Equal("r-1", failure.RequestId);
        Assert.Equal(server.Url("r4/Group/g/$export"), failure.Subject);
        Assert.Single(server.Arrivals);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using RecordingServer server = new(Answer.Redirect(status, "/other"), Answer.Accepted("/status/1"));

        ExportException failure = await Exports.KickOffFailureAsync(server, s_withPatient);

        Assert.Equal(ExportErrorKind.KickOffRejected, failure.Kind);
        Assert.Contains(server.Url("other"), failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task The_servers_own_words_are_shown_with_patients_masked()
    {
        await using RecordingServer server = new(Answer.Outcome(400, "Patient/secret-1 is not in https://x.example/r4/Patient/secret-2's group; _type is odd"));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.KickOffRejected, failure.Kind);
        Assert.Equal("Patient/… is not in https://x.example/r4/Patient/…'s group; _type is odd", failure.ServerMessage);
        Assert.Contains(failure.ServerMessage!, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_issues_are_joined_and_diagnostics_stand_in_for_a_missing_text()
    {
        const string body = """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid","diagnostics":"first"},{"severity":"warning","code":"not-supported"}]}""";
        await using RecordingServer server = new(Answer.Plain(400, body, "application/fhir+json; charset=utf-8"));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal("first; not-supported", failure.ServerMessage);
    }

    [Theory]
    [InlineData("text/html", "<html><body>Patient/secret-1 sent by 10.0.0.1</body></html>")]
    [InlineData("application/json", "{\"echo\":\"Patient/secret-1\"}")]
    [InlineData("application/json", "null")]
    public async Task A_body_without_words_for_people_is_not_shown(string contentType, string body)
    {
        await using RecordingServer server = new(Answer.Plain(400, body, contentType));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.KickOffRejected, failure.Kind);
        Assert.Null(failure.ServerMessage);
        Assert.Contains("HTTP 400", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "Patient%2Fsecret-1, and no JSON")]
    [InlineData("text/plain", "no Patient&#47;secret-1 here")]
    [InlineData("text/plain", "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":\"invalid\",\"diagnostics\":\"no Patient\\u002fsecret-1\"}]}")]
    public async Task The_words_of_another_form_are_shown_without_patients(string contentType, string body)
    {
        await using RecordingServer server = new(Answer.Plain(400, body, contentType));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Contains("Patient/…", failure.ServerMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-1", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_whose_body_is_cut_off_is_still_that_error()
    {
        await using RecordingServer server = new(Answer.Outcome(400, "a long story") with { CutAt = 20 });

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Equal(ExportErrorKind.KickOffRejected, failure.Kind);
        Assert.Equal(400, failure.StatusCode);
    }

    [Fact]
    public async Task A_429_tells_how_long_to_wait()
    {
        await using RecordingServer server = new(new Answer { Status = 429 }.With("Retry-After", "90"));

        ExportException failure = await Exports.KickOffFailureAsync(server);

        Assert.Contains("90 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_connection_started_nothing()
    {
        using TcpListener closed = new(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        using GroupExportConnection connection = new(new ConnectionSettings { FhirBase = new Uri($"http://127.0.0.1:{port}/") });

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }));

        Assert.Equal(ExportErrorKind.ServerUnreachable, failure.Kind);
        Assert.Contains("No export was started", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_cut_after_sending_leaves_it_uncertain_and_the_request_arrived_once(bool post)
    {
        await using RecordingServer server = new(Answer.HangUp);

        ExportException failure = await Exports.KickOffFailureAsync(server, post ? s_withPatient : null);

        Assert.Equal(ExportErrorKind.KickOffUncertain, failure.Kind);
        Assert.Equal(post ? "POST" : "GET", Assert.Single(server.Arrivals).Verb);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kept_connection_that_closes_under_the_kick_off_does_not_double_it(bool post)
    {
        await using RecordingServer server = new(arrival => arrival.Path.EndsWith("$export", StringComparison.Ordinal) ? Answer.HangUp : Answer.Running());
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        HttpRequestMessage first = new(HttpMethod.Get, server.Url("status/1"));
        (await connection.SendAsync(first, CancellationToken.None)).Dispose();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, post ? s_withPatient : new ExportRequest { GroupId = "g" }));

        Assert.Equal(ExportErrorKind.KickOffUncertain, failure.Kind);
        Assert.Single(server.To("/r4/Group/g/$export"));
    }

    [Fact]
    public async Task No_answer_in_time_leaves_it_uncertain()
    {
        FakeTimeProvider clock = new();
        await using RecordingServer server = new(_ =>
        {
            // The request has arrived, so its patience is being counted.
            clock.Advance(TimeSpan.FromSeconds(101));
            return Answer.HangUp;
        });
        using GroupExportConnection connection = (TestConnections.Fhir(server) with { Clock = clock }).Open();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }));

        Assert.Equal(ExportErrorKind.KickOffUncertain, failure.Kind);
        Assert.Contains("100 s", failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Arrivals);
    }

    [Fact]
    public async Task A_closed_connection_sends_nothing()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1"));
        GroupExportConnection connection = TestConnections.Fhir(server).Open();
        connection.Dispose();

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" }));

        Assert.Equal(ExportErrorKind.ConnectionClosed, failure.Kind);
        Assert.Empty(server.Arrivals);
    }
}
