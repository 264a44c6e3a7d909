using System.Text.Json.Nodes;
using GroupExport.Disk;

namespace GroupExport.Tests.Files;

/// <summary>Edits what carries a digest of its own content so that the digest is right again: as a faulty module would write it.</summary>
internal static class Sealed
{
    public static void Edit(string path, Action<JsonNode> change)
    {
        JsonNode content = JsonNode.Parse(File.ReadAllText(path))!;
        change(content);
        File.WriteAllText(path, Seal(content));
    }

    public static string Seal(JsonNode content) =>
        System.Text.Encoding.UTF8.GetString(SealedJson.Write(content, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<JsonNode>)System.Text.Json.JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonNode)), indented: true));
}
