namespace GroupExport.Sandbox.Endpoints;

/// <summary>The base paths of the server.</summary>
internal sealed class ServiceBases(ServiceBase redox, ServiceBase fhir)
{
    /// <summary>The base of a path and the segments below it. The Redox base lies below the FHIR base, so it is tried first.</summary>
    public (ServiceBase? Base, IReadOnlyList<string> Below) Locate(IReadOnlyList<string> segments)
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
}
