using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>Where the Content-Location of a kick-off leads. It should be absolute; what can only mean one place is taken for it.</summary>
internal static class StatusLocation
{
    /// <summary>How the names of resources begin that one server gives in place of URLs; its FHIR bases have the same in their path.</summary>
    private const string ResourceName = "projects/";

    /// <summary>The status URL; null when none can be made of it.</summary>
    public static ServerUrl? Resolve(Uri kickOff, string? location)
    {
        if (location is null)
        {
            return null;
        }

        ServerUrl from = ServerUrl.Of(kickOff);
        if (location.StartsWith(ResourceName, StringComparison.Ordinal))
        {
            int place = kickOff.AbsolutePath.IndexOf("/" + ResourceName, StringComparison.Ordinal);
            if (place < 0)
            {
                return null;
            }

            from = from.Resolve(kickOff.AbsolutePath[..(place + 1)]);
        }

        ServerUrl status = from.Resolve(location);
        return status.IsHttp ? status : null;
    }
}
