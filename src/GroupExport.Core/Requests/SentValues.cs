namespace GroupExport.Requests;

/// <summary>Takes what a request told about patients out of a server's words: servers like to echo what they refuse, and error records end up in logs.</summary>
internal sealed class SentValues(ExportRequest request)
{
    /// <summary>Shorter values would blank out half of every sentence and tell nothing by themselves.</summary>
    private const int ShortestMasked = 3;

    private static readonly char[] s_filterParts = ['?', '&', '=', ',', '|', '$'];

    /// <summary>The text with every patient id and filter value replaced by an ellipsis.</summary>
    public string Mask(string text)
    {
        foreach (string value in Values().Where(value => value.Length >= ShortestMasked))
        {
            text = text.Replace(value, "…", StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }

    private IEnumerable<string> Values() =>
        request.Patients.Select(patient => patient[(patient.LastIndexOf('/') + 1)..])
            .Concat(request.TypeFilters.SelectMany(FilterValues))
            .Distinct()
            .OrderByDescending(value => value.Length);

    /// <summary>What stands right of an equals sign, whole and in its parts.</summary>
    private static IEnumerable<string> FilterValues(string filter)
    {
        foreach (string pair in filter[(filter.IndexOf('?') + 1)..].Split('&'))
        {
            string value = pair[(pair.IndexOf('=') + 1)..];
            yield return value;
            yield return Uri.EscapeDataString(value);
            foreach (string part in value.Split(s_filterParts))
            {
                yield return part;
            }
        }
    }
}
