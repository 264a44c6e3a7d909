using GroupExport.Connections;
using GroupExport.Http;
using GroupExport.Requests;

namespace GroupExport.Jobs;

/// <summary>
/// Sends one kick-off (Bulk Data Access, "Bulk Data Kick-off Request") and acts on the verdict of <see cref="KickOffTable"/> on its answer.
/// </summary>
internal static class KickOff
{
    private const int MaxPreferenceChars = 200;

    /// <summary>The longest Retry-After that is honored; some servers send Unix times as seconds.</summary>
    private static readonly TimeSpan s_maxRetryAfter = TimeSpan.FromHours(24);

    public static async Task<KickOffAnswer> SendAsync(GroupExportConnection connection, ExportRequest request, KickOffMessage message, CancellationToken cancellationToken)
    {
        try
        {
            DateTime startedAt = connection.Clock.GetUtcNow().UtcDateTime;
            using HttpRequestMessage http = message.ToHttp();
            using HttpResponseMessage response = await SendOnceAsync(connection, http, message, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(connection, request, message, response, startedAt, cancellationToken).ConfigureAwait(false);
        }
        catch (ExportException failure)
        {
            bool mayPass = failure.InnerException is HttpRequestException fault && TransientFault.NeverSent(fault) && TransientFault.MayPass(fault);
            return new KickOffAnswer(null, failure, KickOffTable.IsCertain(failure.Kind))
            {
                MayPass = (mayPass && failure.Kind == ExportErrorKind.ServerUnreachable) || failure is { MayPass: true, Kind: ExportErrorKind.DiscoveryFailed },
            };
        }
    }

    private static async Task<KickOffAnswer> ReadAsync(
        GroupExportConnection connection, ExportRequest request, KickOffMessage message, HttpResponseMessage response, DateTime startedAt, CancellationToken cancellationToken)
    {
        ServerWords words = new(connection, new SentValues(request));
        ServerAnswer answer = response.IsSuccessStatusCode
            ? await AcceptedAnswer.ReadAsync(response, words.Mask, cancellationToken).ConfigureAwait(false)
            : await ServerAnswer.ReadAsync(response, words.Mask, cancellationToken).ConfigureAwait(false);
        StatusLocation location = StatusLocation.Of(response, message.Uri, request.ParameterNames);
        KickOffVerdict verdict = KickOffTable.Decide(new KickOffReading(answer, location.Place, response.Headers.NonValidated.Contains("Retry-After")));
        if (verdict == KickOffVerdict.Job)
        {
            ExportJob job = ToJob(connection, request, response, answer, connection.Meant(location.Url!), startedAt, words);
            return new KickOffAnswer(job) { Headers = answer.Headers, Warnings = [.. AcceptanceWarnings.Of(connection, job, answer)] };
        }

        TimeSpan? retryAfter = RetryAfter.Read(response, connection.Clock.GetUtcNow(), s_maxRetryAfter);
        ExportException failure = new KickOffErrors(connection, request, message, answer, location)
        {
            RetryAfter = retryAfter,
            RunningJobs = verdict == KickOffVerdict.AlreadyRunning ? RunningJobs(connection, request, message, response) : [],
        }.Of(verdict);
        bool isSentAgain = KickOffTable.IsSentAgain(verdict);
        return new KickOffAnswer(null, failure, KickOffTable.IsCertain(failure.Kind))
        {
            MayPass = isSentAgain,
            IsTurnedAway = isSentAgain,
            RetryAfter = isSentAgain ? retryAfter : null,
        };
    }

    private static ExportJob ToJob(
        GroupExportConnection connection, ExportRequest request, HttpResponseMessage response, ServerAnswer answer, ServerUrl statusUrl, DateTime startedAt, ServerWords words) => new()
    {
        StatusUrl = statusUrl.Text,
        GroupId = request.GroupId,
        Server = connection.Server,
        StartedAt = startedAt,
        AcceptedAt = response.Headers.Date?.UtcDateTime,
        PatientCount = request.Patients.Count,
        Types = [.. request.Types],
        Parameters = [.. request.ParameterNames],
        Since = request.Since,
        Fingerprint = RequestFingerprint.Create(request, connection.Server),
        Scope = RequestFingerprint.CreateScope(request, connection.Server),
        RequestId = answer.RequestId,
        CorrelationId = answer.CorrelationId,
        RedoxLogIds = [.. answer.LogIds],
        PreferenceApplied = Applied(response, words),
        Connection = connection,
        Sent = new SentValues(request),
    };

    /// <summary>Returns the exports that an answer names in place of a new one: jobs of which the URL is known, and not what they export.</summary>
    private static IReadOnlyList<ExportJob> RunningJobs(GroupExportConnection connection, ExportRequest request, KickOffMessage message, HttpResponseMessage response) =>
    [
        .. StatusLocation.AllOf(response, message.Uri, request.ParameterNames)
            .Select(url => new ExportJob { StatusUrl = connection.Meant(url).Text, Server = connection.Server, Connection = connection }),
    ];

    /// <summary>Returns the preferences that the server honors, from one header or several (RFC 7240, 3).</summary>
    private static string? Applied(HttpResponseMessage response, ServerWords words)
    {
        if (!response.Headers.TryGetValues("Preference-Applied", out IEnumerable<string>? values))
        {
            return null;
        }

        string text = ShownText.Of(string.Join(", ", values), words.Mask, int.MaxValue);
        return text.Length <= MaxPreferenceChars ? text : text[..MaxPreferenceChars];
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
}
