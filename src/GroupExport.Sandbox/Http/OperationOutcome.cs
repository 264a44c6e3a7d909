using System.Text.Json;

namespace GroupExport.Sandbox.Http;

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Code">From http://hl7.org/fhir/R4/valueset-issue-type.html.</param>
/// <param name="Field">The parameter, header or JSON field; null when the request as a whole is meant.</param>
/// <param name="Diagnostics">A sentence that names the field.</param>
internal sealed record Issue(string Code, string? Field, string Diagnostics);

/// <summary>Answers that carry an OperationOutcome (http://hl7.org/fhir/R4/operationoutcome.html).</summary>
internal static class OperationOutcome
{
    public static Reply Error(int status, params IReadOnlyList<Issue> issues) => Write(status, "error", issues);

    public static Reply Error(int status, string code, string diagnostics) => Error(status, new Issue(code, null, diagnostics));

    public static Reply Information(int status, string diagnostics) => Write(status, "information", [new Issue("informational", null, diagnostics)]);

    public static Reply NotFound(string diagnostics) => Error(404, "not-found", diagnostics);

    public static Reply MethodNotAllowed(string method, string allow) =>
        Error(405, "not-supported", $"{method} is not possible here, only {allow}.").With("Allow", allow);

    /// <summary>The resource alone.</summary>
    public static ReadOnlyMemory<byte> Json(string severity, IReadOnlyList<Issue> issues) => JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "OperationOutcome"u8);
        json.WriteStartArray("issue"u8);
        foreach (var issue in issues)
        {
            WriteIssue(json, severity, issue);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Reply Write(int status, string severity, IReadOnlyList<Issue> issues) => Reply.WithJson(status, Reply.FhirJson, Json(severity, issues));

    private static void WriteIssue(Utf8JsonWriter json, string severity, Issue issue)
    {
        json.WriteStartObject();
        json.WriteString("severity"u8, severity);
        json.WriteString("code"u8, issue.Code);
        json.WriteString("diagnostics"u8, issue.Diagnostics);
        if (issue.Field is not null)
        {
            json.WriteStartArray("expression"u8);
            json.WriteStringValue(issue.Field);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
