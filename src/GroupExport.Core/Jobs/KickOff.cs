using System.Net;
using System.Text.Json;
using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>Sends one kick-off (Bulk Data Access, "Bulk Data Kick-off Request") and says whether a job might exist when none is known.</summary>
internal static class KickOff
{
    private const int MostBodyBytes = 1024 * 1024;
    private const int MostPreferenceCharacters = 200;

    /// <summary>The job runs already; its log ids are not worth more waiting than this.</summary>
    private static readonly TimeSpan s_bodyPatience = TimeSpan.FromSeconds(5);

    /// <summary>A Retry-After beyond this is taken for nonsense, such as the epoch numbers that some servers send.</summary>
    private static readonly TimeSpan s_longestRetryAfter = TimeSpan.FromHours(24);

    public static async Task<KickOffAnswer> SendAsync(GroupExportConnection connection, ExportRequest request, KickOffMessage message, CancellationToken cancellationToken)
    {
        try
        {
            DateTime startedAt = connection.Clock.GetUtcNow().UtcDateTime;
            using HttpRequestMessage http = message.ToHttp();
            using HttpResponseMessage response = await SendOnceAsync(connection, http, message, cancellationToken).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.Accepted
                ? new KickOffAnswer(await JobAsync(response, connection, request, message, startedAt, cancellationToken).ConfigureAwait(false))
                {
                    Headers = ShownHeaders.Of(response, new ServerWords(connection, new SentValues(request)).Mask),
                }
                : Turned(response, connection, await RejectionAsync(response, message, connection, request, cancellationToken).ConfigureAwait(false));
        }
        catch (ExportException failure)
        {
            bool mayPass = failure.InnerException is HttpRequestException fault && TransientFault.NeverSent(fault) && TransientFault.MayPass(fault);
            return new KickOffAnswer(null, failure, IsCertain(failure))
            {
                MayPass = (mayPass && failure.Kind == ExportErrorKind.ServerUnreachable) || failure is { MayPass: true, Kind: ExportErrorKind.DiscoveryFailed },
            };
        }
    }

    /// <summary>Whether no job can have come of it: all but what says otherwise failed before it was sent, or was refused.</summary>
    private static bool IsCertain(ExportException failure) => failure.Kind is not (ExportErrorKind.KickOffUncertain or ExportErrorKind.StatusUrlMissing);

    private static KickOffAnswer Turned(HttpResponseMessage response, GroupExportConnection connection, ExportException failure)
    {
        bool later = failure.Kind == ExportErrorKind.ExportAlreadyRunning || IsBusy(response);
        return new KickOffAnswer(null, failure, IsCertain(failure))
        {
            MayPass = later,
            IsTurnedAway = later,
            RetryAfter = later ? RetryAfter.Read(response, connection.Clock.GetUtcNow(), s_longestRetryAfter) : null,
        };
    }

    /// <summary>A server that names a time to come back has not begun; a 503 without one may come from anything on the way.</summary>
    private static bool IsBusy(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.NonValidated.Contains("Retry-After");

    private static async Task<ExportJob> JobAsync(HttpResponseMessage response, GroupExportConnection connection, ExportRequest request, KickOffMessage message, DateTime startedAt, CancellationToken cancellationToken)
    {
        RequestIds ids = RequestIds.Of(response);
        IReadOnlyList<string> logIds = await LogIdsAsync(response, cancellationToken).ConfigureAwait(false);
        return new ExportJob
        {
            StatusUrl = connection.Meant(StatusUrl(response, message, ids, logIds)).Text,
            GroupId = request.GroupId,
            Server = connection.Server,
            StartedAt = startedAt,
            PatientCount = request.Patients.Count,
            Types = [.. request.Types],
            Parameters = [.. request.ParameterNames],
            Since = request.Since,
            Fingerprint = RequestFingerprint.Create(request, connection.Server),
            Scope = RequestFingerprint.CreateScope(request, connection.Server),
            RequestId = ids.Request,
            CorrelationId = ids.Correlation,
            RedoxLogIds = [.. logIds],
            PreferenceApplied = Applied(response, new ServerWords(connection, new SentValues(request))),
            Connection = connection,
            Sent = new SentValues(request),
        };
    }

    /// <summary>What the server says it heeded of the preferences, from one header or several (RFC 7240, 3).</summary>
    private static string? Applied(HttpResponseMessage response, ServerWords words)
    {
        if (!response.Headers.TryGetValues("Preference-Applied", out IEnumerable<string>? values))
        {
            return null;
        }

        string text = words.Mask(string.Join(", ", values));
        return text.Length <= MostPreferenceCharacters ? text : text[..MostPreferenceCharacters];
    }

    private static async Task<HttpResponseMessage> SendOnceAsync(GroupExportConnection connection, HttpRequestMessage http, KickOffMessage message, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.SendAsync(http, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException fault) when (TransientFault.NeverSent(fault))
        {
            throw new ExportException(
                ExportErrorKind.ServerUnreachable,
                $"The server {Origin.Of(message.Uri)} cannot be reached: {TransientFault.Describe(fault)}. No export was started; check the address and the network and try again.",
                fault)
            {
                Subject = ShownUri.Of(message.Uri),
            };
        }
        catch (Exception fault) when (fault is not ExportException && TransientFault.IsTransient(fault))
        {
            throw new ExportException(
                ExportErrorKind.KickOffUncertain,
                $"The kick-off was sent to {Origin.Of(message.Uri)}, but no answer came ({TransientFault.Describe(fault)}). An export may be running there: look before you start another.",
                fault)
            {
                Subject = ShownUri.Of(message.Uri),
            };
        }
    }

    private static ServerUrl StatusUrl(HttpResponseMessage response, KickOffMessage message, RequestIds ids, IReadOnlyList<string> logIds)
    {
        string? location = HeaderUrl.Read(response, "Content-Location") ?? HeaderUrl.Read(response, "Location");
        string gave = location is null ? "no status URL (Content-Location)" : $"'{ShownUri.OfText(location)}' as its status URL (Content-Location), which is none";
        return StatusLocation.Resolve(message.Uri, location) ?? throw new ExportException(
            ExportErrorKind.StatusUrlMissing,
            $"The server accepted the kick-off but sent {gave}, so this export cannot be followed. It may be running: look before you start another, and " +
            $"ask the server's operator for its URL (request id {ids.Request ?? "not given"}, Redox log {(logIds.Count > 0 ? string.Join(", ", logIds) : "not given")}).")
        {
            Subject = ShownUri.Of(message.Uri),
            StatusCode = (int)response.StatusCode,
            RequestId = ids.Request,
            CorrelationId = ids.Correlation,
        };
    }

    private static async Task<IReadOnlyList<string>> LogIdsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_bodyPatience);
        try
        {
            WireBody body = await WireBody.ReadAsync(response, MostBodyBytes, patience.Token).ConfigureAwait(false);
            using JsonDocument? json = body.ParseJson(out _);
            return json is null ? [] : RedoxLogIds.Of(json.RootElement);
        }
        catch (Exception fault) when (fault is OperationCanceledException or ObjectDisposedException || TransientFault.IsTransient(fault))
        {
            // The job runs, whatever is wrong with the body of the 202; interrupting must not lose it either.
            return [];
        }
    }

    private static async Task<ExportException> RejectionAsync(HttpResponseMessage response, KickOffMessage message, GroupExportConnection connection, ExportRequest request, CancellationToken cancellationToken)
    {
        ServerAnswer answer = await ServerAnswer.ReadAsync(response, new ServerWords(connection, new SentValues(request)).Mask, cancellationToken).ConfigureAwait(false);
        string target = ShownUri.Of(message.Uri);
        return answer.StatusCode switch
        {
            401 => answer.ToFailure(ExportErrorKind.TokenRejected, $"The server does not accept the authorization of this connection ({answer}). No export was started; connect again with a fresh token.", target),
            403 => answer.ToFailure(ExportErrorKind.AccessDenied, $"The server forbids this export ({answer}). Ask for the group and the resource types to be granted to your client.", target),
            429 => answer.ToFailure(ExportErrorKind.ExportAlreadyRunning, $"The server starts no further export now ({answer}){Advice(response, connection.Clock)}. Wait for the one that runs (-KickOffTimeout), or cancel it with Remove-GroupExport.", target),
            503 when IsBusy(response) => answer.ToFailure(ExportErrorKind.ServerUnreachable, $"The server is not available now ({answer}){Advice(response, connection.Clock)}. No export was started; try again later, or give it more time with -KickOffTimeout.", target),
            408 or 502 or 504 => answer.ToFailure(ExportErrorKind.KickOffUncertain, $"The kick-off went out, but something on the way answered {answer}. An export may be running: look before you start another.", target),
            >= 500 when !answer.IsOutcome => answer.ToFailure(ExportErrorKind.KickOffUncertain, $"The server broke down over the kick-off ({answer}) and does not say whether an export was started: look before you start another.", target),
            >= 300 and < 400 => answer.ToFailure(ExportErrorKind.KickOffRejected, $"The server redirects the kick-off{Target(response, message)} ({answer}). That is not followed, because a kick-off must not be doubled; connect to the base URL that it leads to.", target),
            >= 200 and < 300 => answer.ToFailure(ExportErrorKind.KickOffRejected, $"The server answered the kick-off with {answer} where 202 is the only success; it does not speak Bulk Data Access here. Check the base URL.", target),
            int status when MethodRefusal.MayBe(status, message) => answer.ToFailure(ExportErrorKind.KickOffRejected, $"The server refused the {message.Method} kick-off ({answer}). No export was started; check the group id and base URL. {MethodRefusal.Alternative(request, message, connection.Settings)}", target),
            _ => answer.ToFailure(ExportErrorKind.KickOffRejected, $"The server refused the kick-off ({answer}). No export was started; correct the request and try again.", target),
        };
    }

    private static string Target(HttpResponseMessage response, KickOffMessage message) =>
        HeaderUrl.Read(response, "Location") is { } location ? $" to {ServerUrl.Of(message.Uri).Resolve(location)}" : "";

    private static string Advice(HttpResponseMessage response, TimeProvider clock) =>
        RetryAfter.Read(response, clock.GetUtcNow(), s_longestRetryAfter) is { } wait ? $"; it asks to wait {wait.TotalSeconds:0} s" : "";
}
