using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using GroupExport.Sandbox.Data;

namespace GroupExport.Sandbox.MadeUp;

/// <summary>Writes one FHIR resource after the other straight to UTF-8, and hands each to the file of its type.</summary>
internal sealed class ResourceWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _line = new(4096);
    private readonly Dictionary<string, ResourceFileBuilder> _files = new(StringComparer.Ordinal);
    private readonly Utf8JsonWriter _json;
    private string _type = "";
    private int _patient;
    private long _lastUpdatedTicks;

    public ResourceWriter() =>
        // Servers write letters as UTF-8, not as escapes; nothing of this ends up in HTML.
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public Utf8JsonWriter Json => _json;

    public IEnumerable<ResourceFile> Files => _files.Values.Select(file => file.Build());

    public void Begin(string type, string id, DateTime lastUpdated, int patient)
    {
        _type = type;
        _patient = patient;
        _lastUpdatedTicks = lastUpdated.Ticks;
        _json.WriteStartObject();
        _json.WriteString("resourceType"u8, type);
        _json.WriteString("id"u8, id);
        _json.WriteStartObject("meta"u8);
        _json.WriteString("versionId"u8, "1"u8);
        _json.WriteString("lastUpdated"u8, Instant(lastUpdated));
        _json.WriteEndObject();
    }

    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        if (!_files.TryGetValue(_type, out var file))
        {
            file = new ResourceFileBuilder(_type);
            _files.Add(_type, file);
        }

        file.Append(_line.WrittenSpan, _patient, _lastUpdatedTicks);
        _line.ResetWrittenCount();
        _json.Reset();
    }

    public void Reference(string element, string target)
    {
        _json.WriteStartObject(element);
        _json.WriteString("reference"u8, target);
        _json.WriteEndObject();
    }

    /// <summary>A CodeableConcept with one coding.</summary>
    public void Concept(string element, string system, Concept concept)
    {
        _json.WritePropertyName(element);
        ConceptValue(system, concept);
    }

    /// <summary>An array with one CodeableConcept.</summary>
    public void Concepts(string element, string system, Concept concept)
    {
        _json.WriteStartArray(element);
        ConceptValue(system, concept);
        _json.WriteEndArray();
    }

    public void Quantity(string element, Measurement measurement, decimal value)
    {
        _json.WriteStartObject(element);
        _json.WriteNumber("value"u8, value);
        _json.WriteString("unit"u8, measurement.Unit);
        _json.WriteString("system"u8, Vocabulary.Ucum);
        _json.WriteString("code"u8, measurement.Unit);
        _json.WriteEndObject();
    }

    public void Period(string element, DateTime start, DateTime end)
    {
        _json.WriteStartObject(element);
        _json.WriteString("start"u8, Second(start));
        _json.WriteString("end"u8, Second(end));
        _json.WriteEndObject();
    }

    public static string Instant(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Second(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public void Dispose() => _json.Dispose();

    private void ConceptValue(string system, Concept concept)
    {
        _json.WriteStartObject();
        _json.WriteStartArray("coding"u8);
        Coding(system, concept);
        _json.WriteEndArray();
        _json.WriteString("text"u8, concept.Display);
        _json.WriteEndObject();
    }

    public void Coding(string system, Concept concept)
    {
        _json.WriteStartObject();
        _json.WriteString("system"u8, system);
        _json.WriteString("code"u8, concept.Code);
        _json.WriteString("display"u8, concept.Display);
        _json.WriteEndObject();
    }
}
