namespace GroupExport.Jobs;

/// <summary>Where the Content-Location of a kick-off leads. It should be absolute; what can only mean one place is taken for it.</summary>
internal static class StatusLocation
{
    /// <summary>How the names of resources begin that one server gives in place of URLs; its FHIR bases have the same in their path.</summary>
    private const string ResourceName = "projects/";

    /// <summary>The status URL; null when none can be made of it.</summary>
    public static Uri? Resolve(Uri kickOff, Uri? location)
    {
        if (location is null)
        {
            return null;
        }

        Uri from = kickOff;
        if (IsResourceName(location))
        {
            int place = kickOff.AbsolutePath.IndexOf("/" + ResourceName, StringComparison.Ordinal);
            if (place < 0)
            {
                return null;
            }

            from = new Uri(kickOff, kickOff.AbsolutePath[..(place + 1)]);
        }

        return Uri.TryCreate(from, location, out Uri? absolute) && absolute.Scheme is ("https" or "http") ? absolute : null;
    }

    private static bool IsResourceName(Uri location) =>
        !location.IsAbsoluteUri && location.OriginalString.StartsWith(ResourceName, StringComparison.Ordinal);
}
