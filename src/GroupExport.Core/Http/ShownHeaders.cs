namespace GroupExport.Http;

/// <summary>The headers of an answer that may be shown: those that help a support desk and carry nothing in confidence. All others are left out.</summary>
internal static class ShownHeaders
{
    private const int MostCharacters = 200;

    private static readonly string[] s_words =
    [
        "content-type", "correlation-id", "date", "expires", "preference-applied", "request-id", "retry-after", "server",
        "x-amzn-requestid", "x-correlation-id", "x-export-status", "x-progress", "x-request-id",
    ];

    private static readonly string[] s_places = ["content-location", "location"];

    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>Names in lower case, values masked; URLs without their queries.</summary>
    public static IReadOnlyDictionary<string, string> Of(HttpResponseMessage response, Func<string, string> mask)
    {
        Dictionary<string, string> shown = [];
        foreach (string name in s_words.Concat(s_places).Order(StringComparer.Ordinal))
        {
            if (Value(response, name) is { } value)
            {
                shown.Add(name, ShownText.Of(s_places.Contains(name) ? ShownUri.OfText(value) : value, mask, MostCharacters));
            }
        }

        return shown;
    }

    /// <summary>As it came: what no parser takes is worth a look all the more.</summary>
    private static string? Value(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) || response.Content.Headers.NonValidated.TryGetValues(name, out values) ? values.ToString() : null;
}
