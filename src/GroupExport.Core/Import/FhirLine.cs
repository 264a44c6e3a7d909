using System.Text;
using System.Text.Json;
using GroupExport.Ndjson;

namespace GroupExport.Import;

/// <summary>Looks at a line for what the FHIR library would change or lose without saying so, or what makes it fail with a bare exception.</summary>
internal static class FhirLine
{
    private const int MaxLiteralChars = 60;

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = Nesting.MaxDepth };

    /// <summary>Returns what is wrong with a line that is valid JSON; null when the library can hold it, as far as can be told.</summary>
    /// <remarks>
    /// The library keeps a number as System.Decimal: 1E-245 becomes 0, digits beyond 28 go, and what is too large becomes a string. So only numbers
    /// that a decimal holds with all their digits pass; of a negative zero the sign is lost, of an exponent the notation.
    /// </remarks>
    public static string? Read(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader reader = new(line, s_options);
        bool holdsResource = false;
        JsonTokenType before = JsonTokenType.None;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Number when !JsonNumber.IsHeldByDecimal(reader.ValueSpan):
                    return ImportFaults.NumberLost(Literal(reader.ValueSpan), MemberPath.Of(line, reader.TokenStartIndex));
                case JsonTokenType.PropertyName when reader.ValueSpan.IsEmpty:
                    return $"{ImportFaults.NamelessForFhir} at {MemberPath.Of(line, reader.TokenStartIndex)}";
                case JsonTokenType.StartArray when before == JsonTokenType.StartArray:
                    return $"{ImportFaults.ArrayInArray} at {MemberPath.Of(line, reader.TokenStartIndex)}";
                case JsonTokenType.PropertyName:
                    holdsResource = reader.ValueTextEquals("contained"u8);
                    break;
                case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when holdsResource:
                    return $"{ImportFaults.NoResource} at {MemberPath.Of(line, reader.TokenStartIndex)}";
                case JsonTokenType.StartArray:
                    break;
                default:
                    holdsResource = false;
                    break;
            }

            before = reader.TokenType;
        }

        return null;
    }

    private static string Literal(ReadOnlySpan<byte> number) =>
        number.Length <= MaxLiteralChars ? Encoding.ASCII.GetString(number) : $"{Encoding.ASCII.GetString(number[..MaxLiteralChars])}…";
}
