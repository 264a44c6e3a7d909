using System.Net;
using System.Text.RegularExpressions;

namespace GroupExport.Http;

/// <summary>Finds the words worth showing in bodies that are meant for people: the title of a web page, the first telling line of a text.</summary>
/// <remarks>No one knows what such bodies echo. So no more than a line is shown, and none that looks like a header, a token or a stack frame.</remarks>
internal static partial class PlainExplanations
{
    private const int MaxTitleSearch = 64 * 1024;

    private static readonly string[] s_headers =
    [
        "accept", "authorization", "connection", "cookie", "date", "etag", "expect", "expires", "forwarded", "from", "host", "location", "origin", "pragma",
        "prefer", "range", "referer", "server", "trailer", "upgrade", "vary", "via",
    ];

    /// <summary>Returns the title of a web page.</summary>
    public static Explanation OfPage(string html)
    {
        Match title = Title().Match(html.Length <= MaxTitleSearch ? html : html[..MaxTitleSearch]);
        string text = title.Success ? WebUtility.HtmlDecode(title.Groups[1].Value).Trim() : "";
        return new Explanation(AnswerForm.Page) { Words = text.Length > 0 ? text : null };
    }

    /// <summary>Returns the first line that may be shown.</summary>
    public static Explanation OfText(string text) =>
        new(AnswerForm.Text) { Words = text.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && !IsHeader(line) && !HoldsToken(line) && !StackFrame().IsMatch(line)) };

    /// <summary>Determines whether a line is a header field: a known name or one with a hyphen, and a colon.</summary>
    private static bool IsHeader(string line) => HeaderField().Match(line) is { Success: true } field
        && (field.Groups[1].Value.Contains('-', StringComparison.Ordinal) || s_headers.Contains(field.Groups[1].Value.ToLowerInvariant()));

    /// <summary>Determines whether a line has a run of characters that no sentence has: long, without a blank, letters and digits mixed.</summary>
    private static bool HoldsToken(string line) => Bearer().IsMatch(line) || Run().Matches(line).Any(run => run.Value.Any(char.IsAsciiDigit) && run.Value.Any(char.IsAsciiLetter));

    [GeneratedRegex("<title[^>]*>(.*?)</title", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Title();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9\-]*)\s*:")]
    private static partial Regex HeaderField();

    [GeneratedRegex(@"\b(Bearer|Basic)\s+\S{8,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Bearer();

    [GeneratedRegex(@"[A-Za-z0-9+/_=%~.\-]{40,}")]
    private static partial Regex Run();

    [GeneratedRegex(@"^(at\s+\S+[.(]|File "".*"", line|Traceback|--- End of|Caused by:|\.\.\. \d+ more)|\.(java|cs|py|js|go|rb|kt|scala):\d+")]
    private static partial Regex StackFrame();
}
