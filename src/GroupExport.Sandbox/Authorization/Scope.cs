using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Authorization;

/// <summary>A right of a backend service, in the spelling of SMART version 1 (<c>system/*.read</c>) or 2 (<c>system/*.rs</c>), or the name of an operation, as OpenEMR has them.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="ResourceType">A type, or <c>*</c> for all.</param>
/// <param name="Rights">Letters of <c>cruds</c>.</param>
internal sealed partial record Scope(string Text, string ResourceType, string Rights)
{
    /// <summary>What an export needs: to read and to search.</summary>
    public const string Export = "rs";

    public static bool TryParse(string text, [NotNullWhen(true)] out Scope? scope)
    {
        var match = Pattern().Match(text);
        var type = match.Groups["type"].Value;
        scope = match.Success && (type == "*" || FhirNames.IsResourceType(type)) ? new Scope(text, type, RightsOf(match.Groups["rights"].Value)) : null;
        return scope is not null;
    }

    public bool Covers(string resourceType, char right) => (ResourceType == "*" || ResourceType == resourceType) && Rights.Contains(right);

    public bool Covers(Scope other) => other.Rights.All(right => Covers(other.ResourceType, right));

    private static string RightsOf(string text) => text switch
    {
        "read" => "rs",
        "write" => "cud",
        "*" => "cruds",
        ['$', ..] => "",
        _ => text,
    };

    [GeneratedRegex(@"^system/(?<type>\*|[A-Z][A-Za-z]*)\.(?<rights>read|write|\*|\$export|\$bulkdata-status|(?=[cruds])c?r?u?d?s?)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
