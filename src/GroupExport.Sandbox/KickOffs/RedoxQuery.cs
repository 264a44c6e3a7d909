namespace GroupExport.Sandbox.KickOffs;

/// <summary>Redox documents a body for GET while the standard puts parameters into the query: what stands in both must agree.</summary>
internal static class RedoxQuery
{
    public static IReadOnlyList<RawParameter> Combine(IReadOnlyList<RawParameter> body, IReadOnlyList<RawParameter> query, IssueList issues)
    {
        var inBody = body.ToLookup(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal);
        var combined = new List<RawParameter>(body);
        foreach (var values in query.GroupBy(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal))
        {
            if (!inBody.Contains(values.Key))
            {
                combined.AddRange(values.Select(value => new RawParameter(values.Key, value)));
            }
            else if (string.Join(',', values) != string.Join(',', inBody[values.Key]))
            {
                issues.Invalid(values.Key, $"The parameter {values.Key} has another value in the query than in the body.");
            }
        }

        return combined;
    }
}
