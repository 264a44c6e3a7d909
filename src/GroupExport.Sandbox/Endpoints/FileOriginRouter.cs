using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>The second origin: a place with files and nothing else. Unless it demands a token it refuses to see one, as storage with signed URLs does.</summary>
internal sealed class FileOriginRouter(ServiceBases bases, AccessGuard guard, FileEndpoint files, bool demandsToken)
{
    public Reply Answer(Arrival arrival)
    {
        if (Check(arrival) is { } refusal)
        {
            return refusal;
        }

        return bases.Locate(arrival.Segments) is ({ } serviceBase, [ServiceBase.FileSegment, var job, var name])
            ? Router.On(arrival, "GET, HEAD", () => files.Read(arrival, serviceBase, job, name))
            : Router.Unknown(arrival);
    }

    private Reply? Check(Arrival arrival)
    {
        if (demandsToken)
        {
            return guard.Check(arrival, out _);
        }

        return arrival.Header("Authorization") is null
            ? null
            : OperationOutcome.Error(400, new Issue("security", "http.Authorization", "The header Authorization must not be sent here: it belongs to another origin."));
    }
}
