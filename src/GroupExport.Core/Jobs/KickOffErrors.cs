using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>Creates the error of a kick-off that no job came of: what happened, and one next step. Its kind is in <see cref="KickOffTable"/>.</summary>
/// <param name="connection">The connection.</param>
/// <param name="request">What was asked for.</param>
/// <param name="message">What was sent.</param>
/// <param name="answer">What the server answered.</param>
/// <param name="location">The URL that it named.</param>
internal sealed class KickOffErrors(GroupExportConnection connection, ExportRequest request, KickOffMessage message, ServerAnswer answer, StatusLocation location)
{
    /// <summary>Gets the wait that the server asks for, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the running exports that the server names in place of a new one.</summary>
    public IReadOnlyList<ExportJob> RunningJobs { get; init; } = [];

    /// <summary>Returns the error of a verdict.</summary>
    public ExportException Of(KickOffVerdict verdict) => answer.ToFailure(KickOffTable.KindOf(verdict)!.Value, Text(verdict), Subject);

    private object Subject => RunningJobs.Count switch
    {
        0 => ShownUri.Of(message.Uri),
        1 => RunningJobs[0],
        _ => RunningJobs.ToArray(),
    };

    private string Text(KickOffVerdict verdict) => verdict switch
    {
        KickOffVerdict.StatusUrlMissing => StatusUrlMissing(),
        KickOffVerdict.OtherResult => OtherResult(),
        KickOffVerdict.Unanswered => $"The kick-off went out, but something on the way answered {answer}. An export may be running: look before you start another.",
        KickOffVerdict.BrokenDown => $"The server failed during the kick-off ({answer}). An export may be running: look before you start another.",
        KickOffVerdict.TokenRejected => $"The server rejects the access token of this connection ({answer}). No export was started. Connect again with a fresh token.",
        KickOffVerdict.AccessDenied => $"The server forbids this export ({answer}). Ask for the group and the resource types to be granted to your client.",
        KickOffVerdict.AlreadyRunning => AlreadyRunning(),
        KickOffVerdict.Unavailable => $"The server is not available now ({answer}){Wait}. No export was started. Try again later, or allow more time with -KickOffTimeout.",
        KickOffVerdict.Redirected => $"The server redirects the kick-off{Target} ({answer}). Redirects are not followed, so that no kick-off is doubled. Connect to the base URL that it leads to.",
        KickOffVerdict.NotBulkData => $"The server answered the kick-off with {answer} and no status URL; 202 is the only success. It does not speak Bulk Data Access here. Check the base URL.",
        _ => Rejected(),
    };

    private string StatusUrlMissing()
    {
        string named = location.Place switch
        {
            StatusPlace.None => "no status URL (Content-Location)",
            StatusPlace.Request => $"the URL of the kick-off itself ('{location.Shown}') as the status URL (Content-Location)",
            _ => $"'{location.Shown}' as the status URL (Content-Location), which is not valid",
        };
        string logs = answer.LogIds.Count > 0 ? string.Join(", ", answer.LogIds) : "not given";
        return $"The server accepted the kick-off but sent {named}, so this export cannot be followed. It may be running: look before you start another, and " +
            $"ask the server administrator for its URL (request id {answer.RequestId ?? "not given"}, Redox log {logs}).";
    }

    private string OtherResult()
    {
        string result = answer.ResourceType is null or "OperationOutcome" ? "" : $" and a {answer.ResourceType}";
        return $"The server answered the kick-off with {answer}{result} in place of a job, and names {location.Shown}. An export may be running: look before you start another. " +
            "If that is the status URL of an export, pipe it to Get-ExportStatus.";
    }

    private string AlreadyRunning()
    {
        string refused = $"The server starts no further export now ({answer}){Wait}.";
        return RunningJobs.Count == 0
            ? $"{refused} Wait for the running export (-KickOffTimeout), or cancel it with Remove-GroupExport."
            : $"{refused} It names {(RunningJobs.Count == 1 ? "the running export" : "the running exports")} {string.Join(", ", RunningJobs.Select(job => ShownUri.Of(job.StatusUri)))}. " +
              "To continue with one, pipe its status URL to Get-ExportStatus or Save-ExportFiles; the target of this error holds it.";
    }

    private string Rejected()
    {
        string named = location.Shown is { } url && answer.StatusCode < 300 ? $" It names {url}, which was not followed." : "";
        return MethodRefusal.MayBe(answer.StatusCode, message)
            ? $"The server refused the {message.Method} kick-off ({answer}). No export was started; check the group id and base URL. {MethodRefusal.Alternative(request, message, connection.Settings)}"
            : $"The server refused the kick-off ({answer}).{named} No export was started; correct the request and try again.";
    }

    private string Target => location.Url is null ? "" : $" to {location.Shown}";

    private string Wait => RetryAfter is { } wait ? $"; it asks to wait {wait.TotalSeconds:0} s" : "";
}
