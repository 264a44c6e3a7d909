using System.Text.Json;

namespace GroupExport.Sandbox.Selection;

/// <summary>A date search with the prefixes eq, ne, gt, lt, ge and le (http://hl7.org/fhir/R4/search.html#prefix).</summary>
internal sealed class DateCriterion : ICriterion
{
    private static readonly string[] s_prefixes = ["eq", "ne", "gt", "lt", "ge", "le"];

    private readonly string[] _elements;
    private readonly IReadOnlyList<(string Prefix, DateRange Range)> _bounds;

    private DateCriterion(string[] elements, IReadOnlyList<(string Prefix, DateRange Range)> bounds)
    {
        _elements = elements;
        _bounds = bounds;
    }

    public static DateCriterion? Parse(string[] elements, IReadOnlyList<string> values)
    {
        var bounds = new List<(string, DateRange)>();
        foreach (var value in values)
        {
            var prefix = s_prefixes.FirstOrDefault(known => value.StartsWith(known, StringComparison.Ordinal));
            if (DateRange.Parse(prefix is null ? value : value[2..]) is not { } range)
            {
                return null;
            }

            bounds.Add((prefix ?? "eq", range));
        }

        return new DateCriterion(elements, bounds);
    }

    public bool Matches(JsonElement resource) =>
        ElementValues.At(resource, _elements).Any(value => DateRange.Parse(value) is { } date && _bounds.Any(bound => Holds(bound.Prefix, bound.Range, date)));

    private static bool Holds(string prefix, DateRange bound, DateRange date) => prefix switch
    {
        "ne" => !bound.Contains(date),
        "gt" => date.High > bound.High,
        "lt" => date.Low < bound.Low,
        "ge" => date.High > bound.High || bound.Contains(date),
        "le" => date.Low < bound.Low || bound.Contains(date),
        _ => bound.Contains(date),
    };
}
