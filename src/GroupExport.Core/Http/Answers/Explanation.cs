using GroupExport.Fhir;

namespace GroupExport.Http;

/// <summary>Represents what a body says of the request that it answers, as it came: not masked, not bounded.</summary>
/// <param name="Form">The form in which it says so.</param>
internal sealed record Explanation(AnswerForm Form)
{
    /// <summary>Gets the issues that are machine-readable.</summary>
    public IReadOnlyList<OutcomeIssue> Issues { get; init; } = [];

    /// <summary>Gets the readable words of a body without issues: a message, the title of a page, the first line of a text; null when there are none.</summary>
    public string? Words { get; init; }

    /// <summary>Gets the type of the FHIR resource that the body is, or null.</summary>
    public string? ResourceType { get; init; }

    /// <summary>Gets the ids of the Redox dashboard.</summary>
    public IReadOnlyList<string> LogIds { get; init; } = [];

    /// <summary>Returns what a body says.</summary>
    public static Explanation Of(WireBody body)
    {
        if (body.Unreadable is not null)
        {
            return new Explanation(AnswerForm.Unreadable) { Words = body.Unreadable };
        }

        if (body.IsEmpty)
        {
            return new Explanation(AnswerForm.None);
        }

        if (body.IsPage)
        {
            return PlainExplanations.OfPage(body.Text);
        }

        return JsonExplanations.Of(body) ?? XmlExplanations.Of(body) ?? PlainExplanations.OfText(body.Text);
    }
}
