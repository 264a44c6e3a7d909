using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Endpoints;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.KickOffs;
using GroupExport.Sandbox.Selection;

namespace GroupExport.Sandbox.Faults;

/// <summary>What goes wrong at a kick-off, or is decided there.</summary>
internal sealed class KickOffFaults(FaultPlan plan, RetryAfterHeader retryAfter)
{
    private readonly VendorRefusals _vendors = new(plan, retryAfter);

    /// <summary>The answer to a good kick-off that is refused all the same; null when it may start.</summary>
    public Reply? Refusal(Arrival arrival, IReadOnlyList<RawParameter> parameters, ScopeSet scopes, bool isBusy)
    {
        if (plan.Fires(SandboxFault.KickOffTooManyRequests))
        {
            return retryAfter.On(OperationOutcome.Error(429, "throttled", "Another export is running; only one may."));
        }

        return plan.Fires(SandboxFault.KickOffUnavailable)
            ? retryAfter.On(OperationOutcome.Error(503, "transient", "The server takes no kick-offs now."))
            : _vendors.Of(arrival, parameters, scopes, isBusy);
    }

    /// <summary>True when a kick-off gets the export before it.</summary>
    public bool Reuses(Arrival arrival) => arrival.Header("Cache-Control") != "no-cache" && plan.Fires(SandboxFault.ReusedExport);

    /// <summary>True when the export is over before the kick-off is answered.</summary>
    public bool ExportsAtOnce() => plan.Fires(SandboxFault.ExportsAtKickOff);

    public ExportRequest Apply(ExportRequest request) =>
        plan.Fires(SandboxFault.TypesIgnored) ? request with { Types = null, TypeFilters = [] } : request;

    public Preferences Apply(Preferences preferences) =>
        preferences.WantsSeparateStatus && plan.Fires(SandboxFault.SeparateStatusNotApplied)
            ? preferences with { WantsSeparateStatus = false }
            : preferences;

    public Reply WithStatusUrl(Reply reply, string origin, ServiceBase serviceBase, string jobId)
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

        if (plan.Fires(SandboxFault.ContentLocationAsName))
        {
            return reply.With(Name, serviceBase.StatusName(jobId));
        }

        var path = plan.Fires(SandboxFault.ContentLocationWithQuery) ? serviceBase.PollPath(jobId) : serviceBase.StatusPath(jobId);
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
