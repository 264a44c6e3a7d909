using System.Text.Json;

namespace GroupExport.Tests.Sandbox;

/// <summary>Reads OperationOutcomes.</summary>
internal static class Outcomes
{
    public static async Task<IReadOnlyList<JsonElement>> Issues(HttpResponseMessage answer)
    {
        Assert.Equal("application/fhir+json", answer.Content.Headers.ContentType?.MediaType);
        var root = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("OperationOutcome", root.GetProperty("resourceType").GetString());
        return [.. root.GetProperty("issue").EnumerateArray()];
    }

    public static async Task<JsonElement> SingleIssue(HttpResponseMessage answer)
    {
        var issue = Assert.Single(await Issues(answer));
        Assert.Equal("error", issue.GetProperty("severity").GetString());
        return issue;
    }
}
