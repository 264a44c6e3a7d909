using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Selection;
using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>The rules for parameter values, the same for every way in which a kick-off can be written.</summary>
internal sealed class ParameterRules(PatientGroup group, PatientDirectory patients, SpecRules spec, KickOffIssues kickOffIssues)
{
    private static readonly string[] s_outputFormats = ["application/fhir+ndjson", "application/ndjson", "ndjson"];
    private static readonly string[] s_associatedData = ["LatestProvenanceResources", "RelevantProvenanceResources"];
    private readonly IssueList _issues = kickOffIssues.Ignorable;

    public ExportRequest Read(IReadOnlyList<RawParameter> parameters)
    {
        foreach (var name in ParameterNames.Single)
        {
            if (parameters.Count(parameter => parameter.Name == name) > 1)
            {
                _issues.Invalid(name, $"The parameter {name} may stand only once.");
            }
        }

        var values = parameters.ToLookup(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal);
        CheckOutputFormat(values[ParameterNames.OutputFormat]);
        CheckAssociatedData(List(values, ParameterNames.IncludeAssociatedData));
        return new ExportRequest
        {
            Since = Instant(values, ParameterNames.Since),
            Until = Instant(values, ParameterNames.Until),
            Types = Types(values),
            Patients = Patients(values[ParameterNames.Patient]),
            Elements = Elements(values),
            TypeFilters = TypeFilters(values[ParameterNames.TypeFilter]),
            OrganizeOutputBy = Organizing(values[ParameterNames.OrganizeOutputBy]),
            AllowPartialManifests = Boolean(values, ParameterNames.AllowPartialManifests),
        };
    }

    private IEnumerable<string> List(ILookup<string, string> values, string name)
    {
        if (spec.JoinsLists)
        {
            return values[name].SelectMany(value => value.Split(','));
        }

        return values[name].Where(value => IsSingle(name, value.Contains(',', StringComparison.Ordinal) ? 2 : 1));
    }

    private bool IsSingle(string name, int count)
    {
        if (count > 1)
        {
            _issues.Invalid(name, $"The parameter {name} holds a comma list: repeat the parameter, once for each value.");
        }

        return count == 1;
    }

    private void CheckOutputFormat(IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            if (value == "application/fhir ndjson")
            {
                _issues.Invalid(ParameterNames.OutputFormat, "The parameter _outputFormat holds a space: write the plus sign of application/fhir+ndjson as %2B in a query.");
            }
            else if (!s_outputFormats.Contains(value))
            {
                _issues.NotSupported(ParameterNames.OutputFormat, $"The parameter _outputFormat must be one of {string.Join(", ", s_outputFormats)}.");
            }
        }
    }

    private DateTimeOffset? Instant(ILookup<string, string> values, string name)
    {
        DateTimeOffset? result = null;
        foreach (var value in values[name])
        {
            if (FhirInstant.TryParse(value, out var instant))
            {
                result = instant;
            }
            else
            {
                _issues.Invalid(name, $"The parameter {name} must be a FHIR instant with seconds and time zone, for example 2026-11-01T00:00:00Z (a plus sign in a query is written %2B).");
            }
        }

        return result;
    }

    private HashSet<string>? Types(ILookup<string, string> values)
    {
        HashSet<string>? types = null;
        foreach (var type in List(values, ParameterNames.Type))
        {
            if (FhirNames.IsResourceType(type))
            {
                (types ??= new(StringComparer.Ordinal)).Add(type);
            }
            else
            {
                _issues.Invalid(ParameterNames.Type, $"The parameter _type holds '{type}', which is no FHIR R4 resource type.");
            }
        }

        return types;
    }

    private HashSet<int>? Patients(IEnumerable<string> references)
    {
        HashSet<int>? numbers = null;
        foreach (var reference in references)
        {
            numbers ??= [];
            if (!reference.StartsWith("Patient/", StringComparison.Ordinal) || !FhirNames.IsId(reference["Patient/".Length..]))
            {
                kickOffIssues.Of(ParameterNames.Patient).Invalid(ParameterNames.Patient, $"The parameter patient holds '{reference}', which is no reference of the form Patient/id.");
            }
            else if (!patients.TryGetNumber(reference["Patient/".Length..], out var number) || !group.Contains(number))
            {
                kickOffIssues.Of(ParameterNames.Patient).Invalid(ParameterNames.Patient, $"The parameter patient holds '{reference}', which is no member of the group '{group.Id}'.");
            }
            else
            {
                numbers.Add(number);
            }
        }

        return numbers;
    }

    private List<ElementName> Elements(ILookup<string, string> values)
    {
        var elements = new List<ElementName>();
        foreach (var value in List(values, ParameterNames.Elements))
        {
            if (ElementName.TryParse(value, out var element))
            {
                elements.Add(element);
            }
            else
            {
                _issues.Invalid(ParameterNames.Elements, $"The parameter _elements holds '{value}': write a root element, or a resource type, a dot and a root element.");
            }
        }

        return elements;
    }

    private List<TypeFilter> TypeFilters(IEnumerable<string> values)
    {
        var filters = new List<TypeFilter>();
        foreach (var query in values.SelectMany(Queries))
        {
            if (TypeFilter.TryParse(query, out var filter, out var problem))
            {
                filters.Add(filter);
            }
            else
            {
                _issues.Invalid(ParameterNames.TypeFilter, $"The parameter _typeFilter cannot be used: {problem}");
            }
        }

        return filters;
    }

    private IEnumerable<string> Queries(string value)
    {
        var queries = TypeFilterList.Split(value).ToList();
        return spec.JoinsFilters || IsSingle(ParameterNames.TypeFilter, queries.Count) ? queries : [];
    }

    private void CheckAssociatedData(IEnumerable<string> codes)
    {
        foreach (var code in codes)
        {
            if (!s_associatedData.Contains(code) && !(code.Length > 1 && code[0] == '_'))
            {
                _issues.Invalid(ParameterNames.IncludeAssociatedData, $"The parameter includeAssociatedData holds '{code}': it takes {string.Join(", ", s_associatedData)}, or a server's code that begins with '_'.");
            }
        }
    }

    private string? Organizing(IEnumerable<string> values)
    {
        string? result = null;
        foreach (var type in values)
        {
            if (spec.OrganizesOutput && type == PatientBlocks.OrganizingType)
            {
                result = type;
            }
            else if (FhirNames.IsResourceType(type))
            {
                _issues.NotSupported(ParameterNames.OrganizeOutputBy, spec.OrganizesOutput
                    ? $"The parameter organizeOutputBy must be {PatientBlocks.OrganizingType} at this server."
                    : "The parameter organizeOutputBy is not supported by this server.");
            }
            else
            {
                _issues.Invalid(ParameterNames.OrganizeOutputBy, $"The parameter organizeOutputBy holds '{type}', which is no FHIR R4 resource type.");
            }
        }

        return result;
    }

    private bool Boolean(ILookup<string, string> values, string name)
    {
        var result = false;
        foreach (var value in values[name])
        {
            result = value == "true";
            if (value is not ("true" or "false"))
            {
                _issues.Invalid(name, $"The parameter {name} must be true or false.");
            }
        }

        return result;
    }
}
