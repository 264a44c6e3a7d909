using System.Net;
using System.Text;
using GroupExport.Fhir;

namespace GroupExport.Http;

/// <summary>Represents what a server says of a request that it did not do, or not as expected: the one reading of a refusal, in every phase.</summary>
/// <param name="StatusCode">The HTTP status code.</param>
/// <param name="Form">The form in which the server explains itself.</param>
/// <param name="Issues">The machine-readable reasons, their texts masked and bounded.</param>
internal sealed record ServerAnswer(int StatusCode, AnswerForm Form, IReadOnlyList<OutcomeIssue> Issues)
{
    /// <summary>The size at which a body that is not a manifest is cut off.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const int MaxIssues = 20;
    private const int MaxChars = 1000;
    private const int MaxIssueChars = 500;
    private const int MaxWordsChars = 200;

    /// <summary>Gets the readable words of an answer without issues, masked and bounded; null when there are none.</summary>
    public string? Words { get; init; }

    /// <summary>Gets the type of the FHIR resource that came, or null.</summary>
    public string? ResourceType { get; init; }

    /// <summary>Gets the ids of the answer in the Redox dashboard.</summary>
    public IReadOnlyList<string> LogIds { get; init; } = [];

    /// <summary>Gets the id of the request for the server's support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the id under which the server ties requests together.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Gets its headers that may be shown.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ShownHeaders.None;

    /// <summary>Gets a value indicating whether a web page came, which tells of a proxy and nothing of the job.</summary>
    public bool IsPage => Form == AnswerForm.Page;

    /// <summary>Gets a value indicating whether the server itself explains the answer in a form that machines read.</summary>
    public bool IsOutcome => Form is AnswerForm.Outcome or AnswerForm.Problem or AnswerForm.OAuth or AnswerForm.Redox;

    /// <summary>Gets a value indicating whether the server says that it did not do what was asked, whatever the status code.</summary>
    public bool IsRefusal => Form == AnswerForm.Redox || (Form == AnswerForm.Outcome && Issues.Any(issue => issue.IsProblem));

    /// <summary>Gets a value indicating whether the server itself says that the same request may succeed later.</summary>
    /// <remarks>A Redox error without a destination status means that the way to the destination broke, unless Redox itself rejects the request (4xx).</remarks>
    public bool SaysTransient => Issues.Any(issue => issue.IsTransient)
        && (Form != AnswerForm.Redox || DestinationStatusCode is not null || StatusCode is < 400 or >= 500);

    /// <summary>Gets the HTTP status of the destination that Redox reports; null when it reports none.</summary>
    public int? DestinationStatusCode => Issues.Select(issue => issue.DestinationStatusCode).FirstOrDefault(code => code is not null);

    /// <summary>Reads an answer. It never fails for the sake of the body: the status has been said, whatever became of the explanation.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="mask">Replaces in the server's words what may not be shown.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<ServerAnswer> ReadAsync(HttpResponseMessage response, Func<string, string> mask, CancellationToken cancellationToken)
    {
        try
        {
            return Of(response, await WireBody.ReadAsync(response, MaxBytes, cancellationToken).ConfigureAwait(false), mask);
        }
        catch (Exception exception) when (TransientFault.IsTransient(exception))
        {
            return Of(response, new Explanation(AnswerForm.None), mask);
        }
    }

    /// <summary>Returns the reading of an answer whose body is known already; null for one that did not arrive.</summary>
    public static ServerAnswer Of(HttpResponseMessage response, WireBody? body, Func<string, string> mask) =>
        Of(response, body is null ? new Explanation(AnswerForm.None) : Explanation.Of(body), mask);

    private static ServerAnswer Of(HttpResponseMessage response, Explanation said, Func<string, string> mask)
    {
        RequestIds ids = RequestIds.Of(response);
        return new ServerAnswer((int)response.StatusCode, said.Form, [.. said.Issues.Take(MaxIssues).Select(issue => issue with { Text = ShownText.Of(issue.Text, mask, MaxIssueChars) })])
        {
            Words = said.Words is null ? null : ShownText.Of(said.Words, mask, MaxWordsChars),
            ResourceType = said.ResourceType is null ? null : ShownText.Of(said.ResourceType, mask, 64),
            LogIds = said.LogIds,
            RequestId = ids.Request,
            CorrelationId = ids.Correlation,
            Headers = ShownHeaders.Of(response, mask),
        };
    }

    /// <summary>Gets the server's own words in a line, masked and bounded; null when it said nothing readable.</summary>
    public string? Message => Issues.Count > 0
        ? ShownText.Bounded(string.Join("; ", Issues.Select(issue => issue.Text).Distinct()), MaxChars)
        : Form is AnswerForm.Message or AnswerForm.Text ? Words : null;

    /// <summary>Returns status, words and log ids, for the end of a sentence.</summary>
    public override string ToString()
    {
        StringBuilder text = new($"HTTP {StatusCode}");
        if (Enum.IsDefined((HttpStatusCode)StatusCode))
        {
            text.Append(' ').Append((HttpStatusCode)StatusCode);
        }

        if (IsPage)
        {
            text.Append(Words is null ? ", a web page such as a proxy's" : $", a web page titled '{Words}'");
        }
        else if (Form == AnswerForm.Unreadable)
        {
            text.Append(", with a body that is not readable: ").Append(Words);
        }

        if (Message is { } message)
        {
            text.Append(": ").Append(message);
        }

        if (LogIds.Count > 0)
        {
            text.Append(", Redox log ").AppendJoin(", ", LogIds);
        }

        return text.ToString();
    }

    /// <summary>Returns the failure that the answer is.</summary>
    public ExportException ToFailure(ExportErrorKind kind, string message, object? subject) => new(kind, message)
    {
        Subject = subject,
        StatusCode = StatusCode,
        RequestId = RequestId,
        CorrelationId = CorrelationId,
        RedoxLogIds = LogIds,
        ServerMessage = Message,
        AnswerHeaders = Headers,
    };
}
