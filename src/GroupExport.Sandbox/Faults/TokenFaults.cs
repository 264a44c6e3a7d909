using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Faults;

/// <summary>What goes wrong with access tokens.</summary>
internal sealed class TokenFaults(FaultPlan plan, RetryAfterHeader retryAfter)
{
    /// <summary>Asked for a request whose token is good: true when it is refused all the same.</summary>
    public bool Rejects() => plan.Fires(SandboxFault.TokenRejected);

    /// <summary>The answer of a token endpoint that gives none now; null when it gives one.</summary>
    public Reply? Unavailable() => plan.Fires(SandboxFault.TokenUnavailable)
        ? retryAfter.On(Reply.WithJson(503, Reply.Json, JsonBytes.Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("error"u8, "temporarily_unavailable"u8);
            json.WriteEndObject();
        })))
        : null;

    public ScopeSet Narrow(ScopeSet granted) => plan.Fires(SandboxFault.NarrowScope)
        ? new ScopeSet([new Scope("system/Patient.rs", "Patient", Scope.Export)])
        : granted;

    public bool WritesLifetimeAsText() => plan.Fires(SandboxFault.ExpiresInAsText);
}
