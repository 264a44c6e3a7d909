using System.Text;

namespace GroupExport.Tests.Import;

/// <summary>Random JSON objects as text, and damage to them.</summary>
internal static class RandomJson
{
    private static readonly string[] s_names = ["id", "meta", "näme", "value\\u0041", "resource", "a\\\"b", "extension", "x", "resourceTypes", "😀"];
    private static readonly string[] s_pieces = ["a", "Smith", " ", "é", "€", "😀", "\\n", "\\\\", "\\\"", "\\/", "\\b\\f\\r\\t", "\\u00e4", "\\uD83D\\uDE00", "{", "}", "[", ":", ","];
    private static readonly string[] s_scalars = ["0", "-0", "-1", "1.50", "1e9", "1.0E-2", "9223372036854775807", "12345678901234567890", "3.14159265358979323846", "0.12345678901234567890123456789012", "-0.25E-3", "1e40", "1e-40", "0e0", "true", "false", "null"];
    private static readonly string[] s_snippets = ["\"", "\\", "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "\\u", "\\u00", "t", "null", "\t", "\r", "\u0001", " ", "/"];
    private static readonly string[] s_blanks = ["", "", "", " ", "\t", "  \r"];

    /// <summary>One object with a resourceType somewhere in it.</summary>
    public static string Resource(Random random) => Object(random, 0, "\"resourceType\":\"Patient\"");

    /// <summary>The bytes of a text with something wrong in it, perhaps.</summary>
    public static byte[] Damaged(Random random, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int at = random.Next(bytes.Length);
        return random.Next(4) switch
        {
            0 => [.. bytes[..at], .. bytes[(at + 1)..]],
            1 => bytes[..at],
            2 => [.. bytes[..at], (byte)random.Next(0x80, 0x100), .. bytes[at..]],
            _ => [.. bytes[..at], .. Encoding.UTF8.GetBytes(Pick(random, s_snippets)), .. bytes[at..]],
        };
    }

    private static string Object(Random random, int depth, string first = "")
    {
        IEnumerable<string> members = s_names.Where(_ => random.Next(3) == 0).Select(name => $"\"{name}\"{Blank(random)}:{Blank(random)}{Value(random, depth + 1)}");
        string[] all = [.. first.Length > 0 ? members.Append(first) : members];
        random.Shuffle(all);
        return $"{Blank(random)}{{{Blank(random)}{string.Join(Blank(random) + "," + Blank(random), all)}{Blank(random)}}}{Blank(random)}";
    }

    private static string Value(Random random, int depth) => random.Next(depth > 4 ? 2 : 4) switch
    {
        0 => Pick(random, s_scalars),
        1 => $"\"{string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Pick(random, s_pieces)))}\"",
        2 => $"[{string.Join(",", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth + 1)))}]",
        _ => Object(random, depth),
    };

    private static string Blank(Random random) => Pick(random, s_blanks);

    private static string Pick(Random random, string[] choice) => choice[random.Next(choice.Length)];
}
