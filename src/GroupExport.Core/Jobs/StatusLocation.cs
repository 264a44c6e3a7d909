using System.Text.RegularExpressions;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>Represents what the answer of a kick-off names as status URL. It should be absolute; what can only mean one place is treated as that place.</summary>
/// <param name="Place">What the URL is.</param>
/// <param name="Url">The URL, absolute; null when none can be made of it.</param>
/// <param name="Shown">The URL as it may be shown; null when the answer names none.</param>
internal sealed partial record StatusLocation(StatusPlace Place, ServerUrl? Url, string? Shown)
{
    /// <summary>How the names of resources begin that one server gives in place of URLs; its FHIR bases have the same in their path.</summary>
    private const string ResourceName = "projects/";

    private static readonly StatusLocation s_none = new(StatusPlace.None, null, null);

    /// <summary>Returns the place that an answer names: the first usable value of <c>Content-Location</c> or, failing that, of <c>Location</c>.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="kickOff">The URL of the kick-off.</param>
    /// <param name="parameters">The names of the parameters that the kick-off had.</param>
    public static StatusLocation Of(HttpResponseMessage response, Uri kickOff, IEnumerable<string> parameters)
    {
        // A comma can be part of a URL, a space cannot: that is where proxies join what was sent as several headers.
        IEnumerable<string> named = HeaderUrl.ReadAll(response, "Content-Location").SelectMany(value => JoinedUrls().Split(value)).Concat(HeaderUrl.ReadAll(response, "Location"));
        StatusLocation[] locations = [.. named.Select(text => Of(text, kickOff, parameters))];
        return locations.FirstOrDefault(location => location.Place is StatusPlace.StatusUrl or StatusPlace.Version) ?? locations.FirstOrDefault() ?? s_none;
    }

    /// <summary>Returns the status URLs that <c>Content-Location</c> lists in an answer that starts no export.</summary>
    public static IReadOnlyList<ServerUrl> AllOf(HttpResponseMessage response, Uri kickOff, IEnumerable<string> parameters) =>
    [
        .. HeaderUrl.ReadAll(response, "Content-Location").SelectMany(value => ListedUrls().Split(value))
            .Select(text => Of(text, kickOff, parameters)).Where(location => location.Place == StatusPlace.StatusUrl).Select(location => location.Url!).Distinct(),
    ];

    private static StatusLocation Of(string text, Uri kickOff, IEnumerable<string> parameters)
    {
        if (Resolve(kickOff, text) is not { } url)
        {
            return new StatusLocation(StatusPlace.Unusable, null, ShownUri.OfText(text));
        }

        StatusPlace place = IsOwn(url.Uri, kickOff, parameters) ? StatusPlace.Request : Version().IsMatch(url.Uri.AbsolutePath) ? StatusPlace.Version : StatusPlace.StatusUrl;
        return new StatusLocation(place, url, url.ToString());
    }

    /// <summary>Returns the status URL; null when none can be made of a text.</summary>
    private static ServerUrl? Resolve(Uri kickOff, string text)
    {
        ServerUrl from = ServerUrl.Of(kickOff);
        if (text.StartsWith(ResourceName, StringComparison.Ordinal))
        {
            int place = kickOff.AbsolutePath.IndexOf("/" + ResourceName, StringComparison.Ordinal);
            if (place < 0)
            {
                return null;
            }

            from = from.Resolve(kickOff.AbsolutePath[..(place + 1)]);
        }

        ServerUrl status = from.Resolve(text);
        return status.IsHttp ? status : null;
    }

    /// <summary>Determines whether a URL is the kick-off's own. To poll it would start another export; a query with a parameter that was not sent is another place.</summary>
    private static bool IsOwn(Uri url, Uri kickOff, IEnumerable<string> parameters) =>
        Origin.Of(url) == Origin.Of(kickOff) && PathOf(url) == PathOf(kickOff) && !QueryNames(url).Except(QueryNames(kickOff)).Except(parameters).Any();

    private static string PathOf(Uri url) => Uri.UnescapeDataString(url.AbsolutePath).TrimEnd('/');

    private static IEnumerable<string> QueryNames(Uri url) =>
        url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => Uri.UnescapeDataString(pair.Split('=')[0]));

    /// <summary>A version of a resource (FHIR R4, http.html#versions): the answer of a server that ran the operation at once and stored its result.</summary>
    [GeneratedRegex(@"/_history/[^/]+/?\z")]
    private static partial Regex Version();

    [GeneratedRegex(@",[ \t]+(?=https?://)", RegexOptions.IgnoreCase)]
    private static partial Regex JoinedUrls();

    [GeneratedRegex(@",[ \t]*(?=https?://)", RegexOptions.IgnoreCase)]
    private static partial Regex ListedUrls();
}
