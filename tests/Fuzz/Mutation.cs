using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;

namespace GroupExport.Fuzz;

/// <summary>Generates inputs: arbitrary bytes, and real documents changed as damage, other software and attackers change them.</summary>
internal static class Mutation
{
    private const int MaxArbitraryBytes = 400;
    private const int MaxChanges = 6;
    private const int MaxRunBytes = 60;

    /// <summary>What parsers trip over: names, literals, encodings and markup in unexpected places.</summary>
    private static readonly byte[][] s_tokens =
    [
        .. new[]
        {
            "\"\"", "\"\":1,", "null", "true", "-1", "1e400", "1E-245", "9223372036854775807", "99999999999999999999", "0.1e", "[", "]", "{", "}", "{}", "[]", ",", ":", "\"", "\\",
            "\\ud83d", "\\udE00", "\\u0000", "\\u001b[31m", "\\u202e", "\"resourceType\":\"OperationOutcome\",", "\"issue\":{},", "\"issue\":[", "\"contained\":\"x\",", "\"extension\":\"x\",",
            "\"Meta\":{\"Errors\":[1]},", "\"output\":{}", "\"url\":null,", "\"count\":\"x\",", "<", "<html>", "<!DOCTYPE a [", "]]>", "<?xml version=\"1.0\"?>", "\r\n", "\r", "\n", "\t", " ", "\0",
            "%2e%2e/", "../", "//", "\\\\", "http://", "file:///", "?sig=", "#", "@", ";", "=", ", ", "Wed, 21 Oct 2026 07:28:00 GMT", "-----BEGIN PRIVATE KEY-----", "-----END", "sha256:",
        }.Select(Encoding.UTF8.GetBytes),
        [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF, 0x00], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0x1F, 0x8B, 0x08], [0xE2, 0x80, 0xA8],
    ];

    private static readonly string[] s_values =
    [
        "null", "\"\"", "\"x\"", "0", "-1", "1e400", "123456789012345678901234567890", "true", "[]", "{}", "[null]", "[[]]", "{\"\":null}", "[\"x\",1]", "{\"text\":[1]}",
    ];

    /// <summary>Returns inputs for a reader of documents like some seeds.</summary>
    public static Gen<byte[]> Of(IReadOnlyList<byte[]> seeds)
    {
        Gen<byte[]> seed = Gen.Int[0, seeds.Count - 1].Select(index => seeds[index]);
        Gen<byte[]> restructured = Gen.Select(seed, Gen.Select(Gen.Double.Unit, Gen.Int[0, 6], Gen.Int[0, s_values.Length - 1]).Array[1, 3]).Select((document, changes) => changes.Aggregate(document, Restructure));
        return Gen.Frequency(
            (1, Gen.Byte.Array[0, MaxArbitraryBytes]),
            (4, Damaged(seed)),
            (3, restructured),
            (2, Damaged(restructured)));
    }

    private static Gen<byte[]> Damaged(Gen<byte[]> document) =>
        Gen.Select(document, Gen.Select(Gen.Int[0, 6], Gen.Double.Unit, Gen.Int[1, MaxRunBytes], Gen.Int[0, s_tokens.Length - 1]).Array[1, MaxChanges]).Select((bytes, changes) => changes.Aggregate(bytes, Damage));

    private static byte[] Damage(byte[] input, (int Way, double Place, int Length, int Token) change)
    {
        int at = (int)(change.Place * input.Length);
        int end = Math.Min(input.Length, at + change.Length);
        byte[] token = s_tokens[change.Token];
        switch (change.Way)
        {
            case 0 when at < input.Length:
                byte[] flipped = [.. input];
                flipped[at] ^= (byte)(1 << (change.Length % 8));
                return flipped;
            case 1:
                return [.. input[..at], .. input[end..]];
            case 2:
                return [.. input[..end], .. input[at..]];
            case 3:
                return input[..at];
            case 4:
                return [.. input[..at], .. token, .. input[end..]];
            case 5:
                return [.. input[..at], .. Enumerable.Repeat(token, change.Length * 40).SelectMany(bytes => bytes), .. input[at..]];
            default:
                return [.. input[..at], .. token, .. input[at..]];
        }
    }

    /// <summary>Changes one node of a JSON document; a document that is not JSON stays as it is.</summary>
    private static byte[] Restructure(byte[] input, (double Place, int Way, int Value) change)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(input);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return input;
        }

        List<JsonNode> nodes = [];
        Collect(root, nodes);
        if (nodes.Count == 0)
        {
            return input;
        }

        JsonNode node = nodes[(int)(change.Place * nodes.Count)];
        JsonNode? value = JsonNode.Parse(s_values[change.Value]);
        switch (node.Parent)
        {
            case JsonObject parent when change.Way < 3:
                parent[node.GetPropertyName()] = value;
                break;
            case JsonObject parent when change.Way == 3:
                parent.Remove(node.GetPropertyName());
                break;
            case JsonObject parent when change.Way == 4:
                parent[""] = value;
                break;
            case JsonObject parent:
                string name = node.GetPropertyName();
                parent[name] = null;
                parent[name] = change.Way == 5 ? new JsonArray(node.DeepClone()) : new JsonObject { [name] = node.DeepClone() };
                break;
            case JsonArray parent when change.Way < 3:
                parent[node.GetElementIndex()] = value;
                break;
            case JsonArray parent when change.Way == 3:
                parent.RemoveAt(node.GetElementIndex());
                break;
            case JsonArray parent:
                parent.Add(node.DeepClone());
                break;
        }

        return Encoding.UTF8.GetBytes(root!.ToJsonString());
    }

    private static void Collect(JsonNode? node, List<JsonNode> nodes)
    {
        IEnumerable<JsonNode?> below = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (JsonNode child in below.OfType<JsonNode>())
        {
            nodes.Add(child);
            Collect(child, nodes);
        }
    }
}
