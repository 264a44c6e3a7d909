using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>Reads the query of a GET kick-off (Bulk Data Access 2.0.0 and 3.0.0, "Query Parameters").</summary>
internal static class FhirQuery
{
    public static IReadOnlyList<RawParameter> Read(string rawQuery, IssueList issues)
    {
        var parameters = new List<RawParameter>();
        foreach (var (name, value) in QueryString.Parse(rawQuery))
        {
            if (!ParameterNames.All.Contains(name))
            {
                issues.Invalid(name, ParameterNames.Unknown(name));
            }
            else if (name == ParameterNames.Patient)
            {
                issues.Invalid(name, "The parameter patient is only valid in POST kick-offs.");
            }
            else
            {
                parameters.Add(new RawParameter(name, value));
            }
        }

        return parameters;
    }
}
