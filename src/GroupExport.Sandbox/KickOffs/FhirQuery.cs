using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>Reads the query of a GET kick-off (Bulk Data Access 2.0.0 and 3.0.0, "Query Parameters").</summary>
internal static class FhirQuery
{
    public static IReadOnlyList<RawParameter> Read(string rawQuery, SpecRules spec, KickOffIssues issues)
    {
        var parameters = new List<RawParameter>();
        foreach (var (name, value) in QueryString.Parse(rawQuery))
        {
            if (!spec.Parameters.Contains(name))
            {
                issues.Of(name).Invalid(name, ParameterNames.Unknown(name, spec));
            }
            else if (name == ParameterNames.Patient)
            {
                issues.Of(name).Invalid(name, "The parameter patient is only valid in POST kick-offs.");
            }
            else
            {
                parameters.Add(new RawParameter(name, value));
            }
        }

        return parameters;
    }
}
