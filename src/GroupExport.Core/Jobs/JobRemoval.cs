using GroupExport.Connections;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>Cancels a job, or tells the server that its files may go (Bulk Data Access, "Bulk Data Delete Request").</summary>
internal static class JobRemoval
{
    /// <summary>Removes the job; false means that the server knew it no more.</summary>
    /// <exception cref="ExportException">The server did not take the DELETE.</exception>
    public static async Task<bool> SendAsync(GroupExportConnection connection, ExportJob job, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Delete, job.StatusUri).WithToken(TokenRule.TrustedOrigins);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        try
        {
            using HttpResponseMessage response = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is 200 or 202 or 204)
            {
                return true;
            }

            ServerAnswer answer = await ServerAnswer.ReadAsync(response, new ServerWords(connection, job.Sent).Mask, cancellationToken).ConfigureAwait(false);
            return answer.StatusCode switch
            {
                404 or 410 => false,
                401 => throw answer.ToFailure(ExportErrorKind.TokenRejected, $"The server does not accept the authorization of the DELETE ({answer}). Connect again with a fresh token and try again.", job),
                _ => throw answer.ToFailure(ExportErrorKind.RemovalFailed, $"The server did not remove the export ({answer}). Saved files are not affected; try again later.", job),
            };
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
}
