using System.Globalization;
using System.Text;

namespace GroupExport.Http;

/// <summary>
/// Represents a URL that a server sent. Its path and query are opaque: requests contain them exactly as they were received, because a signature
/// covers the text, and <c>%2D</c>, <c>%7E</c> or <c>%2e%2e</c> are not always what System.Uri makes of them. The text form of this type is safe to show.
/// </summary>
/// <remarks>
/// <para>Only the following is changed: the fragment, user information and spaces at the ends are cut off; spaces and non-ASCII characters are percent-encoded
/// as UTF-8; scheme and host get lower case, the host its ASCII form; a default port is left out; an empty path becomes <c>/</c>.</para>
/// <para>Dot segments of an absolute URL are kept, because a signature can cover them and they cannot lead to another origin. Those of relative references are
/// resolved (RFC 3986, 5.2.4). Percent-encoded dots are never dot segments.</para>
/// <para>Nothing else may make a System.Uri of what a server sent: without canonicalization System.Uri sends line breaks and spaces as they are, and
/// <c>new Uri(base, reference)</c> and UriBuilder canonicalize.</para>
/// </remarks>
internal sealed class ServerUrl : IEquatable<ServerUrl>
{
    /// <summary>The longest URL, in characters as it is sent. System.Uri of .NET 8 has its own limit at 65,519.</summary>
    public const int MaxCharacters = 65_000;

    private static readonly UriCreationOptions s_asReceived = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Uri? _uri;
    private readonly string? _refusal;

    private ServerUrl(string text, Uri? uri, string? refusal)
    {
        Text = text;
        _uri = uri;
        _refusal = refusal;
    }

    /// <summary>Gets the URL as it is sent; if it is not usable, the text as it was received.</summary>
    public string Text { get; }

    /// <summary>Gets a value indicating whether a request can be made of the URL.</summary>
    public bool IsUsable => _uri is not null;

    /// <summary>Gets a value indicating whether the text begins as a URL does, usable or not, and is not a relative reference.</summary>
    public bool IsAbsolute => _uri is not null || UrlReference.Parse(Text.Trim(' ')).Scheme is not null;

    /// <summary>Gets a value indicating whether this is a usable http or https URL.</summary>
    public bool IsHttp => _uri?.Scheme is "https" or "http";

    /// <summary>Gets the URL for a request: what is judged and sent is this very object.</summary>
    /// <exception cref="ExportException">The URL cannot be requested (<see cref="ExportErrorKind.UnsafeServerUrl"/>).</exception>
    public Uri Uri => _uri ?? throw new ExportException(
        ExportErrorKind.UnsafeServerUrl,
        $"The server sent a URL that cannot be requested: {_refusal}. Nothing was sent to it. Ask the server administrator to correct it.")
    {
        Subject = ToString(),
    };

    /// <summary>Gets the URL without its query.</summary>
    public string Place => PlaceOf(Text);

    /// <summary>Gets the last segment of the path, without a slash; empty if there is none.</summary>
    public string LastSegment
    {
        get
        {
            string place = Place.TrimEnd('/');
            return place[(place.LastIndexOf('/') + 1)..];
        }
    }

    /// <summary>Returns the URL of a text that should be absolute. It never throws: a text that is not a URL is a <see cref="ServerUrl"/> that is not usable.</summary>
    public static ServerUrl Of(string text) => Refusal(text) is { } refusal ? new(text, null, refusal) : Create(text, UrlReference.Parse(text.Trim(' ')));

    /// <summary>Returns the URL of a request.</summary>
    public static ServerUrl Of(Uri uri) => Of(uri.AbsoluteUri);

    /// <summary>Returns a URL without query and fragment, as text: what names a file when each answer signs its URL again.</summary>
    public static string PlaceOf(string url) => url.AsSpan().IndexOfAny('?', '#') is var end and >= 0 ? url[..end] : url;

    /// <summary>Returns the URL that an absolute or relative reference means when it is read at this URL (RFC 3986, 5.2). It never throws.</summary>
    public ServerUrl Resolve(string reference)
    {
        if (Refusal(reference) is { } refusal)
        {
            return new(reference, null, refusal);
        }

        UrlReference parsed = UrlReference.Parse(reference.Trim(' '));
        return Create(reference, _uri is null ? parsed : UrlReference.Parse(Text).Resolve(parsed));
    }

    /// <summary>Returns the same place by https at a port.</summary>
    public ServerUrl OverTls(int port) => Of($"https://{Uri.Host}:{port}{Uri.PathAndQuery}");

    public bool Equals(ServerUrl? other) => other is not null && Text == other.Text && IsUsable == other.IsUsable;

    public override bool Equals(object? obj) => Equals(obj as ServerUrl);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>Returns the URL without query and patient.</summary>
    public override string ToString() => _uri is null ? ShownUri.OfText(Text) : ShownUri.Of(_uri);

    /// <summary>Returns why a text cannot be part of a request, whatever it means; null if it can.</summary>
    private static string? Refusal(string text)
    {
        if (text.Length > MaxCharacters)
        {
            return TooLong;
        }

        for (int i = text.AsSpan().IndexOfAnyExceptInRange(' ', '~') is var odd and >= 0 ? odd : text.Length; i < text.Length; i++)
        {
            // Half a surrogate pair has no UTF-8 form, and U+FFFD is what is left of bytes that were not text; a control character or line separator could end the request line, or a line of a log.
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(text[i]);
            if (category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                return $"it contains the control character U+{(int)text[i]:X4}";
            }

            if (text[i] == '\uFFFD' || (category == UnicodeCategory.Surrogate && !(char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[++i]))))
            {
                return "it is not valid Unicode";
            }
        }

        return null;
    }

    private static string TooLong => $"it is longer than {MaxCharacters} characters";

    private static ServerUrl Create(string received, UrlReference parts)
    {
        switch (parts.Scheme)
        {
            case null:
                return new(received, null, "it is not absolute");
            case "https" or "http":
                return CreateHttp(received, parts);
            default:
                // Never requested: what it names is storage of another kind.
                string text = $"{parts.Scheme}:{(parts.Authority is null ? "" : $"//{parts.Authority}")}{parts.Path}{parts.Query}";
                return Uri.TryCreate(text, UriKind.Absolute, out Uri? foreign) && foreign.Scheme is not ("https" or "http")
                    ? new(foreign.AbsoluteUri, foreign, null)
                    : new(received, null, "it is not a valid URL");
        }
    }

    private static ServerUrl CreateHttp(string received, UrlReference parts)
    {
        string authority = parts.Authority ?? "";

        // Browsers end the host at a backslash, RFC 3986 has none: nobody can say which host is meant.
        string host = authority.Contains('\\', StringComparison.Ordinal) ? "" : authority[(authority.IndexOf('@') + 1)..];
        string target = Encoded(parts.Path.Length == 0 ? "/" : parts.Path) + (parts.Query is null ? "" : Encoded(parts.Query));
        if (target.Length + host.Length > MaxCharacters)
        {
            return new(received, null, TooLong);
        }

        return Host(parts.Scheme!, host) is { } ascii
            && Uri.TryCreate($"{parts.Scheme}://{ascii}{target}", s_asReceived, out Uri? uri)
            && uri.PathAndQuery == target
            && uri.UserInfo.Length == 0
            && uri.Scheme == parts.Scheme
                ? new(uri.AbsoluteUri, uri, null)
                : new(received, null, "it has no valid host");
    }

    /// <summary>Returns host and port in ASCII, otherwise as written; null if they are not valid.</summary>
    private static string? Host(string scheme, string host)
    {
        if (host.Length == 0 || host.AsSpan().IndexOfAny("@% ") >= 0)
        {
            return null;
        }

        if (Ascii.IsValid(host))
        {
            return host;
        }

        try
        {
            return Uri.TryCreate($"{scheme}://{host}/", UriKind.Absolute, out Uri? uri) && Ascii.IsValid(uri.IdnHost) && uri.PathAndQuery == "/"
                ? $"{uri.IdnHost}:{uri.Port}"
                : null;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }

    /// <summary>Percent-encodes spaces and non-ASCII characters, and nothing else.</summary>
    private static string Encoded(string text)
    {
        if (Ascii.IsValid(text) && !text.Contains(' ', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder encoded = new(text.Length * 2);
        foreach (byte unit in Encoding.UTF8.GetBytes(text))
        {
            _ = unit is > (byte)' ' and < 0x80 ? encoded.Append((char)unit) : encoded.Append(CultureInfo.InvariantCulture, $"%{unit:X2}");
        }

        return encoded.ToString();
    }
}
