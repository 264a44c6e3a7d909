using GroupExport.Connections;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>Says what is unusual about the answer that accepts a kick-off.</summary>
internal static class AcceptanceWarnings
{
    /// <summary>Returns the warnings; empty for a plain 202.</summary>
    public static IEnumerable<string> Of(GroupExportConnection connection, ExportJob job, ServerAnswer answer)
    {
        if (answer.StatusCode != 202)
        {
            yield return $"The server answered the kick-off of group {job.GroupId} with HTTP {answer.StatusCode} instead of 202. The URL that it names is used as the status URL: {ShownUri.Of(job.StatusUri)}.";
        }

        if (answer.IsRefusal)
        {
            yield return $"The server accepted the kick-off of group {job.GroupId} and reports errors ({answer}). The export may be incomplete: check its message files.";
        }

        if (!connection.IsTrustedOrigin(job.StatusUri))
        {
            Origin origin = Origin.Of(job.StatusUri);
            yield return $"The status URL of group {job.GroupId} is at {origin}, not at the server of the connection. It gets no token, cookie or added header. If it requires the token, connect with -TrustedOrigin {origin}.";
        }
    }
}
