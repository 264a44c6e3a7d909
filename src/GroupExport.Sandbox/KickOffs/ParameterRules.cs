using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Selection;

namespace GroupExport.Sandbox.KickOffs;

/// <summary>The rules for parameter values, the same for every way in which a kick-off can be written.</summary>
internal sealed class ParameterRules(PatientGroup group, PatientDirectory patients, IssueList issues)
{
    private static readonly string[] s_outputFormats = ["application/fhir+ndjson", "application/ndjson", "ndjson"];
    private static readonly string[] s_associatedData = ["LatestProvenanceResources", "RelevantProvenanceResources"];

    public ExportRequest Read(IReadOnlyList<RawParameter> parameters)
    {
        foreach (var name in ParameterNames.Single)
        {
            if (parameters.Count(parameter => parameter.Name == name) > 1)
            {
                issues.Invalid(name, $"The parameter {name} may stand only once.");
            }
        }

        var values = parameters.ToLookup(parameter => parameter.Name, parameter => parameter.Value, StringComparer.Ordinal);
        CheckOutputFormat(values[ParameterNames.OutputFormat]);
        CheckAssociatedData(List(values, ParameterNames.IncludeAssociatedData));
        CheckOrganizing(values[ParameterNames.OrganizeOutputBy]);
        var request = new ExportRequest
        {
            Since = Instant(values, ParameterNames.Since),
            Until = Instant(values, ParameterNames.Until),
            Types = Types(values),
            Patients = Patients(values[ParameterNames.Patient]),
            Elements = Elements(values),
            TypeFilters = TypeFilters(values[ParameterNames.TypeFilter]),
            AllowPartialManifests = Boolean(values, ParameterNames.AllowPartialManifests),
        };
        return request;
    }

    private static IEnumerable<string> List(ILookup<string, string> values, string name) => values[name].SelectMany(value => value.Split(','));

    private void CheckOutputFormat(IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            if (value == "application/fhir ndjson")
            {
                issues.Invalid(ParameterNames.OutputFormat, "The parameter _outputFormat holds a space: write the plus sign of application/fhir+ndjson as %2B in a query.");
            }
            else if (!s_outputFormats.Contains(value))
            {
                issues.NotSupported(ParameterNames.OutputFormat, $"The parameter _outputFormat must be one of {string.Join(", ", s_outputFormats)}.");
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
                issues.Invalid(name, $"The parameter {name} must be a FHIR instant with seconds and time zone, for example 2026-11-01T00:00:00Z (a plus sign in a query is written %2B).");
            }
        }

        return result;
    }

    private HashSet<string>? Types(ILookup<string, string> values)
    {
        HashSet<string>? types = null;
        foreach (var type in List(values, ParameterNames.Type))
        {
            (types ??= new(StringComparer.Ordinal)).Add(type);
            if (!FhirNames.IsResourceType(type))
            {
                issues.Invalid(ParameterNames.Type, $"The parameter _type holds '{type}', which is no FHIR R4 resource type.");
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
                issues.Invalid(ParameterNames.Patient, $"The parameter patient holds '{reference}', which is no reference of the form Patient/id.");
            }
            else if (!patients.TryGetNumber(reference["Patient/".Length..], out var number) || !group.Contains(number))
            {
                issues.Invalid(ParameterNames.Patient, $"The parameter patient holds '{reference}', which is no member of the group '{group.Id}'.");
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
                issues.Invalid(ParameterNames.Elements, $"The parameter _elements holds '{value}': write a root element, or a resource type, a dot and a root element.");
            }
        }

        return elements;
    }

    private List<TypeFilter> TypeFilters(IEnumerable<string> values)
    {
        var filters = new List<TypeFilter>();
        foreach (var query in values.SelectMany(TypeFilterList.Split))
        {
            if (TypeFilter.TryParse(query, out var filter, out var problem))
            {
                filters.Add(filter);
            }
            else
            {
                issues.Invalid(ParameterNames.TypeFilter, $"The parameter _typeFilter cannot be used: {problem}");
            }
        }

        return filters;
    }

    private void CheckAssociatedData(IEnumerable<string> codes)
    {
        foreach (var code in codes)
        {
            if (!s_associatedData.Contains(code) && !(code.Length > 1 && code[0] == '_'))
            {
                issues.Invalid(ParameterNames.IncludeAssociatedData, $"The parameter includeAssociatedData holds '{code}': it takes {string.Join(", ", s_associatedData)}, or a server's code that begins with '_'.");
            }
        }
    }

    private void CheckOrganizing(IEnumerable<string> values)
    {
        foreach (var type in values)
        {
            if (FhirNames.IsResourceType(type))
            {
                issues.NotSupported(ParameterNames.OrganizeOutputBy, "The parameter organizeOutputBy is not supported by this server.");
            }
            else
            {
                issues.Invalid(ParameterNames.OrganizeOutputBy, $"The parameter organizeOutputBy holds '{type}', which is no FHIR R4 resource type.");
            }
        }
    }

    private bool Boolean(ILookup<string, string> values, string name)
    {
        var result = false;
        foreach (var value in values[name])
        {
            result = value == "true";
            if (value is not ("true" or "false"))
            {
                issues.Invalid(name, $"The parameter {name} must be true or false.");
            }
        }

        return result;
    }
}
