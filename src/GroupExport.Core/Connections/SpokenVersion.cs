namespace GroupExport.Connections;

/// <summary>The version of Bulk Data Access that requests to a server are written for, and the operation they go to.</summary>
/// <param name="SpecVersion">2, 3 or 4.</param>
/// <param name="Operation">The name of the operation in the URL, without <c>$</c>.</param>
/// <param name="Reason">Why, in a sentence.</param>
internal sealed record SpokenVersion(int SpecVersion, string Operation, string Reason)
{
    /// <summary>What is assumed of a server that does not say.</summary>
    public const int Default = 2;

    private const int Newest = 4;

    /// <summary>What follows from a statement; a version that the user asked for stands, and its operation is looked for.</summary>
    /// <remarks>
    /// <c>$export</c> is taken before operations of other names, which are there for clients that ask for them. Version 1 is spoken to as version 2,
    /// whose requests it reads; one that is not known yet as the newest.
    /// </remarks>
    public static SpokenVersion Of(CapabilityStatement statement, int? asked)
    {
        GroupExportOperation[] newestFirst = [.. statement.GroupExports.OrderByDescending(export => export.UrlName == GroupExportOperation.Export).ThenByDescending(export => export.SpecVersion ?? 0)];
        if (asked is { } given)
        {
            string name = newestFirst.FirstOrDefault(export => export.SpecVersion == given)?.UrlName ?? GroupExportOperation.Export;
            return new SpokenVersion(given, name, $"Requests are written for version {given} of Bulk Data Access, as -SpecVersion says, and go to ${name}.");
        }

        GroupExportOperation? export = newestFirst.FirstOrDefault();
        string operation = export?.UrlName ?? GroupExportOperation.Export;
        int[] others = [.. newestFirst.Where(other => other.UrlName != operation).Select(other => other.SpecVersion).OfType<int>()];
        int? named = export?.SpecVersion ?? Highest(statement.GuideVersions.Except(others));
        return named is { } version
            ? new SpokenVersion(
                Math.Clamp(version, Default, Newest),
                operation,
                $"The CapabilityStatement names version {version} of Bulk Data Access: requests are written for version {Math.Clamp(version, Default, Newest)} and go to ${operation}.")
            : Unsaid("the CapabilityStatement names none") with { Operation = operation };
    }

    /// <summary>The default, and why the server did not say.</summary>
    public static SpokenVersion Unsaid(string why) => new(
        Default,
        GroupExportOperation.Export,
        $"The server does not say which version of Bulk Data Access it speaks ({why}): requests are written for version {Default}. Connect with -SpecVersion if it speaks another.");

    private static int? Highest(IEnumerable<int> versions) => versions.Select(version => (int?)version).Max();
}
