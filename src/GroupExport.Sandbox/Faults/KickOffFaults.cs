using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.KickOffs;
using GroupExport.Sandbox.Selection;

namespace GroupExport.Sandbox.Faults;

/// <summary>What goes wrong at a kick-off, or is decided there.</summary>
internal sealed class KickOffFaults(FaultPlan plan, RetryAfterHeader retryAfter)
{
    /// <summary>The answer to a good kick-off that is refused all the same; null when it may start.</summary>
    public Reply? Refusal()
    {
        if (plan.Fires(SandboxFault.KickOffTooManyRequests))
        {
            return retryAfter.On(OperationOutcome.Error(429, "throttled", "Another export is running; only one may."));
        }

        return plan.Fires(SandboxFault.KickOffUnavailable)
            ? retryAfter.On(OperationOutcome.Error(503, "transient", "The server takes no kick-offs now."))
            : null;
    }

    public Preferences Apply(Preferences preferences) =>
        preferences.WantsSeparateStatus && plan.Fires(SandboxFault.SeparateStatusNotApplied)
            ? preferences with { WantsSeparateStatus = false }
            : preferences;

    public Reply WithStatusUrl(Reply reply, string origin, string path)
    {
        const string Name = "Content-Location";
        if (plan.Fires(SandboxFault.KickOffCut))
        {
            return reply with { EndsAfter = 0 };
        }

        if (plan.Fires(SandboxFault.NoContentLocation))
        {
            return reply;
        }

        return reply.With(Name, plan.Fires(SandboxFault.RelativeContentLocation) ? path : origin + path);
    }

    /// <summary>How the output of the export is to differ from what the data say.</summary>
    public OutputOddities Output() => new()
    {
        HasExtraEmptyFile = plan.Fires(SandboxFault.ExtraEmptyFile),
        HasInformation = plan.Fires(SandboxFault.InformationalOutcome),
        HasError = plan.Fires(SandboxFault.ErrorOutcome),
    };

    /// <summary>The same for output in blocks.</summary>
    public OutputOddities OrganizedOutput() => Output() with
    {
        HasAbsoluteHeaders = plan.Fires(SandboxFault.AbsoluteHeaderReference),
        LacksFirstPatient = plan.Fires(SandboxFault.BlockWithoutPatient),
    };
}
