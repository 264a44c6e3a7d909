using System.Collections;
using System.Management.Automation;
using GroupExport.Fhir;

namespace GroupExport.Completion;

/// <summary>The resource types that stand beside the word in <c>-Type</c>.</summary>
internal static class ChosenTypes
{
    /// <summary>Those of them that R4 knows, in its spelling; empty when none is there or it cannot be told without running something.</summary>
    public static IReadOnlyList<string> In(IDictionary boundParameters) =>
        [.. Values(boundParameters["Type"]).Select(value => ResourceTypes.Find(value?.ToString() ?? "")).OfType<string>().Distinct()];

    private static IEnumerable<object?> Values(object? bound) => bound switch
    {
        PSObject { BaseObject: var inner and not PSCustomObject } => Values(inner),
        string one => [one],
        IEnumerable several => several.Cast<object?>(),
        _ => [bound],
    };
}
