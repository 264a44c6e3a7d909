using System.Text;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;

namespace GroupExport.Sandbox.Faults;

/// <summary>What goes wrong when a file is fetched.</summary>
internal sealed class FileFaults(FaultPlan plan, RetryAfterHeader retryAfter, LinkBook links)
{
    private const int GzipTail = 12;
    private static readonly byte[] s_storageRefusal = Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>");

    private static readonly byte[] s_storageLock = Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>PublicAccessNotPermitted</Code><Message>Public access is not permitted on this storage account.</Message></Error>");

    private static readonly (SandboxFault Fault, int Status)[] s_expiries =
    [
        (SandboxFault.ExpiredLink, 410),
        (SandboxFault.ExpiredLinkNotFound, 404),
        (SandboxFault.ExpiredLinkForbidden, 403),
    ];

    /// <summary>True when links need to be told apart.</summary>
    public static bool ExpireLinks(FaultPlan plan) => s_expiries.Any(expiry => plan.Holds(expiry.Fault));

    /// <summary>The answer to a good request that gets no file; null when it gets one.</summary>
    public Reply? Refusal(Arrival arrival)
    {
        foreach (var (fault, status) in s_expiries)
        {
            if (links.Status(arrival) == 200 && plan.Fires(fault))
            {
                links.Expire(arrival, status);
            }
        }

        if (links.Status(arrival) is var state and not 200)
        {
            return Expired(state);
        }

        if (plan.Fires(SandboxFault.StorageLocked))
        {
            return new Reply(409) { ContentType = "application/xml", Body = new ByteSegments(s_storageLock) };
        }

        if (plan.Fires(SandboxFault.FileTooManyRequests))
        {
            return retryAfter.On(OperationOutcome.Error(429, "throttled", "Too many files at once."));
        }

        return plan.Fires(SandboxFault.FileUnavailable)
            ? retryAfter.On(OperationOutcome.Error(503, "transient", "The files cannot be had just now."))
            : null;
    }

    /// <summary>The form in which the file goes out.</summary>
    public FileRepresentation Choose(ExportFile file, bool acceptsGzip)
    {
        if (plan.Fires(SandboxFault.TruncatedGzip))
        {
            var whole = file.Gzip.Bytes;
            return FileRepresentation.Of(new ByteSegments([.. whole.Slices(0, Math.Max(0, whole.Length - GzipTail))]), "gzip");
        }

        return acceptsGzip || plan.Fires(SandboxFault.GzipUnasked) ? file.Gzip : file.Identity;
    }

    /// <summary>How the answer ends.</summary>
    public Reply End(Reply reply)
    {
        if (plan.Fires(SandboxFault.ResetConnection))
        {
            return reply with { EndsAfter = 0 };
        }

        if (plan.Fires(SandboxFault.TruncatedFile))
        {
            return reply with { EndsAfter = reply.Count / 2 };
        }

        return plan.Fires(SandboxFault.StalledFile) ? reply with { EndsAfter = reply.Count / 2, Stalls = true } : reply;
    }

    private static Reply Expired(int status) => status == 403
        ? new Reply(403) { ContentType = "application/xml", Body = new ByteSegments(s_storageRefusal) }
        : OperationOutcome.Error(status, status == 404 ? "not-found" : "deleted", "The link of this file has expired: read the manifest anew.");
}
