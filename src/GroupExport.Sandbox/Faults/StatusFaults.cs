using System.Text;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Faults;

/// <summary>What goes wrong with status requests and with exports under way.</summary>
internal sealed class StatusFaults(FaultPlan plan, RetryAfterHeader retryAfter)
{
    private static readonly byte[] s_page = Encoding.UTF8.GetBytes("<!DOCTYPE html><html><head><title>503</title></head><body><h1>Service Unavailable</h1></body></html>");

    private static readonly byte[] s_tooManyFiles = Encoding.UTF8.GetBytes("Too many files");

    /// <summary>The request itself fails and says nothing about the export; null when it does not.</summary>
    public Reply? Trouble()
    {
        if (plan.Fires(SandboxFault.StatusTooManyRequests))
        {
            return retryAfter.On(OperationOutcome.Error(429, "throttled", "The status was asked for too often."));
        }

        if (plan.Fires(SandboxFault.StatusTransientOutcome))
        {
            return OperationOutcome.Error(500, "transient", "The status cannot be told just now; the export goes on.");
        }

        if (plan.Fires(SandboxFault.StatusHtml503))
        {
            return new Reply(503) { ContentType = "text/html; charset=utf-8", Body = new ByteSegments(s_page) };
        }

        if (plan.Fires(SandboxFault.StatusForbidden))
        {
            return OperationOutcome.Error(403, "forbidden", "The export was started by another client.");
        }

        if (plan.Fires(SandboxFault.TooManyFiles))
        {
            return new Reply(413) { ContentType = "text/plain", Body = new ByteSegments(s_tooManyFiles) };
        }

        return plan.Fires(SandboxFault.StatusCut) ? new Reply(202) { EndsAfter = 0 } : null;
    }

    /// <summary>The same for a further page of a manifest.</summary>
    public Reply? PageTrouble()
    {
        if (plan.Fires(SandboxFault.NextPageTransient))
        {
            return retryAfter.On(OperationOutcome.Error(503, "transient", "This page of the manifest cannot be had just now."));
        }

        return plan.Fires(SandboxFault.NextPageFatal)
            ? OperationOutcome.Error(400, "processing", "This page of the manifest cannot be had.")
            : null;
    }

    /// <summary>The export ends without a manifest; null when it does not.</summary>
    public Reply? Failure()
    {
        if (plan.Fires(SandboxFault.JobFailed))
        {
            return OperationOutcome.Error(500, "exception", "The export failed.");
        }

        return plan.Fires(SandboxFault.JobInvalid)
            ? OperationOutcome.Error(422, "processing", "The export failed on what was asked for.")
            : null;
    }

    /// <summary>True when the export is to be forgotten now.</summary>
    public bool Forgets() => plan.Fires(SandboxFault.JobForgotten);

    /// <summary>The content type of a manifest.</summary>
    public string ManifestType() => plan.Fires(SandboxFault.ManifestAsFhirJson) ? Reply.FhirJson : Reply.Json;

    /// <summary>True when a DELETE is answered as if there were no such export.</summary>
    public bool DeniesRemoval() => plan.Fires(SandboxFault.RemovalUnknown);

    /// <summary>The answer to a DELETE that does not succeed; null when it may.</summary>
    public Reply? RemovalRefusal() => plan.Fires(SandboxFault.RemovalRefused)
        ? OperationOutcome.Error(500, "exception", "The export cannot be deleted now.")
        : null;
}
