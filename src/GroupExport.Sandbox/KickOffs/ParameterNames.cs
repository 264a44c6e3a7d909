using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>The parameters of a Group export (Bulk Data Access 3.0.0, "Query Parameters"). Names are case-sensitive.</summary>
internal static class ParameterNames
{
    public const string OutputFormat = "_outputFormat";
    public const string Since = "_since";
    public const string Until = "_until";
    public const string Type = "_type";
    public const string Elements = "_elements";
    public const string TypeFilter = "_typeFilter";
    public const string Patient = "patient";
    public const string IncludeAssociatedData = "includeAssociatedData";
    public const string OrganizeOutputBy = "organizeOutputBy";
    public const string AllowPartialManifests = "allowPartialManifests";

    public static readonly string[] All =
        [OutputFormat, Since, Until, Type, Elements, TypeFilter, Patient, IncludeAssociatedData, OrganizeOutputBy, AllowPartialManifests];

    /// <summary>Those that may stand once only.</summary>
    public static readonly string[] Single = [OutputFormat, Since, Until, OrganizeOutputBy, AllowPartialManifests];

    /// <summary>Says what is wrong with a name, and which one was probably meant.</summary>
    public static string Unknown(string name, SpecRules spec)
    {
        if (All.Contains(name))
        {
            return $"'{name}' is no parameter of a Group export in Bulk Data Access {spec.Name}, only in later versions.";
        }

        var near = spec.Parameters.FirstOrDefault(known => string.Equals(known.TrimStart('_'), name.TrimStart('_'), StringComparison.OrdinalIgnoreCase));
        return near is null
            ? $"'{name}' is no parameter of a Group export."
            : $"'{name}' is no parameter of a Group export: it is spelled {near}.";
    }
}
