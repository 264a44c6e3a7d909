using System.Text.RegularExpressions;
using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Selection;

/// <summary>Takes comma-joined filters apart.</summary>
internal static partial class TypeFilterList
{
    /// <summary>Splits only at commas that a resource type and a question mark follow: every other comma is an OR inside a filter.</summary>
    public static IEnumerable<string> Split(string value)
    {
        var start = 0;
        foreach (Match match in NextFilter().Matches(value))
        {
            if (FhirNames.IsResourceType(match.Groups["type"].Value))
            {
                yield return value[start..match.Index];
                start = match.Index + 1;
            }
        }

        yield return value[start..];
    }

    [GeneratedRegex(@",(?<type>[A-Za-z]+)\?", RegexOptions.CultureInvariant)]
    private static partial Regex NextFilter();
}
