using System.Net;
using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Http;

/// <summary>A server's words reach terminals and logs from more places than refusals; nowhere do they command a terminal.</summary>
public sealed class ShownWordsTests
{
    private const string Sent = "\u001b[2Jhalf\u009b1m done";
    private const string Shown = @"\u001B[2Jhalf\u009B1m done";

    [Fact]
    public async Task Terminal_escapes_are_visible_in_the_progress()
    {
        await using RecordingServer server = new(Answer.Running(progress: Sent));

        Assert.Equal(Shown, (await Exports.AskAsync(server)).Status.Progress);
    }

    [Fact]
    public async Task Terminal_escapes_are_visible_in_what_a_kick_off_answers()
    {
        await using RecordingServer server = new(Answer.Accepted("/status/1").With("Preference-Applied", Sent).With("X-Request-Id", Sent).With("X-Correlation-Id", Sent));
        using GroupExportConnection connection = TestConnections.Fhir(server).Open();

        ExportJob job = await Exports.KickOffAsync(connection, new ExportRequest { GroupId = "g" });

        Assert.Equal((Shown, Shown, Shown), (job.PreferenceApplied, job.RequestId, job.CorrelationId));
    }

    [Fact]
    public void Terminal_escapes_are_visible_in_headers()
    {
        using HttpResponseMessage response = new(HttpStatusCode.Accepted);
        response.Headers.TryAddWithoutValidation("X-Progress", Sent);

        Assert.Equal(Shown, ShownHeaders.Of(response, text => text)["x-progress"]);
    }

    [Fact]
    public async Task Terminal_escapes_are_visible_in_messages_of_saved_files()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(Directory.CreateDirectory(folder.Path).FullName, "OperationOutcome.0001.ndjson");
        await File.WriteAllTextAsync(path, """{"resourceType":"OperationOutcome","issue":[{"severity":"error","diagnostics":"\u001b[2Jhalf\u009b1m done"}]}""");
        ServerMessages messages = new(text => text);

        await messages.ReadAsync(path, isCompressed: false, CancellationToken.None);

        Assert.Equal([Shown], messages.FirstProblems);
    }
}
