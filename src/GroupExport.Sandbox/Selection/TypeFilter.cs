using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Selection;

/// <summary>One query of <c>_typeFilter</c>: a resource type and criteria that must all hold.</summary>
internal sealed class TypeFilter
{
    private readonly IReadOnlyList<ICriterion> _criteria;

    private TypeFilter(string resourceType, IReadOnlyList<ICriterion> criteria)
    {
        ResourceType = resourceType;
        _criteria = criteria;
    }

    public string ResourceType { get; }

    public bool Matches(JsonElement resource) => _criteria.All(criterion => criterion.Matches(resource));

    /// <summary>Reads <c>Type?name=value&amp;name=value</c>, already decoded once; values may be encoded once more.</summary>
    public static bool TryParse(string query, [NotNullWhen(true)] out TypeFilter? filter, [NotNullWhen(false)] out string? problem)
    {
        filter = null;
        var question = query.IndexOf('?', StringComparison.Ordinal);
        if (question < 0)
        {
            problem = $"'{query}' is no query of the form Type?parameter=value.";
            return false;
        }

        var type = query[..question];
        if (!FhirNames.IsResourceType(type))
        {
            problem = $"'{type}' is no FHIR R4 resource type.";
            return false;
        }

        var criteria = new List<ICriterion>();
        foreach (var part in query[(question + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryParseCriterion(type, part, out var criterion, out problem))
            {
                return false;
            }

            criteria.Add(criterion);
        }

        problem = null;
        filter = new TypeFilter(type, criteria);
        return true;
    }

    private static bool TryParseCriterion(string type, string part, [NotNullWhen(true)] out ICriterion? criterion, [NotNullWhen(false)] out string? problem)
    {
        criterion = null;
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? part : part[..equals];
        var value = equals < 0 ? "" : Uri.UnescapeDataString(part[(equals + 1)..]);
        var parameters = SearchParameter.Of(type).Where(parameter => parameter.Name == name).ToList();
        if (parameters.Count == 0)
        {
            problem = $"'{name}' is no search parameter of {type} that this server knows ({string.Join(", ", SearchParameter.Of(type).Select(parameter => parameter.Name))}).";
            return false;
        }

        var elements = parameters.SelectMany(parameter => parameter.Elements).ToArray();
        var choices = QueryString.SplitEscaped(value, ',');
        criterion = parameters[0].Kind == SearchKind.Token
            ? TokenCriterion.Parse(elements, choices)
            : (ICriterion?)DateCriterion.Parse(elements, choices);
        problem = criterion is null ? $"'{value}' is no value for the parameter '{name}'." : null;
        return criterion is not null;
    }
}
