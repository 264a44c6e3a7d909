using System.Text;
using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Endpoints;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Faults;

/// <summary>Good kick-offs that the servers of one vendor or another do not take.</summary>
internal sealed class VendorRefusals(FaultPlan plan, RetryAfterHeader retryAfter)
{
    private static readonly string[] s_exportScopes = ["system/*.$export", "system/*.$bulkdata-status"];
    private static readonly byte[] s_ownBody = Encoding.UTF8.GetBytes("""{"__type":"ValidationException","message":"DataAccessRoleArn and OutputDataConfig are required."}""");
    private static readonly byte[] s_tooMany = Encoding.UTF8.GetBytes("Too many requests made before the export was ready");

    /// <summary>The refusal; null when it may start.</summary>
    /// <param name="arrival">The kick-off.</param>
    /// <param name="parameters">What it asks for.</param>
    /// <param name="scopes">What its token came with.</param>
    /// <param name="isBusy">Whether an earlier export is still there.</param>
    public Reply? Of(Arrival arrival, IReadOnlyList<RawParameter> parameters, ScopeSet scopes, bool isBusy)
    {
        bool Names(string name) => parameters.Any(parameter => parameter.Name == name);

        (SandboxFault Fault, bool Fits, Func<Reply> Reply)[] refusals =
        [
            (SandboxFault.PostRefused, arrival.Method == "POST", () => OperationOutcome.MethodNotAllowed("POST", "GET")),
            (SandboxFault.RepeatedTypeRefused, parameters.Count(parameter => parameter.Name == ParameterNames.Type) > 1, () => Invalid(400, "invalid", "The parameter _type may stand only once.")),
            (SandboxFault.ElementsRefused, Names(ParameterNames.Elements), () => Invalid(422, "not-supported", "The parameter _elements is not supported.")),
            (SandboxFault.FilterRefused, Names(ParameterNames.TypeFilter), () => Invalid(400, "value", "The parameter _typeFilter holds a category that is not known.")),
            (SandboxFault.OneExportAtATime, isBusy, () => retryAfter.On(OperationOutcome.Error(429, "throttled", "An earlier export of this client was not deleted yet."))),
            (SandboxFault.OrganizingDemanded, !Names(ParameterNames.OrganizeOutputBy), () => Invalid(400, "required", "The parameter organizeOutputBy must be Patient.")),
            (SandboxFault.OwnBodyDemanded, true, () => Reply.WithJson(400, Reply.Json, s_ownBody)),
            (SandboxFault.ExportScopesDemanded, s_exportScopes.Any(scope => !scopes.Names(scope)), () => AccessGuard.Forbid("The access token does not allow to export.", string.Join(' ', s_exportScopes))),
            (SandboxFault.KickOffPlainText429, true, () => retryAfter.On(new Reply(429) { ContentType = "text/plain", Body = new ByteSegments(s_tooMany) })),
        ];
        return refusals.FirstOrDefault(refusal => refusal.Fits && plan.Fires(refusal.Fault)).Reply?.Invoke();
    }

    private static Reply Invalid(int status, string code, string diagnostics) => OperationOutcome.Error(status, code, diagnostics);
}
