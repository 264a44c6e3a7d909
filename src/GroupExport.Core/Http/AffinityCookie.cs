using System.Globalization;

namespace GroupExport.Http;

/// <summary>Represents a cookie of one origin, such as those by which load balancers find the node that knows a job (RFC 6265).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, as it came.</param>
/// <param name="Path">The path at or below which it is sent.</param>
/// <param name="IsSecure">Whether it is sent over https only.</param>
/// <param name="Expires">When it ends; null if it lives as long as the connection.</param>
internal sealed record AffinityCookie(string Name, string Value, string Path, bool IsSecure, DateTimeOffset? Expires)
{
    /// <summary>Gets the size that counts towards the limit of an origin, in characters.</summary>
    public int Size => Name.Length + Value.Length;

    /// <summary>Parses a <c>Set-Cookie</c> header by RFC 6265, 5.2; null if it is not a valid one. <c>Domain</c> is ignored: a cookie goes back to where it came from, and nowhere else.</summary>
    /// <param name="text">The value of the header.</param>
    /// <param name="from">The URL that was requested.</param>
    /// <param name="now">The present of this machine.</param>
    /// <param name="serverNow">The present of the server, from which <c>Expires</c> counts.</param>
    public static AffinityCookie? Parse(string text, Uri from, DateTimeOffset now, DateTimeOffset serverNow)
    {
        string[] parts = text.Split(';');
        (string name, string value) = Pair(parts[0]);
        if (name.Length == 0 || !parts[0].Contains('=', StringComparison.Ordinal) || text.Any(char.IsControl) || !text.All(char.IsAscii))
        {
            return null;
        }

        AffinityCookie cookie = new(name, value, DefaultPath(from), IsSecure: false, Expires: null);
        TimeSpan? maxAge = null;
        foreach ((string attribute, string given) in parts.Skip(1).Select(Pair))
        {
            switch (attribute.ToUpperInvariant())
            {
                case "PATH":
                    cookie = cookie with { Path = given.StartsWith('/') ? given : DefaultPath(from) };
                    break;
                case "SECURE":
                    cookie = cookie with { IsSecure = true };
                    break;
                case "MAX-AGE" when long.TryParse(given, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds):
                    maxAge = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, (long)TimeSpan.FromDays(400).TotalSeconds));
                    break;
                case "EXPIRES" when DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date):
                    cookie = cookie with { Expires = date <= serverNow ? now : Later(now, date - serverNow) };
                    break;
            }
        }

        return maxAge is { } age ? cookie with { Expires = now + age } : cookie;
    }

    /// <summary>Determines whether the cookie goes with a request for a URL of its origin.</summary>
    public bool GoesTo(Uri uri, DateTimeOffset now) =>
        !IsOver(now) && (!IsSecure || uri.Scheme == Uri.UriSchemeHttps) && Covers(uri.AbsolutePath);

    /// <summary>Determines whether the cookie has expired.</summary>
    public bool IsOver(DateTimeOffset now) => Expires <= now;

    private bool Covers(string path) =>
        path.StartsWith(Path, StringComparison.Ordinal) && (path.Length == Path.Length || Path.EndsWith('/') || path[Path.Length] == '/');

    private static DateTimeOffset Later(DateTimeOffset now, TimeSpan time) => time < DateTimeOffset.MaxValue - now ? now + time : DateTimeOffset.MaxValue;

    private static (string Name, string Value) Pair(string part)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (part.Trim(), "") : (part[..equals].Trim(), part[(equals + 1)..].Trim());
    }

    private static string DefaultPath(Uri from)
    {
        string path = from.AbsolutePath;
        int end = path.LastIndexOf('/');
        return end <= 0 ? "/" : path[..end];
    }
}
