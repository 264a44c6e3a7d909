using System.Globalization;
using System.Text.RegularExpressions;

namespace GroupExport.Connections;

/// <summary>An export operation on Group, as a CapabilityStatement names it.</summary>
/// <param name="UrlName">What stands behind the <c>$</c> in the URL: <c>export</c>, or a name of its own on a server of several versions.</param>
/// <param name="SpecVersion">The major version of Bulk Data Access that its definition is of; null when it does not say.</param>
internal sealed partial record GroupExportOperation(string UrlName, int? SpecVersion)
{
    /// <summary>The name of the operation in the URL, in every version.</summary>
    public const string Export = "export";

    /// <summary>Reads an operation; null when it is another one.</summary>
    /// <remarks>
    /// Version 2 was published with a statement that calls it <c>group-export</c>, though the URL is <c>$export</c>: only a name that goes on from
    /// <c>export</c>, such as <c>export-v4</c>, is one for the URL (Bulk Data Access 4, "Data Provider Capability Documentation").
    /// </remarks>
    public static GroupExportOperation? Of(string? name, string? definition, bool onGroup)
    {
        string bare = name?.TrimStart('$') ?? "";
        bool defines = definition?.Contains("/OperationDefinition/group-export", StringComparison.Ordinal) == true;
        if (!defines && !(onGroup && bare is Export or "group-export"))
        {
            return null;
        }

        return new GroupExportOperation(defines && OwnName().IsMatch(bare) ? bare : Export, defines ? MajorVersion(definition!) : null);
    }

    /// <summary>The major version behind the bar of a canonical URL, such as <c>…/group-export|4.0.0-ballot</c>; null when there is none.</summary>
    public static int? MajorVersion(string canonical) =>
        Version().Match(canonical) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"^export[A-Za-z0-9._-]*\z")]
    private static partial Regex OwnName();

    [GeneratedRegex(@"\|v?([0-9]{1,3})(\.|\z)")]
    private static partial Regex Version();
}
