using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using GroupExport.Http;
using GroupExport.Json;
using GroupExport.Manifests;

namespace GroupExport.Jobs;

/// <summary>Specifies what the body of the answer to a status request is.</summary>
internal enum StatusBody
{
    /// <summary>Nothing, and the answer is complete.</summary>
    Empty,

    /// <summary>A body whose end is missing, or one without any sign that it is complete.</summary>
    Incomplete,

    /// <summary>A manifest.</summary>
    Manifest,

    /// <summary>An explanation that machines read: OperationOutcome, problem details or Redox errors.</summary>
    Explanation,

    /// <summary>JSON whose own <c>status</c> or <c>jobStatus</c> says that the job runs.</summary>
    Running,

    /// <summary>Other JSON, or another FHIR resource.</summary>
    Foreign,

    /// <summary>Text, or a message in a form of its own.</summary>
    Text,

    /// <summary>A web page.</summary>
    Page,

    /// <summary>A body that cannot be used, however often it is requested: UTF-16, binary, too large, or nested too deep.</summary>
    Unusable,
}

/// <summary>Represents one answer to a status request, read as far as the decision needs it.</summary>
/// <param name="StatusCode">The status that counts: of the export where the server separates it, of the destination in a Redox error, else of the answer.</param>
/// <param name="Body">What the body is.</param>
/// <param name="Answer">The server's explanation.</param>
internal sealed record StatusReading(int StatusCode, StatusBody Body, ServerAnswer Answer)
{
    /// <summary>The status of an error inside a 200 that names none.</summary>
    private const int Refused = 400;

    private const int MaxMembers = 10;

    /// <summary>Gets a value indicating whether the request succeeded and the server states apart from it that the export did not (Bulk Data Access 3, <c>separate-export-status</c>).</summary>
    public bool IsSeparateFailure { get; init; }

    /// <summary>Gets a value indicating whether the status is that of the destination, which Redox reports.</summary>
    public bool IsOfDestination => Answer.DestinationStatusCode == StatusCode;

    /// <summary>Gets the body; null when it did not arrive.</summary>
    public WireBody? Content { get; init; }

    /// <summary>Gets what is wrong with the body, or what came instead of a manifest, for a sentence; null when there is nothing to say.</summary>
    public string? Detail { get; init; }

    /// <summary>Reads an answer. A body that does not arrive is part of the reading.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="mask">Replaces in the server's message what must not be shown.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<StatusReading> ReadAsync(HttpResponseMessage response, Func<string, string> mask, CancellationToken cancellationToken)
    {
        int code = ExportCode(response);
        WireBody body;
        try
        {
            body = await WireBody.ReadAsync(response, code is 200 or 202 ? ManifestWalk.MaxBytes : ServerAnswer.MaxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (TransientFault.IsTransient(exception))
        {
            return new StatusReading(code, StatusBody.Incomplete, ServerAnswer.Of(response, null, mask)) { Detail = TransientFault.Describe(exception) };
        }

        StatusReading reading = Of(response, body, mask) with { Content = body };
        bool isSeparate = response.StatusCode == HttpStatusCode.OK && code is not (200 or 202);
        return isSeparate
            ? reading with { StatusCode = code, Answer = reading.Answer with { StatusCode = code }, IsSeparateFailure = true }
            : reading with { StatusCode = code is 200 && reading.Answer.IsRefusal ? reading.Answer.DestinationStatusCode ?? Refused : code };
    }

    /// <summary>Reads a page of a manifest after the first.</summary>
    /// <exception cref="IOException">The page did not arrive whole.</exception>
    /// <exception cref="TimeoutException">The page did not arrive in time.</exception>
    public static async Task<StatusReading> OfPageAsync(HttpResponseMessage response, Func<string, string> mask, CancellationToken cancellationToken)
    {
        WireBody body = await WireBody.ReadAsync(response, ManifestWalk.MaxBytes, cancellationToken).ConfigureAwait(false);
        return Of(response, body, mask) with { Content = body };
    }

    private static StatusReading Of(HttpResponseMessage response, WireBody body, Func<string, string> mask)
    {
        int code = (int)response.StatusCode;
        using JsonDocument? json = body.ParseJson(out string? fault);
        if (json is { RootElement: JsonElement root } && ManifestReader.IsManifest(root) && !root.Member("Meta").Items("Errors").Any())
        {
            return new StatusReading(code, StatusBody.Manifest, ServerAnswer.Of(response, null, mask));
        }

        ServerAnswer answer = ServerAnswer.Of(response, body, mask);
        if (body.Unreadable is not null || body.IsCut || (json is null && LenientJson.IsTooDeep(body.Utf8.Span)))
        {
            return new StatusReading(code, StatusBody.Unusable, answer) { Detail = fault };
        }

        string? state = json is null ? null : JobState.Find(json.RootElement);
        return new StatusReading(code, Kind(response, answer, state), answer) { Detail = json is null ? Came(answer) : Came(json.RootElement, state, answer, mask) };
    }

    private static StatusBody Kind(HttpResponseMessage response, ServerAnswer answer, string? state) => answer.Form switch
    {
        AnswerForm.None => IsComplete(response) ? StatusBody.Empty : StatusBody.Incomplete,
        AnswerForm.Page => StatusBody.Page,
        AnswerForm.Outcome or AnswerForm.Problem or AnswerForm.Redox => StatusBody.Explanation,
        _ when JobState.IsRunning(state) => StatusBody.Running,
        AnswerForm.Resource or AnswerForm.Json => StatusBody.Foreign,
        AnswerForm.Message or AnswerForm.OAuth when answer.StatusCode == 200 => StatusBody.Foreign,
        _ => StatusBody.Text,
    };

    /// <summary>Determines whether the end of an empty body was received: a closed connection alone does not tell (RFC 9112, 8).</summary>
    private static bool IsComplete(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.NoContent
        || response.Content.Headers.ContentLength is not null
        || response.Headers.TransferEncodingChunked == true
        || response.Version.Major >= 2;

    private static string? Came(ServerAnswer answer) => answer.ResourceType is { } type ? $"{Article(type)} {type} resource in XML" : null;

    private static string Came(JsonElement root, string? state, ServerAnswer answer, Func<string, string> mask)
    {
        string what = root.ValueKind switch
        {
            JsonValueKind.Object when answer.ResourceType is { } type => $"{Article(type)} {type} resource",
            JsonValueKind.Object when root.EnumerateObject().Any() => $"JSON with {string.Join(", ", root.EnumerateObject().Take(MaxMembers).Select(member => ShownText.Of(member.Name, mask, 40)))}",
            JsonValueKind.Object => "an empty JSON object",
            JsonValueKind.Array => "a JSON array",
            JsonValueKind.Null => "JSON null",
            _ => "a JSON value",
        };
        string message = (answer.Message ?? answer.Words) is { } words ? $": {words}" : "";
        return $"{what}{(state is null ? "" : $" (job status {ShownText.Of(state, mask, 40)})")}{message}";
    }

    private static string Article(string noun) => noun.Length > 0 && "AEIOU".Contains(noun[0], StringComparison.OrdinalIgnoreCase) ? "an" : "a";

    /// <summary>Returns the state of the export as an HTTP status: from its own header where the server separates it (Bulk Data Access 3, <c>separate-export-status</c>).</summary>
    private static int ExportCode(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.OK
        && response.Headers.NonValidated.TryGetValues("X-Export-Status", out HeaderStringValues values)
        && int.TryParse(values.First().Trim().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? code
            : (int)response.StatusCode;
}
