using System.Management.Automation;
using System.Text;
using System.Text.Json;
using GroupExport.Import;
using GroupExport.Ndjson;

namespace GroupExport.Resources;

/// <summary>Reads the value of a property with all that is in it, in one pass.</summary>
/// <remarks>Instants stay text, and numbers with a point become decimals: both as FHIR wants them kept.</remarks>
internal ref struct ValueReader
{
    [ThreadStatic]
    private static List<Part>? s_parts;

    private readonly NameTable _names = NameTable.OfThread;

    /// <summary>Properties and elements of what has been begun and not ended; elements have no name.</summary>
    private readonly List<Part> _parts = s_parts ??= [];

    private Utf8JsonReader _reader;

    private ValueReader(ReadOnlySpan<byte> json) => _reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Nesting.MaxDepth });

    /// <param name="json">The value: valid JSON of which objects can be made, by a scan of its line.</param>
    public static object? Read(ReadOnlySpan<byte> json)
    {
        ValueReader value = new(json);
        value._reader.Read();
        try
        {
            return value.Read();
        }
        finally
        {
            value._parts.Clear();
        }
    }

    private object? Read() => _reader.TokenType switch
    {
        JsonTokenType.String => _reader.ValueIsEscaped ? JsonText.Unescape(_reader.ValueSpan) : Encoding.UTF8.GetString(_reader.ValueSpan),
        JsonTokenType.Number => JsonNumber.Read(_reader.ValueSpan),
        JsonTokenType.StartObject => ReadObject(),
        JsonTokenType.StartArray => ReadArray(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => null,
    };

    private PSObject ReadObject()
    {
        int first = _parts.Count;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = _names.Find(_reader.ValueSpan, _reader.ValueIsEscaped).Name;
            _reader.Read();
            _parts.Add(new Part(name, Read()));
        }

        PSObject made = ResourceObjects.WithRoom(_parts.Count - first);
        PSMemberInfoCollection<PSPropertyInfo> properties = made.Properties;
        for (int index = first; index < _parts.Count; index++)
        {
            // Of one name the last counts, in the place of the first: so does the collection.
            Part part = _parts[index];
            properties.Add(new SettledProperty(part.Name, part.Value), preValidated: true);
        }

        _parts.RemoveRange(first, _parts.Count - first);
        return made;
    }

    private object?[] ReadArray()
    {
        int first = _parts.Count;
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            _parts.Add(new Part("", Read()));
        }

        object?[] array = new object?[_parts.Count - first];
        for (int index = 0; index < array.Length; index++)
        {
            array[index] = _parts[first + index].Value;
        }

        _parts.RemoveRange(first, array.Length);
        return array;
    }

    private readonly record struct Part(string Name, object? Value);
}
