using System.Text;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Jobs;
using GroupExport.Requests;
using GroupExport.Tests.Server;

namespace GroupExport.Fuzz;

/// <summary>Whole answers of a server, over a real connection.</summary>
internal static class ServerTargets
{
    /// <summary>Last bytes of an input, which choose the status code and the headers: 200; 202 with a Content-Location; 503.</summary>
    private const byte Ok = 0;

    private const byte Accepted = 43;
    private const byte Unavailable = 3;

    private static readonly TransientRetry s_once = new(2, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);

    private static readonly Lazy<RecordingServer> s_server = new(() => new RecordingServer(_ => s_answer!));

    private static readonly byte[][] s_bodies = Targets.Texts(
        """{"transactionTime":"2026-11-01T00:00:00Z","requiresAccessToken":false,"output":[{"type":"Patient","url":"https://fhir.example.org/f/1","count":3}],"error":[]}""",
        """{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"transient","diagnostics":"x"}]}""",
        """{"Meta":{"Logs":[{"ID":"1-2"}],"Errors":[{"ID":1,"Text":"t","DestinationStatusCode":504}]}}""",
        """{"exportJobProperties":{"jobStatus":"IN_PROGRESS"}}""",
        "");

    private static readonly byte[][] s_locations = Targets.Texts("https://fhir.example.org/status/1?sig=a%2Bb", "/status/1", "status/1", "//other.example.org:8443/x");

    private static Answer s_answer = new();

    public static IReadOnlyList<Target> All { get; } =
    [
        new("status", [With(s_bodies[0], Ok), .. s_bodies.Skip(1).Select(body => With(body, Accepted)), .. s_bodies.Skip(1).Select(body => With(body, Unavailable))], StatusKinds, ReadStatus),
        new("kick-off", [.. s_bodies.Skip(1).Select(body => With(body, Accepted))], KickOffKinds, ReadKickOff),
        new("content-location", s_locations, KickOffKinds, ReadLocation),
    ];

    private static IReadOnlyList<ExportErrorKind> StatusKinds =>
    [
        ExportErrorKind.TokenRejected, ExportErrorKind.AccessDenied, ExportErrorKind.JobNotFound, ExportErrorKind.StatusUnavailable, ExportErrorKind.ExportFailed,
        ExportErrorKind.InvalidManifest, ExportErrorKind.UnsafeRedirect, ExportErrorKind.InvalidServerUri, ExportErrorKind.UntrustedStatusOrigin,
    ];

    private static IReadOnlyList<ExportErrorKind> KickOffKinds =>
    [
        ExportErrorKind.TokenRejected, ExportErrorKind.AccessDenied, ExportErrorKind.KickOffRejected, ExportErrorKind.KickOffUncertain, ExportErrorKind.StatusUrlMissing,
        ExportErrorKind.ExportAlreadyRunning, ExportErrorKind.ServerUnreachable, ExportErrorKind.InvalidServerUri,
    ];

    private static byte[] With(byte[] body, byte status) => [.. body, (byte)' ', status];

    private static Answer AnswerOf(byte[] input)
    {
        int[] statuses = [200, 202, 500, 503, 404, 400, 401, 413, 204, 301, 429, 206, 418, 599];
        byte pick = input.Length == 0 ? (byte)0 : input[^1];
        Answer answer = Answer.Plain(statuses[pick % statuses.Length], "", pick % 3 == 0 ? "application/json" : pick % 3 == 1 ? "application/fhir+json" : "text/plain") with { Body = input.Length == 0 ? [] : input[..^1] };
        answer = (pick & 0x40) != 0 ? answer.With("Retry-After", "1e9") : answer;
        answer = (pick & 0x20) != 0 ? answer.With("Content-Location", "/status/2") : answer;
        return (pick & 0x80) != 0 ? answer.With("X-Export-Status", "500 x").With("X-Progress", "\u00FF\t%") : answer;
    }

    private static GroupExportConnection Open() => new(new ConnectionSettings { FhirBase = ConnectionSettings.CheckedServer(new Uri(s_server.Value.Root, "r4")), SpecVersion = 2 });

    private static void ReadStatus(byte[] input)
    {
        s_answer = AnswerOf(input);
        using GroupExportConnection connection = Open();
        ExportJob job = new() { StatusUrl = s_server.Value.Url("status/1"), GroupId = "g" };
        _ = new StatusRequest(connection, job, TimeSpan.FromHours(24), s_once).SendAsync(_ => { }, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static void ReadKickOff(byte[] input)
    {
        s_answer = AnswerOf(input);
        KickOff();
    }

    private static void ReadLocation(byte[] input)
    {
        s_answer = new Answer { Status = 202 }.With("Content-Location", Encoding.Latin1.GetString(input));
        KickOff();
    }

    private static void KickOff()
    {
        using GroupExportConnection connection = Open();
        KickOffOptions once = new() { Timeout = TimeSpan.Zero };
        ExportJob job = new KickOffWait(connection, new ExportRequest { GroupId = "g" }, once, _ => { }).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
        if (job.StatusUrl.Any(char.IsControl))
        {
            throw new InvalidOperationException("A status URL holds control characters.");
        }
    }
}
