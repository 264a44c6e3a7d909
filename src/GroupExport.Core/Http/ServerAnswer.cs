using System.Net;
using System.Text;
using GroupExport.Fhir;

namespace GroupExport.Http;

/// <summary>What a server says when it does not say yes: status, request id and the issues of its OperationOutcome, if it sent one.</summary>
internal sealed record ServerAnswer(int StatusCode, string? RequestId, IReadOnlyList<OutcomeIssue> Issues, bool IsOutcome)
{
    /// <summary>Whether a web page came instead, which tells of a proxy and nothing of the job.</summary>
    public bool IsPage { get; init; }

    /// <summary>The id under which the server ties requests together.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Its headers that may be shown.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ShownHeaders.None;

    private const int MostBytes = 256 * 1024;
    private const int MostCharacters = 1000;

    /// <summary>Reads an answer; a body that is no OperationOutcome (a proxy's page) is not shown, because nobody knows what it echoes.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="mask">Takes out of the server's words what may not be shown.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<ServerAnswer> ReadAsync(HttpResponseMessage response, Func<string, string> mask, CancellationToken cancellationToken)
    {
        IReadOnlyList<OutcomeIssue> issues = [];
        if (response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true)
        {
            issues = [.. (await ReadIssuesAsync(response, cancellationToken).ConfigureAwait(false)).Select(issue => issue with { Text = mask(issue.Text) })];
        }

        RequestIds ids = RequestIds.Of(response);
        return new ServerAnswer((int)response.StatusCode, ids.Request, issues, issues.Count > 0)
        {
            CorrelationId = ids.Correlation,
            Headers = ShownHeaders.Of(response, mask),
            IsPage = response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml",
        };
    }

    private static async Task<IReadOnlyList<OutcomeIssue>> ReadIssuesAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return FhirJson.ReadIssues(await BoundedText.ReadAsync(response, MostBytes, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception fault) when (TransientFault.IsTransient(fault))
        {
            // The status has been said, whatever became of the explanation.
            return [];
        }
    }

    /// <summary>Whether the server itself says that asking again may help (issue code <c>transient</c>).</summary>
    public bool SaysTransient => Issues.Any(issue => issue.Code == "transient");

    /// <summary>The server's own words in a line, masked; null when it said nothing readable.</summary>
    public string? Message
    {
        get
        {
            if (!IsOutcome)
            {
                return null;
            }

            string text = string.Join("; ", Issues.Select(issue => issue.Text));
            return text.Length <= MostCharacters ? text : text[..MostCharacters] + "…";
        }
    }

    /// <summary>Status and words, for the end of a sentence.</summary>
    public override string ToString()
    {
        StringBuilder text = new($"HTTP {StatusCode}");
        if (Enum.IsDefined((HttpStatusCode)StatusCode))
        {
            text.Append(' ').Append((HttpStatusCode)StatusCode);
        }

        if (IsPage)
        {
            text.Append(", a web page such as a proxy's");
        }

        if (Message is { } message)
        {
            text.Append(": ").Append(message);
        }

        return text.ToString();
    }

    /// <summary>Makes a failure of it.</summary>
    public ExportException ToFailure(ExportErrorKind kind, string message, object? subject) => new(kind, message)
    {
        Subject = subject,
        StatusCode = StatusCode,
        RequestId = RequestId,
        CorrelationId = CorrelationId,
        ServerMessage = Message,
        AnswerHeaders = Headers,
    };
}
