using GroupExport.Connections;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>Puts what a status request came to into words: the policy is in <see cref="StatusTable"/>.</summary>
internal static class StatusFailures
{
    /// <summary>Returns why the status is not known, for the end of a sentence.</summary>
    public static string Unavailable(StatusVerdict verdict, StatusReading reading)
    {
        if (verdict == StatusVerdict.NotKnownYet)
        {
            return $"{reading.Answer}; a new job may not be known to every node yet";
        }

        return reading.StatusCode is not (200 or 204) ? reading.Answer.ToString() : reading.Body switch
        {
            StatusBody.Empty => "the server says that the export is complete, but the answer is empty; a second empty answer means that there is no data",
            StatusBody.Incomplete when reading.Detail is { } why => $"the manifest did not come whole: {why}",
            StatusBody.Incomplete => "the server says that the export is complete, but nothing came, not even the end of the answer",
            StatusBody.Explanation => reading.Answer.ToString(),
            StatusBody.Page => $"the server says that the export is complete, but what came is no JSON ({reading.Answer})",
            _ => "the server says that the export is complete, but what came is no JSON",
        };
    }

    /// <summary>Returns the error that ends the request.</summary>
    public static ExportException Final(StatusVerdict verdict, StatusReading reading, GroupExportConnection connection, ExportJob job)
    {
        ServerAnswer answer = reading.Answer;
        return verdict switch
        {
            StatusVerdict.Unauthorized when !connection.IsTrustedOrigin(job.StatusUri) => UntrustedOrigin(answer, job),
            StatusVerdict.Unauthorized => answer.ToFailure(
                ExportErrorKind.TokenRejected,
                $"The server does not accept the authorization of the status request ({answer}). The export goes on; connect again with a fresh token and ask again.",
                job),
            StatusVerdict.Denied when reading.IsOfDestination => answer.ToFailure(
                ExportErrorKind.AccessDenied,
                $"Redox passed the status request on, and the destination answered HTTP {reading.StatusCode} ({answer}). The export goes on; ask the destination's administrator for access.",
                job),
            StatusVerdict.Denied => answer.ToFailure(
                ExportErrorKind.AccessDenied,
                $"The server does not let this client see the status ({answer}). The export goes on; use the client that started it.",
                job),
            StatusVerdict.NotFound => answer.ToFailure(
                ExportErrorKind.JobNotFound,
                $"The server no longer knows this export ({answer}): it was removed or has expired. Start a new one with New-GroupExport.",
                job),
            StatusVerdict.NoManifest => answer.ToFailure(ExportErrorKind.InvalidManifest, NoManifest(reading), job),
            _ => throw new ArgumentOutOfRangeException(nameof(verdict)),
        };
    }

    private static ExportException UntrustedOrigin(ServerAnswer answer, ExportJob job)
    {
        Origin origin = Origin.Of(job.StatusUri);
        return answer.ToFailure(
            ExportErrorKind.UntrustedStatusOrigin,
            $"The status URL is at {origin}, which is not the connection's server and was sent no token ({answer}). " +
            $"The export goes on; if that origin may have the token, connect with -TrustedOrigin {origin} and ask again.",
            job);
    }

    private static string NoManifest(StatusReading reading)
    {
        if (reading.Body != StatusBody.Unusable)
        {
            return $"The server says that the export is complete, but sent {reading.Detail ?? reading.Answer.ToString()} instead of a manifest. The job was left alone; ask the server's administrator.";
        }

        string advice = reading.Content is { IsCut: true } ? "export fewer types or patients" : "ask the server's administrator";
        return $"The server says that the export is complete, but its manifest cannot be used: {reading.Detail}. The job was left alone; {advice}.";
    }
}
