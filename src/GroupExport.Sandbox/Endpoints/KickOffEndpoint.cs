using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;
using GroupExport.Sandbox.KickOffs;
using GroupExport.Sandbox.Selection;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Starts an export, or says everything that is wrong with the request.</summary>
internal sealed class KickOffEndpoint(ExportData data, JobStore jobs, SandboxOptions options, CancellationToken stopping)
{
    public Reply Start(Arrival arrival, ServiceBase serviceBase, string groupId, ScopeSet scopes)
    {
        if (data.FindGroup(groupId) is not { } group)
        {
            return OperationOutcome.NotFound($"There is no group '{groupId}'.");
        }

        if (CheckContentType(arrival, serviceBase.Style) is { } refusal)
        {
            return refusal;
        }

        var issues = new IssueList();
        CheckHeaders(arrival, issues);
        var parameters = ReadParameters(arrival, serviceBase.Style, group, issues);
        var request = new ParameterRules(group, data.Patients, issues).Read(parameters);
        if (!issues.IsEmpty)
        {
            return issues.ToReply();
        }

        var types = request.Types ?? Exportable();
        var allowed = types.Where(type => scopes.Covers(type, Scope.Export)).ToHashSet(StringComparer.Ordinal);
        if (allowed.Count == types.Count)
        {
            return Accept(arrival, serviceBase, group, request);
        }

        // Types that were asked for by name must all be allowed; nobody asked for all types by name.
        return request.Types is not null || allowed.Count == 0
            ? Forbid(types.Except(allowed))
            : Accept(arrival, serviceBase, group, request with { Types = allowed });
    }

    private HashSet<string> Exportable() => data.Files.Select(file => file.ResourceType).ToHashSet(StringComparer.Ordinal);

    private static Reply Forbid(IEnumerable<string> types)
    {
        var missing = types.Order(StringComparer.Ordinal).ToList();
        return AccessGuard.Forbid(
            $"The access token does not allow to export {string.Join(", ", missing)}.",
            string.Join(' ', missing.Select(type => $"system/{type}.{Scope.Export}")));
    }

    private static IReadOnlyList<RawParameter> ReadParameters(Arrival arrival, RequestStyle style, PatientGroup group, IssueList issues)
    {
        var isGet = arrival.Method == "GET";
        if (style == RequestStyle.Redox)
        {
            var body = RedoxBody.Read(arrival.Body, group.Id, isGet, issues);
            return RedoxQuery.Combine(body, FhirQuery.Read(arrival.RawQuery, issues), issues);
        }

        if (isGet)
        {
            if (!arrival.Body.IsEmpty)
            {
                issues.Invalid("body", "A GET kick-off has no body: its parameters stand in the query.");
            }

            return FhirQuery.Read(arrival.RawQuery, issues);
        }

        if (arrival.RawQuery.Length > 0)
        {
            issues.Invalid("query", "A POST kick-off has no query: its parameters stand in the body.");
        }

        return FhirParameters.Read(arrival.Body, issues);
    }

    private static Reply? CheckContentType(Arrival arrival, RequestStyle style)
    {
        string[] allowed = style == RequestStyle.Redox ? [Reply.Json] : [Reply.FhirJson, Reply.Json];
        return arrival.Body.IsEmpty || allowed.Contains(arrival.ContentType)
            ? null
            : OperationOutcome.Error(415, new Issue("not-supported", "http.Content-Type", $"The header Content-Type must be {string.Join(" or ", allowed)}."));
    }

    private static void CheckHeaders(Arrival arrival, IssueList issues)
    {
        var accept = arrival.Header("Accept")?.Split(';')[0].Trim();
        if (!string.Equals(accept, Reply.FhirJson, StringComparison.OrdinalIgnoreCase))
        {
            issues.Invalid("http.Accept", $"The header Accept must be exactly {Reply.FhirJson}.");
        }

        var preferences = (arrival.Header("Prefer") ?? "").Split(',', ';').Select(preference => preference.Trim());
        if (!preferences.Contains("respond-async", StringComparer.OrdinalIgnoreCase))
        {
            issues.Invalid("http.Prefer", "The header Prefer must contain respond-async.");
        }
    }

    private Reply Accept(Arrival arrival, ServiceBase serviceBase, PatientGroup group, ExportRequest request)
    {
        var selector = new ResourceSelector(data, group, request, options.MaxResourcesPerFile);
        var job = ExportJob.Start(serviceBase, arrival.Url, options.Clock.GetUtcNow(), options.ExportDuration, selector.Select, stopping);
        jobs.Add(job);
        var reply = serviceBase.Style == RequestStyle.Redox
            ? RedoxAnswer(job)
            : OperationOutcome.Information(202, $"The export of group '{group.Id}' has started.");
        return reply.With("Content-Location", arrival.Origin + serviceBase.StatusPath(job.Id));
    }

    private static Reply RedoxAnswer(ExportJob job) => Reply.WithJson(202, Reply.Json, JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        RedoxMeta.Write(json, "group-export-response", job.LogId);
        json.WriteEndObject();
    }));
}
