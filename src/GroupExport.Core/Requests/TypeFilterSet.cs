using GroupExport.Connections;
using GroupExport.Fhir;

namespace GroupExport.Requests;

/// <summary>The type filters of a request, and what is worth saying of them before they are sent: servers pass over what they do not know without a word.</summary>
internal sealed class TypeFilterSet
{
    private readonly TypeFilter[] _filters;

    private TypeFilterSet(IEnumerable<TypeFilter> filters) => _filters = [.. filters];

    /// <summary>The filters as they are sent, each once.</summary>
    public IReadOnlyList<string> Texts => [.. _filters.Select(filter => filter.Text).Distinct()];

    /// <exception cref="ExportException">One of them breaks a rule of the standard; nothing was sent.</exception>
    public static TypeFilterSet Read(IEnumerable<string> texts) => new(texts.Select((text, index) => TypeFilter.Read(text, index + 1)));

    /// <summary>What the standard calls experimental.</summary>
    public IEnumerable<string> Remarks => Named(TypeFilter.IsChained)
        .Select(named => $"The filter of {named.Type} by {Shown(named.Parameter)} looks through a reference, which is experimental in exports: not every server can.")
        .Distinct();

    /// <summary>
    /// Parameters that the server does not list or, where it lists none for the type, that R4 does not have; each with those that may be meant. They are
    /// sent all the same: a server may know more than it says.
    /// </summary>
    /// <param name="searches">What the server lists.</param>
    public IEnumerable<string> UnknownParameters(ServerSearches searches) => Named(_ => true)
        .Select(named => named with { Parameter = TypeFilter.BareName(named.Parameter) })
        .Distinct()
        .Select(named => Unknown(named, searches))
        .OfType<string>()
        .Distinct();

    /// <summary>A filter for a type that is not exported, which has no effect (Bulk Data Access, "_typeFilter Query Parameter"); null when there is none.</summary>
    public string? Idle(IEnumerable<ExportRequest> requests)
    {
        string[] idle = [.. requests.Where(request => request.Types.Count > 0).SelectMany(request => _filters.Select(filter => filter.Type).Except(request.Types)).Distinct()];
        return idle.Length == 0 ? null : $"There are filters of {string.Join(", ", idle)}, but the export is not of that type, so they have no effect. Name the type with -Type, or leave the filter out.";
    }

    /// <summary>Types that the server says it does not export; null when there is none.</summary>
    public string? NotExported(IEnumerable<ExportRequest> requests, ServerSearches searches)
    {
        string[] marked = [.. requests.SelectMany(request => request.Types).Concat(_filters.Select(filter => filter.Type)).Distinct().Where(searches.IsMarked)];
        return marked.Length == 0 ? null : $"The server says that it has {string.Join(", ", marked)}, but not in exports of groups (operation-not-supported): the request may be refused, or nothing of that type come.";
    }

    private IEnumerable<(string Type, string Parameter)> Named(Func<string, bool> wanted) =>
        _filters.SelectMany(filter => filter.Parameters.Where(wanted).Select(parameter => (filter.Type, parameter)));

    private static string? Unknown((string Type, string Parameter) named, ServerSearches searches)
    {
        if (searches.IsMarked(named.Type, named.Parameter))
        {
            return $"The server says that it searches {named.Type} by {Shown(named.Parameter)}, but not in exports of groups (operation-not-supported): the filter may be refused, or have no effect.";
        }

        IReadOnlyCollection<string>? listed = searches.Of(named.Type);
        IReadOnlyCollection<string> known = listed is null ? SearchParameters.Of(named.Type) : [.. listed, .. SearchParameters.Common];
        if (known.Contains(named.Parameter))
        {
            return null;
        }

        IReadOnlyList<string> near = TypeFilter.IsName(named.Parameter) ? NearMatches.Of(named.Parameter, known.Where(TypeFilter.IsName).Distinct()) : [];
        string hint = near.Count == 0 ? "" : $" (did you mean {string.Join(" or ", near)}?)";
        return listed is null
            ? $"{named.Type} has no search parameter {Shown(named.Parameter)} in R4{hint}. Servers that do not know it drop the filter, or the whole type, without saying so."
            : $"The server does not list {Shown(named.Parameter)} among its search parameters of {named.Type}{hint}. If it does not know it, it drops the filter, or the whole type, without saying so.";
    }

    /// <summary>The name alone: an odd one may be a value that went astray.</summary>
    private static string Shown(string parameter)
    {
        string bare = TypeFilter.BareName(parameter);
        return TypeFilter.IsName(bare) ? $"'{bare}'" : "of an odd name";
    }
}
