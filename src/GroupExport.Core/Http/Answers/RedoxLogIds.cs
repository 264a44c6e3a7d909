using System.Text.Json;
using GroupExport.Json;

namespace GroupExport.Http;

/// <summary>The <c>Meta.Logs[].ID</c> of a Redox answer, and the <c>Meta.Message.ID</c> of its older form: what Redox support asks for.</summary>
internal static class RedoxLogIds
{
    private const int MaxIds = 20;
    private const int MaxChars = 100;

    /// <summary>Returns the ids; empty when the JSON is not of Redox.</summary>
    public static IReadOnlyList<string> Of(JsonElement root)
    {
        JsonElement meta = root.Member("Meta");
        IEnumerable<string?> message = [meta.Member("Message").Text("ID") ?? meta.Member("Message").Count("ID")?.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        return [.. meta.Items("Logs").Select(log => log.Text("ID")).Concat(message).OfType<string>().Where(IsId).Distinct().Take(MaxIds)];
    }

    /// <summary>Ids end up in errors, job files and logs.</summary>
    private static bool IsId(string text) => text.Length <= MaxChars && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or ':');
}
