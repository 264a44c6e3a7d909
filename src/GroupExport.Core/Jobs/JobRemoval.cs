using GroupExport.Connections;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>Cancels a job, or tells the server that its files may go (Bulk Data Access, "Bulk Data Delete Request").</summary>
internal sealed class JobRemoval(GroupExportConnection connection, ExportJob job, Action<ExportEvent> report)
{
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_maxDelay = TimeSpan.FromSeconds(10);

    /// <summary>Gets a value indicating whether the server has shown the job before, in any process, so that a 404 is believed.</summary>
    public bool IsKnown { get; init; }

    /// <summary>Removes the job. Returns <c>true</c> if it was removed; <c>false</c> if the server no longer had it.</summary>
    /// <exception cref="ExportException">The server did not take the DELETE.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(s_firstDelay, s_maxDelay);
        while (true)
        {
            ServerAnswer answer = await SendAsync(cancellationToken).ConfigureAwait(false);
            TimeSpan left = answer.StatusCode == 404 && !IsKnown && !JobVisibility.IsShown(connection, job) ? JobVisibility.Left(job.StartedAt, connection.Clock.GetUtcNow()) : TimeSpan.Zero;
            if (left <= TimeSpan.Zero)
            {
                return IsRemoved(answer);
            }

            TimeSpan next = backoff.Next();
            TimeSpan delay = next < left ? next : left;
            report(new Remark($"The server does not know {job} ({answer}), which was started less than a minute ago. Sending the DELETE again in {delay.TotalSeconds:0.#} s."));
            await Task.Delay(delay, connection.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ServerAnswer> SendAsync(CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Delete, job.StatusUri).WithToken(TokenRule.TrustedOrigins);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        try
        {
            using HttpResponseMessage response = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Func<string, string> mask = new ServerWords(connection, job.Sent).Mask;
            return response.IsSuccessStatusCode
                ? await AcceptedAnswer.ReadAsync(response, mask, cancellationToken).ConfigureAwait(false)
                : await ServerAnswer.ReadAsync(response, mask, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not ExportException && TransientFault.IsTransient(fault))
        {
            throw new ExportException(
                ExportErrorKind.RemovalFailed,
                $"The DELETE got no answer ({TransientFault.Describe(fault)}). Saved files are not affected; it is safe to try again.",
                fault)
            {
                Subject = job,
            };
        }
    }

    /// <summary>A 202 is done, whatever its body; another success with errors in it, as Redox sends, is none.</summary>
    private bool IsRemoved(ServerAnswer answer)
    {
        if (answer is { StatusCode: 202 } or { StatusCode: 200 or 204, IsRefusal: false })
        {
            connection.ShownJobs.Add(job.StatusUrl);
            if (answer.IsRefusal)
            {
                report(new Caution($"The server accepted the DELETE of {job} and reports errors ({answer})."));
            }

            return true;
        }

        return answer.StatusCode switch
        {
            404 or 410 => false,
            401 => throw answer.ToFailure(ExportErrorKind.TokenRejected, $"The server does not accept the authorization of the DELETE ({answer}). Connect again with a fresh token and try again.", job),
            _ => throw answer.ToFailure(ExportErrorKind.RemovalFailed, $"The server did not remove the export ({answer}). Saved files are not affected; try again later.", job),
        };
    }
}
