using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Faults;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Jobs;
using GroupExport.Sandbox.KickOffs;
using GroupExport.Sandbox.Selection;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Starts an export, or says everything that is wrong with the request.</summary>
internal sealed class KickOffEndpoint(ExportData data, JobStore jobs, SandboxOptions options, KickOffFaults faults, CancellationToken stopping)
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

        var issues = new KickOffIssues();
        var preferences = Preferences.Parse(arrival.Header("Prefer"));
        CheckHeaders(arrival, preferences, issues.Fatal);
        var parameters = ReadParameters(arrival, serviceBase, group, issues);
        var request = new ParameterRules(group, data.Patients, serviceBase.Spec, issues).Read(parameters);
        if (!issues.Permit(preferences.IsLenient))
        {
            return issues.ToReply();
        }

        var types = request.Types ?? Exportable();
        var allowed = types.Where(type => scopes.Covers(type, Scope.Export)).ToHashSet(StringComparer.Ordinal);
        if (allowed.Count == types.Count)
        {
            return Accept(faults.Apply(request));
        }

        // Types that were asked for by name must all be allowed; nobody asked for all types by name.
        return request.Types is not null || allowed.Count == 0
            ? Forbid(types.Except(allowed))
            : Accept(request with { Types = allowed });

        Reply Accept(ExportRequest permitted) =>
            faults.Refusal(arrival, parameters, scopes, jobs.Latest(serviceBase) is not null) ?? Begin(arrival, serviceBase, group, permitted, faults.Apply(preferences.For(serviceBase.Spec)), issues.Ignorable.All);
    }

    private HashSet<string> Exportable() => data.Files.Select(file => file.ResourceType).ToHashSet(StringComparer.Ordinal);

    private static Reply Forbid(IEnumerable<string> types)
    {
        var missing = types.Order(StringComparer.Ordinal).ToList();
        return AccessGuard.Forbid(
            $"The access token does not allow to export {string.Join(", ", missing)}.",
            string.Join(' ', missing.Select(type => $"system/{type}.{Scope.Export}")));
    }

    private static IReadOnlyList<RawParameter> ReadParameters(Arrival arrival, ServiceBase serviceBase, PatientGroup group, KickOffIssues issues)
    {
        var isGet = arrival.Method == "GET";
        if (serviceBase.Style == RequestStyle.Redox)
        {
            var body = RedoxBody.Read(arrival.Body, group.Id, isGet, issues.Fatal);
            return RedoxQuery.Combine(body, FhirQuery.Read(arrival.RawQuery, serviceBase.Spec, issues), issues.Fatal);
        }

        if (isGet)
        {
            if (!arrival.Body.IsEmpty)
            {
                issues.Fatal.Invalid("body", "A GET kick-off has no body: its parameters stand in the query.");
            }

            return FhirQuery.Read(arrival.RawQuery, serviceBase.Spec, issues);
        }

        if (arrival.RawQuery.Length > 0)
        {
            issues.Fatal.Invalid("query", "A POST kick-off has no query: its parameters stand in the body.");
        }

        return new FhirParameters(serviceBase.Spec, issues).Read(arrival.Body);
    }

    private static Reply? CheckContentType(Arrival arrival, RequestStyle style)
    {
        string[] allowed = style == RequestStyle.Redox ? [Reply.Json] : [Reply.FhirJson, Reply.Json];
        return arrival.Body.IsEmpty || allowed.Contains(arrival.ContentType)
            ? null
            : OperationOutcome.Error(415, new Issue("not-supported", "http.Content-Type", $"The header Content-Type must be {string.Join(" or ", allowed)}."));
    }

    private static void CheckHeaders(Arrival arrival, Preferences preferences, IssueList issues)
    {
        var accept = arrival.Header("Accept")?.Split(';')[0].Trim();
        if (!string.Equals(accept, Reply.FhirJson, StringComparison.OrdinalIgnoreCase))
        {
            issues.Invalid("http.Accept", $"The header Accept must be exactly {Reply.FhirJson}.");
        }

        if (!preferences.IsAsynchronous)
        {
            issues.Invalid("http.Prefer", "The header Prefer must contain respond-async.");
        }
    }

    private Reply Begin(Arrival arrival, ServiceBase serviceBase, PatientGroup group, ExportRequest request, Preferences preferences, IReadOnlyList<Issue> ignored)
    {
        if (jobs.Latest(serviceBase) is { } earlier && faults.Reuses(arrival))
        {
            return faults.WithStatusUrl(new Reply(202), arrival.Origin, serviceBase, earlier.Id);
        }

        var isAtOnce = faults.ExportsAtOnce();
        var composer = new OutputComposer(data, group, request, options)
        {
            BaseUrl = arrival.Origin + serviceBase.Path,
            Ignored = ignored,
            Oddities = request.OrganizeOutputBy is null ? faults.Output() : faults.OrganizedOutput(),
        };
        var terms = new JobTerms
        {
            Base = serviceBase,
            KickOffUrl = arrival.Url,
            Started = options.Clock.GetUtcNow(),
            Duration = isAtOnce ? TimeSpan.Zero : options.ExportDuration,
            PageSize = options.ManifestPageSize,
            IsPartial = request.AllowPartialManifests && serviceBase.Spec.GivesPartialManifests,
            HasSeparateStatus = preferences.WantsSeparateStatus,
        };
        var job = ExportJob.Start(terms, composer.Compose, stopping);
        jobs.Add(job);
        var reply = serviceBase.Style == RequestStyle.Redox
            ? RedoxAnswer(job)
            : OperationOutcome.Information(202, $"The export of group '{group.Id}' has started.");
        if (preferences.Applied is { Count: > 0 } applied)
        {
            reply = reply.With("Preference-Applied", string.Join(", ", applied));
        }

        return faults.WithStatusUrl(reply, arrival.Origin, serviceBase, job.Id) with { HeldBack = isAtOnce ? options.ExportDuration : TimeSpan.Zero };
    }

    private static Reply RedoxAnswer(ExportJob job) => Reply.WithJson(202, Reply.Json, JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        RedoxMeta.Write(json, "group-export-response", job.LogId);
        json.WriteEndObject();
    }));
}
