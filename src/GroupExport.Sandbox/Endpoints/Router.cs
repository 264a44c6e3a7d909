using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Finds the endpoint for a path, on the Redox base and on the FHIR base alike.</summary>
internal sealed class Router(
    ServiceBases bases,
    AccessGuard guard,
    FilePlan filePlan,
    TokenEndpoint? tokens,
    DiscoveryEndpoint? discovery,
    KickOffEndpoint kickOff,
    StatusEndpoint status,
    FileEndpoint files,
    GroupEndpoint groups,
    CapabilityEndpoint capabilities)
{
    public Reply Answer(Arrival arrival)
    {
        if (arrival.RawPath == TokenEndpoint.Path && tokens is not null)
        {
            return On(arrival, "POST", () => tokens.Answer(arrival));
        }

        var (serviceBase, segments) = bases.Locate(arrival.Segments);
        return serviceBase is null ? Unknown(arrival) : Answer(arrival, serviceBase, segments);
    }

    public static Reply On(Arrival arrival, string methods, Func<Reply> answer) =>
        methods.Split(", ").Contains(arrival.Method) ? answer() : OperationOutcome.MethodNotAllowed(arrival.Method, methods);

    public static Reply Unknown(Arrival arrival) => OperationOutcome.NotFound($"There is nothing at {arrival.RawPath}.");

    private Reply Answer(Arrival arrival, ServiceBase serviceBase, IReadOnlyList<string> segments) => segments switch
    {
        ["metadata"] => On(arrival, "GET", () => capabilities.Read(arrival.Origin, serviceBase)),
        [".well-known", "smart-configuration"] when discovery is not null => On(arrival, "GET", () => discovery.Read(arrival.Origin)),
        [ServiceBase.FileSegment or ServiceBase.StoredFileSegment, _, _] when !filePlan.DemandsToken => File(arrival, serviceBase, segments),
        _ => guard.Check(arrival, out var scopes) ?? Protected(arrival, serviceBase, segments, scopes),
    };

    private Reply Protected(Arrival arrival, ServiceBase serviceBase, IReadOnlyList<string> segments, ScopeSet scopes) => segments switch
    {
        ["Group", var id] => On(arrival, "GET", () => groups.Read(id, scopes)),
        ["Group", var id, "$export"] => On(arrival, serviceBase.Spec.KickOffMethods, () => kickOff.Start(arrival, serviceBase, id, scopes)),
        [ServiceBase.StatusSegment, var job] => On(arrival, "GET, DELETE", () => status.Answer(arrival, serviceBase, job)),
        [ServiceBase.PollSegment] => On(arrival, "GET, DELETE", () => status.Answer(arrival, serviceBase, PolledJob(arrival))),
        _ => File(arrival, serviceBase, segments),
    };

    private static string PolledJob(Arrival arrival) =>
        QueryString.Parse(arrival.RawQuery).FirstOrDefault(pair => pair.Key == ServiceBase.PollParameter).Value ?? "";

    private Reply File(Arrival arrival, ServiceBase serviceBase, IReadOnlyList<string> segments) => segments switch
    {
        [ServiceBase.FileSegment, var job, var name] when filePlan.IsRedirecting =>
            On(arrival, "GET, HEAD", () => filePlan.Redirect(arrival, serviceBase, job, name)),
        [ServiceBase.FileSegment or ServiceBase.StoredFileSegment, var job, var name] when filePlan.IsServedHere(segments[0]) =>
            On(arrival, "GET, HEAD", () => files.Read(arrival, serviceBase, job, name)),
        _ => Unknown(arrival),
    };
}
