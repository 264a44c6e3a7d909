using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GroupExport.Sandbox.Selection;

/// <summary>Reduces the resources of one type to the elements asked for and marks them SUBSETTED (Bulk Data Access 2.0.0, "_elements").</summary>
internal sealed class ElementSubset : IDisposable
{
    private static readonly string[] s_choiceTypes =
    [
        "Address", "Age", "Annotation", "Attachment", "Base64Binary", "Boolean", "Canonical", "Code", "CodeableConcept", "Coding", "Count", "Date",
        "DateTime", "Decimal", "Distance", "Duration", "HumanName", "Identifier", "Instant", "Integer", "Markdown", "Money", "Period", "PositiveInt",
        "Quantity", "Range", "Ratio", "Reference", "SampledData", "String", "Time", "Timing", "UnsignedInt", "Uri", "Url",
    ];

    private readonly HashSet<string> _kept;
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly Utf8JsonWriter _json;

    private ElementSubset(IEnumerable<string> elements)
    {
        _kept = new(elements, StringComparer.Ordinal);
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>The subset for a type; null when its resources stay whole.</summary>
    public static ElementSubset? For(string resourceType, IReadOnlyList<ElementName> elements)
    {
        var named = elements.Where(element => element.ResourceType is null || element.ResourceType == resourceType).Select(element => element.Element).ToList();
        return named.Count == 0 ? null : new ElementSubset([.. named, .. MandatoryElements.Of(resourceType), "resourceType", "id"]);
    }

    /// <summary>The reduced resource without line feed; valid until the next call.</summary>
    public ReadOnlySpan<byte> Reduce(JsonElement resource)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        var hasMeta = false;
        foreach (var property in resource.EnumerateObject())
        {
            if (property.NameEquals("meta"u8))
            {
                hasMeta = true;
                WriteMeta(property.Value);
            }
            else if (IsKept(property.Name))
            {
                Copy(property);
            }
        }

        if (!hasMeta)
        {
            WriteMeta(default);
        }

        _json.WriteEndObject();
        _json.Flush();
        return _line.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();

    // _birthDate carries the extensions of birthDate, and valueQuantity is a form of value.
    private bool IsKept(string property)
    {
        var name = property.TrimStart('_');
        return _kept.Contains(name)
            || s_choiceTypes.Any(type => name.EndsWith(type, StringComparison.Ordinal) && _kept.Contains(name[..^type.Length]));
    }

    private void WriteMeta(JsonElement meta)
    {
        _json.WriteStartObject("meta"u8);
        JsonElement tags = default;
        if (meta.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in meta.EnumerateObject())
            {
                if (property.NameEquals("tag"u8))
                {
                    tags = property.Value;
                }
                else
                {
                    Copy(property);
                }
            }
        }

        WriteTags(tags);
        _json.WriteEndObject();
    }

    private void WriteTags(JsonElement tags)
    {
        _json.WriteStartArray("tag"u8);
        if (tags.ValueKind == JsonValueKind.Array)
        {
            foreach (var tag in tags.EnumerateArray())
            {
                _json.WriteRawValue(tag.GetRawText(), skipInputValidation: true);
            }
        }

        _json.WriteStartObject();
        _json.WriteString("system"u8, "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"u8);
        _json.WriteString("code"u8, "SUBSETTED"u8);
        _json.WriteEndObject();
        _json.WriteEndArray();
    }

    // Raw text keeps 1.10 from becoming 1.1.
    private void Copy(JsonProperty property)
    {
        _json.WritePropertyName(property.Name);
        _json.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
    }
}
