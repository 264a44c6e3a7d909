using System.Text;
using System.Text.Json.Nodes;

namespace GroupExport.Tests.Server;

/// <summary>A request exactly as it arrived: the target is the text of the request line, nothing decoded.</summary>
internal sealed record Arrival(string Verb, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    public string Path => Target.Split('?')[0];

    /// <summary>The query without its question mark; empty when there is none.</summary>
    public string Query => Target.Contains('?') ? Target[(Target.IndexOf('?') + 1)..] : "";

    public string BodyText => Encoding.UTF8.GetString(Body);

    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();

    /// <summary>The values of a header; empty when it did not arrive.</summary>
    public string[] Values(string name) =>
        [.. Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value)];

    /// <summary>The one value of a header, or null.</summary>
    public string? Header(string name) => Values(name).SingleOrDefault();
}
