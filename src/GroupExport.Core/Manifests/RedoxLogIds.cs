using System.Text.Json;

namespace GroupExport.Manifests;

/// <summary>The <c>Meta.Logs[].ID</c> of a Redox answer: what Redox support asks for.</summary>
internal static class RedoxLogIds
{
    public static IReadOnlyList<string> Of(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object ||
            !root.TryGetProperty("Meta", out JsonElement meta) || meta.ValueKind != JsonValueKind.Object ||
            !meta.TryGetProperty("Logs", out JsonElement logs) || logs.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        return [.. logs.EnumerateArray().Select(Id).OfType<string>()];
    }

    private static string? Id(JsonElement log) =>
        log.ValueKind == JsonValueKind.Object && log.TryGetProperty("ID", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
}
