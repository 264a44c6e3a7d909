using GroupExport.Fhir;

namespace GroupExport.Input;

/// <summary>Reads the name of a resource type in any case; a mistyped one gets the names that are near.</summary>
internal static class TypeInput
{
    /// <exception cref="ExportException">R4 has no such type.</exception>
    public static string Read(string typed) => ResourceTypes.Find(typed) ?? throw new ExportException(
        ExportErrorKind.UnknownResourceType,
        $"'{typed}' is no R4 resource type.{Hint(typed)}")
    {
        Subject = typed,
    };

    private static string Hint(string typed)
    {
        if (typed.Contains(','))
        {
            return " Pass several types as an array: -Type Patient, Observation.";
        }

        IReadOnlyList<string> near = ResourceTypes.Nearest(typed);
        return near.Count == 0 ? " Press Tab after -Type for the list." : $" Did you mean {string.Join(" or ", near)}?";
    }
}
