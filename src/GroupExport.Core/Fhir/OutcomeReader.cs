using System.Text.Json;
using GroupExport.Json;

namespace GroupExport.Fhir;

/// <summary>Reads the issues of an OperationOutcome as servers write it, whatever is wrong with the rest of the resource.</summary>
/// <remarks>The FHIR library is too strict for this: it refuses a resource for an empty property name or an <c>issue</c> that is an object.</remarks>
internal static class OutcomeReader
{
    /// <summary>The number of issues that are read; servers are seen to list one for each resource.</summary>
    private const int MaxIssues = 10_000;

    private const string Outcome = "OperationOutcome";

    private static readonly string[] s_severities = ["fatal", "error", "warning", "information", "success"];

    /// <summary>Returns the issues of a line of a message file; empty when it is not an OperationOutcome.</summary>
    public static IReadOnlyList<OutcomeIssue> Read(string json)
    {
        try
        {
            using JsonDocument document = LenientJson.Parse(json);
            return document.RootElement.Text("resourceType") == Outcome ? Issues(document.RootElement) : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    /// <summary>
    /// Returns the issues that an answer holds: those of an OperationOutcome, bare or in a Bundle or Parameters resource, or an <c>issue</c> or
    /// <c>issues</c> member without a resource around it. Empty when there are none.
    /// </summary>
    public static IReadOnlyList<OutcomeIssue> Find(JsonElement root) => root.Text("resourceType") switch
    {
        Outcome or null => Issues(root),
        "Bundle" => Nested(root.Items("entry").SelectMany(entry => new[] { entry.Member("resource"), entry.Member("response").Member("outcome") })),
        "Parameters" => Nested(root.Items("parameter").Select(parameter => parameter.Member("resource"))),
        _ => [],
    };

    private static OutcomeIssue[] Nested(IEnumerable<JsonElement> resources) =>
        [.. resources.Where(resource => resource.Text("resourceType") == Outcome).SelectMany(Issues).Take(MaxIssues)];

    private static OutcomeIssue[] Issues(JsonElement outcome) =>
        [.. outcome.Items("issue").Concat(outcome.Items("issues")).Where(item => item.ValueKind == JsonValueKind.Object).Take(MaxIssues).Select(ToIssue)];

    private static OutcomeIssue ToIssue(JsonElement issue)
    {
        string severity = issue.Text("severity")?.ToLowerInvariant() ?? "error";
        JsonElement details = issue.Member("details");
        JsonElement coding = details.Items("coding").FirstOrDefault();
        string? code = issue.Text("code");
        return new OutcomeIssue(
            s_severities.Contains(severity) ? severity : "error",
            code ?? "unknown",
            FirstText(AnyText(details.Member("text")), AnyText(issue.Member("diagnostics")), AnyText(details), coding.Text("display"), AnyText(issue.Member("text")), coding.Text("code"), code));
    }

    /// <summary>Returns a string, or the first string of an array: where one text belongs, generated servers write either.</summary>
    private static string? AnyText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Array => element.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()).FirstOrDefault(),
        _ => null,
    };

    private static string FirstText(params string?[] candidates) =>
        candidates.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text)) ?? "no further details";
}
