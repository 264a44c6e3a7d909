using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Jobs;

/// <summary>DELETE of a job.</summary>
public sealed class JobRemovalTests
{
    [Theory]
    [InlineData(202, true)]
    [InlineData(200, true)]
    [InlineData(204, true)]
    [InlineData(404, false)]
    [InlineData(410, false)]
    public async Task A_job_that_is_gone_already_is_no_failure(int status, bool known)
    {
        await using RecordingServer server = new(Answer.Plain(status));

        Assert.Equal(known, await RemoveAsync(server));

        Arrival arrival = Assert.Single(server.Arrivals);
        Assert.Equal("DELETE", arrival.Verb);
        Assert.Equal("/status/1?x=1", arrival.Target);
        Assert.Equal("application/json", arrival.Header("Accept"));
    }

    [Theory]
    [InlineData(401, ExportErrorKind.TokenRejected)]
    [InlineData(403, ExportErrorKind.RemovalFailed)]
    [InlineData(500, ExportErrorKind.RemovalFailed)]
    public async Task A_refusal_is_told_in_the_servers_words(int status, ExportErrorKind kind)
    {
        await using RecordingServer server = new(Answer.Outcome(status, "still in use"));

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => RemoveAsync(server));

        Assert.Equal(kind, failure.Kind);
        Assert.Equal("still in use", failure.ServerMessage);
    }

    [Fact]
    public async Task A_cut_connection_is_a_failure_after_which_trying_again_is_safe()
    {
        await using RecordingServer server = new(Answer.HangUp);

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => RemoveAsync(server));

        Assert.Equal(ExportErrorKind.RemovalFailed, failure.Kind);
        Assert.Contains("safe to try again", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using RecordingServer server = new(Answer.Redirect(status, "/other"), Answer.Plain(202));

        ExportException failure = await Assert.ThrowsAsync<ExportException>(() => RemoveAsync(server));

        Assert.Equal(ExportErrorKind.RemovalFailed, failure.Kind);
        Assert.Single(server.Arrivals);
    }

    private static async Task<bool> RemoveAsync(RecordingServer server)
    {
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();
        return await JobRemoval.SendAsync(connection, Exports.JobAt(server, "status/1?x=1"), CancellationToken.None);
    }
}
