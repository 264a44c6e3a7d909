using System.Globalization;
using System.Text;
using System.Text.Json;
using GroupExport.Ndjson;

namespace GroupExport.Import;

/// <summary>Names a place in a line by its members, such as <c>component[0].valueQuantity.value</c>.</summary>
/// <remarks>What isn't written like the name of a FHIR element can be anything that someone put there, and is shown as <c>?</c>.</remarks>
internal static class MemberPath
{
    private const int MaxNameChars = 64;
    private const string Whole = "the resource itself";

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = Nesting.MaxDepth };

    /// <summary>Returns the place of the token that begins at a position, or of the last one before it.</summary>
    public static string Of(ReadOnlySpan<byte> line, long position)
    {
        List<Level> levels = [];
        Utf8JsonReader reader = new(line, s_options);
        try
        {
            while (reader.Read() && reader.TokenStartIndex <= position)
            {
                Take(ref reader, levels);
            }
        }
        catch (JsonException)
        {
            // The place is in what could be read.
        }

        StringBuilder path = new();
        foreach (Level level in levels)
        {
            _ = level.IsArray && level.Index >= 0 ? path.Append(CultureInfo.InvariantCulture, $"[{level.Index}]")
                : level.Name is { } name ? path.Append(path.Length > 0 ? "." : "").Append(name) : path;
        }

        return path.Length > 0 ? path.ToString() : Whole;
    }

    /// <summary>Returns a path that the FHIR library gives, as far as it can be shown; null when it can't.</summary>
    public static string? Shown(string? path) => path is { Length: > 0 } && path.Split('.').All(part => IsName(part.Split('[')[0])) ? path : null;

    private static void Take(ref Utf8JsonReader reader, List<Level> levels)
    {
        if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
        {
            levels.RemoveAt(levels.Count - 1);
            return;
        }

        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.ValueSpan.Length <= MaxNameChars ? Encoding.UTF8.GetString(reader.ValueSpan) : "";
            levels[^1] = levels[^1] with { Name = IsName(name) ? name : "?" };
            return;
        }

        if (levels.Count > 0 && levels[^1].IsArray)
        {
            levels[^1] = levels[^1] with { Index = levels[^1].Index + 1 };
        }

        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            levels.Add(new Level(reader.TokenType == JsonTokenType.StartArray, -1, null));
        }
    }

    private static bool IsName(string name) => name.Length is > 0 and <= MaxNameChars && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && !char.IsAsciiDigit(name[0]);

    private sealed record Level(bool IsArray, int Index, string? Name);
}
