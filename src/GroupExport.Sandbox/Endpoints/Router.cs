using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Finds the endpoint for a path, on the Redox base and on the FHIR base alike.</summary>
internal sealed class Router(
    ServiceBase redox,
    ServiceBase fhir,
    AccessGuard guard,
    KickOffEndpoint kickOff,
    StatusEndpoint status,
    FileEndpoint files,
    GroupEndpoint groups,
    CapabilityEndpoint capabilities)
{
    public Reply Answer(Arrival arrival)
    {
        var (serviceBase, segments) = Locate(arrival.Segments);
        var isMetadata = serviceBase is not null && segments is ["metadata"];
        if (!isMetadata && guard.Check(arrival) is { } refusal)
        {
            return refusal;
        }

        return serviceBase is null ? Unknown(arrival) : Answer(arrival, serviceBase, segments);
    }

    private Reply Answer(Arrival arrival, ServiceBase serviceBase, IReadOnlyList<string> segments) => segments switch
    {
        ["metadata"] => On(arrival, "GET", () => capabilities.Read(arrival.Origin + serviceBase.Path)),
        ["Group", var id] => On(arrival, "GET", () => groups.Read(id)),
        ["Group", var id, "$export"] => On(arrival, "GET, POST", () => kickOff.Start(arrival, serviceBase, id)),
        [ServiceBase.StatusSegment, var job] => On(arrival, "GET, DELETE", () => status.Answer(arrival, serviceBase, job)),
        [ServiceBase.FileSegment, var job, var name] => On(arrival, "GET, HEAD", () => files.Read(arrival, serviceBase, job, name)),
        _ => Unknown(arrival),
    };

    // The Redox base lies below the FHIR base, so it is tried first.
    private (ServiceBase? Base, IReadOnlyList<string> Below) Locate(IReadOnlyList<string> segments)
    {
        foreach (var candidate in new[] { redox, fhir })
        {
            var prefix = candidate.Path.TrimStart('/').Split('/');
            if (segments.Count > prefix.Length && segments.Take(prefix.Length).SequenceEqual(prefix))
            {
                return (candidate, [.. segments.Skip(prefix.Length)]);
            }
        }

        return (null, []);
    }

    private static Reply On(Arrival arrival, string methods, Func<Reply> answer) =>
        methods.Split(", ").Contains(arrival.Method) ? answer() : OperationOutcome.MethodNotAllowed(arrival.Method, methods);

    private static Reply Unknown(Arrival arrival) => OperationOutcome.NotFound($"There is nothing at {arrival.RawPath}.");
}
