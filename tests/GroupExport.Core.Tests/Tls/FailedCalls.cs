using GroupExport.Connections;
using GroupExport.Jobs;
using GroupExport.Tests.Files;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Tls;

/// <summary>How a call failed: the kind, where the engine does not simply ask again, and the words.</summary>
internal sealed record FailedCall(ExportErrorKind? Kind, string Text);

/// <summary>Each kind of call for itself, to a server where it is bound to fail.</summary>
internal static class FailedCalls
{
    public const string Discovery = "discovery";
    public const string Token = "token";
    public const string KickOff = "kick-off";
    public const string Status = "status";
    public const string Page = "next page";
    public const string File = "file";
    public const string Delete = "DELETE";

    /// <param name="call">One of the constants.</param>
    /// <param name="settings">Those of <see cref="TlsExport.Settings"/>: by discovery.</param>
    public static async Task<FailedCall> MakeAsync(string call, ConnectionSettings settings)
    {
        Uri root = new(settings.FhirBase, "/");
        return call switch
        {
            Discovery => Of(await Fails(settings, StartAsync)),
            Token => Of(await Fails(settings.WithTokenUri(new Uri(root, "token").AbsoluteUri), StartAsync)),
            KickOff => Of(await Fails(settings.WithToken(), StartAsync)),
            Status => await TroubleAsync(settings.WithToken(), Exports.JobAt(new Uri(root, "status/1").AbsoluteUri)),
            Page => await PageAsync(settings.WithToken(), root),
            File => await FileAsync(settings.WithToken(), root),
            Delete => Of(await Fails(settings.WithToken(), connection => new JobRemoval(connection, Exports.JobAt(new Uri(root, "status/1").AbsoluteUri), _ => { }).RunAsync(CancellationToken.None))),
            _ => throw new ArgumentOutOfRangeException(nameof(call), call, null),
        };
    }

    private static Task StartAsync(GroupExportConnection connection) => Exports.KickOffAsync(connection, TlsExport.Request);

    private static async Task<ExportException> Fails(ConnectionSettings settings, Func<GroupExportConnection, Task> call)
    {
        using GroupExportConnection connection = settings.Open();
        return await Assert.ThrowsAsync<ExportException>(() => call(connection));
    }

    private static FailedCall Of(ExportException failure) => new(failure.Kind, failure.Message);

    private static async Task<FailedCall> TroubleAsync(ConnectionSettings settings, ExportJob job)
    {
        using GroupExportConnection connection = settings.Open();
        StatusAnswer answer = await new StatusRequest(connection, job, TimeSpan.FromHours(1), TlsExport.Retry).SendAsync(_ => { }, CancellationToken.None);
        return new FailedCall(null, Assert.IsType<string>(answer.Trouble));
    }

    /// <summary>The first page comes from where nothing is in the way.</summary>
    private static async Task<FailedCall> PageAsync(ConnectionSettings settings, Uri root)
    {
        await using RecordingServer first = new(Answer.Json($$"""{"output":[],"link":[{"relation":"next","url":"{{new Uri(root, "page/2")}}"}]}"""));
        return await TroubleAsync(settings, Exports.JobAt(first));
    }

    /// <summary>The manifest comes from where nothing is in the way.</summary>
    private static async Task<FailedCall> FileAsync(ConnectionSettings settings, Uri root)
    {
        await using RecordingServer manifest = new(Answer.Json(Saves.Manifest($$"""{"type":"Patient","url":"{{new Uri(root, "file")}}"}""")));
        using GroupExportConnection connection = settings.Open();
        return Of((await TlsExport.SaveAsync(connection, Exports.JobAt(manifest))).Failure());
    }
}
