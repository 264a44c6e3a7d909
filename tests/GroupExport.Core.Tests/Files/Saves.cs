using GroupExport.Connections;
using GroupExport.Files;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Tests.Jobs;
using GroupExport.Tests.Server;

namespace GroupExport.Tests.Files;

/// <summary>Saves exports of a scripted server whose status URL is <c>/status/1</c>.</summary>
internal static class Saves
{
    /// <summary>A server with a manifest at <c>/status/1</c>; everything else is answered by the script.</summary>
    public static RecordingServer Server(string manifest, Func<Arrival, Answer> files) => Server(() => manifest, files);

    /// <summary>A server whose manifest is asked for anew each time.</summary>
    public static RecordingServer Server(Func<string> manifest, Func<Arrival, Answer> files) =>
        new(arrival => arrival.Path == "/status/1" ? Answer.Json(manifest()) : files(arrival));

    /// <summary>A manifest with one output file of patients at <c>/file</c>.</summary>
    public static string OneFile(string more = "") => Manifest("""{"type":"Patient","url":"/file"MORE}""".Replace("MORE", more, StringComparison.Ordinal));

    public static string Manifest(string output, string deleted = "", string error = "", string requiresAccessToken = "true") =>
        $$"""{"transactionTime":"2026-11-23T00:00:00Z","requiresAccessToken":{{requiresAccessToken}},"output":[{{output}}],"deleted":[{{deleted}}],"error":[{{error}}]}""";

    /// <summary>Saves to the folder by way of the status URL, with three attempts a file and no wait in between.</summary>
    public static async Task<Reports> SaveAsync(RecordingServer server, TemporaryFolder folder, SaveSetup? setup = null)
    {
        setup ??= new SaveSetup();
        ConnectionSettings settings = TestConnections.Fhir(server) with { Clock = setup.Clock };
        using GroupExportConnection connection = (setup.Connect?.Invoke(settings) ?? settings).Open();
        using SemaphoreSlim slots = new(setup.ThrottleLimit);
        SaveOptions options = new()
        {
            Slots = slots,
            ThrottleLimit = setup.ThrottleLimit,
            Validation = setup.Validation,
            Compress = setup.Compress,
            Force = setup.Force,
            RetryInvalid = setup.RetryInvalid,
            MaxLineBytes = setup.MaxLineBytes,
            Retry = setup.Retry,
            Wait = setup.Wait with { PageRetry = Exports.Impatient },
        };
        ExportJob job = setup.Job ?? Exports.JobAt(server);
        Action<ExportEvent> report = setup.Watch?.Invoke(connection, job) ?? setup.Reports.Add;
        using ExportFolder open = ExportFolder.OpenFor(job, folder.Path);
        try
        {
            await new SaveJob(job, open, () => connection, options, report) { Only = setup.Only }.RunAsync(setup.Interrupt);
        }
        catch (ExportException failure)
        {
            setup.Reports.Add(new Stopped(failure));
        }

        return setup.Reports;
    }

    /// <summary>The one file that was reported.</summary>
    public static SavedFile File(this Reports reports) => Assert.Single(reports.Of<FileDone>()).File;

    /// <summary>The one failure that was reported.</summary>
    public static ExportException Failure(this Reports reports) => Assert.Single(reports.Of<Failure>()).Exception;
}

/// <summary>What is out of the ordinary with a save.</summary>
internal sealed record SaveSetup
{
    public ExportJob? Job { get; init; }

    public Func<ConnectionSettings, ConnectionSettings>? Connect { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public TransientRetry Retry { get; init; } = Exports.Impatient;

    /// <summary>No time between two status requests, so that the one that confirms the list of files needs no clock.</summary>
    public WaitOptions Wait { get; init; } = new() { MinPollInterval = TimeSpan.Zero };

    public Validation Validation { get; init; } = Validation.Count;

    public bool Compress { get; init; }

    public bool Force { get; init; }

    public bool RetryInvalid { get; init; }

    public long MaxLineBytes { get; init; } = 64 * 1024 * 1024;

    public int ThrottleLimit { get; init; } = 4;

    public IReadOnlySet<string>? Only { get; init; }

    public Reports Reports { get; init; } = new();

    /// <summary>Takes events in place of <see cref="Reports"/>; null for none.</summary>
    public Func<GroupExportConnection, ExportJob, Action<ExportEvent>>? Watch { get; init; }

    public CancellationToken Interrupt { get; init; }
}

/// <summary>The whole save ended with an error.</summary>
internal sealed record Stopped(ExportException Exception) : ExportEvent;
