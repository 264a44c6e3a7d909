using GroupExport.Http;

namespace GroupExport.Requests;

/// <summary>Takes what a request told about patients out of a server's words: servers like to echo what they refuse, and error records end up in logs.</summary>
internal sealed class SentValues(ExportRequest request)
{
    private static readonly char[] s_filterParts = ['?', '&', '=', ',', '|', '$'];

    private readonly Lazy<HiddenValues> _values = new(() => new HiddenValues(
        request.Patients.Select(patient => patient[(patient.LastIndexOf('/') + 1)..]).Concat(request.TypeFilters.SelectMany(FilterValues))));

    /// <summary>The text with every patient id and filter value replaced by an ellipsis.</summary>
    public string Mask(string text) => _values.Value.Mask(text);

    /// <summary>Never a value.</summary>
    public override string ToString() => nameof(SentValues);

    /// <summary>What stands right of an equals sign, whole and in its parts.</summary>
    private static IEnumerable<string> FilterValues(string filter)
    {
        foreach (string pair in filter[(filter.IndexOf('?') + 1)..].Split('&'))
        {
            string value = pair[(pair.IndexOf('=') + 1)..];
            yield return value;
            foreach (string part in value.Split(s_filterParts))
            {
                yield return part;
            }
        }
    }
}
