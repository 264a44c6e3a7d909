using System.Collections.ObjectModel;

namespace GroupExport.Sandbox.Http;

/// <summary>Headers as the request log shows them: credentials are reduced to their scheme.</summary>
internal static class MaskedHeaders
{
    private const string Mask = "***";
    private static readonly string[] s_credentials = ["Authorization", "Proxy-Authorization"];

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string> headers)
    {
        var shown = new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase);
        foreach (var name in s_credentials)
        {
            if (shown.TryGetValue(name, out var value))
            {
                shown[name] = Masked(value);
            }
        }

        return new ReadOnlyDictionary<string, string>(shown);
    }

    // Without a space there is no scheme, and the whole value may be the secret.
    private static string Masked(string value)
    {
        var space = value.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 ? $"{value[..space]} {Mask}" : Mask;
    }
}
