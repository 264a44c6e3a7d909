using System.Text.Json;
using GroupExport.Connections;

namespace GroupExport.Requests;

/// <summary>POST of a <c>Parameters</c> resource (Bulk Data Access 2 to 4, OperationDefinition group-export).</summary>
/// <remarks>
/// Versions 2 and 3 read repeats as one comma list, but servers in the field take <c>_type</c> and <c>_elements</c> only once, so these are joined there;
/// version 4 forbids comma lists and wants a Coding for <c>includeAssociatedData</c>.
/// </remarks>
internal static class FhirParametersStyle
{
    public static KickOffMessage Write(ExportRequest request, ConnectionSettings connection)
    {
        bool repeats = connection.SpecVersion >= 4;
        byte[] body = JsonBody.Write(json =>
        {
            json.WriteString("resourceType", "Parameters");

            // FHIR JSON has no empty arrays.
            if (request.ParameterNames.Count > 0)
            {
                json.WriteStartArray("parameter");
                WriteParameters(json, request, repeats);
                json.WriteEndArray();
            }
        });
        return new KickOffMessage(HttpMethod.Post, KickOffUri.For(request, connection), body, "application/fhir+json");
    }

    private static void WriteParameters(Utf8JsonWriter json, ExportRequest request, bool repeats)
    {
        WriteValue(json, "_outputFormat", "valueString", request.OutputFormat);
        WriteValue(json, "_since", "valueInstant", request.Since);
        WriteValue(json, "_until", "valueInstant", request.Until);
        WriteValues(json, "_type", repeats ? request.Types : Joined(request.Types));
        WriteValues(json, "_elements", repeats ? request.Elements : Joined(request.Elements));
        foreach (string patient in request.Patients)
        {
            WriteParameter(json, "patient", () =>
            {
                json.WriteStartObject("valueReference");
                json.WriteString("reference", patient);
                json.WriteEndObject();
            });
        }

        foreach (AssociatedData preset in request.IncludeAssociatedData.Select(AssociatedData.Read))
        {
            WriteAssociatedData(json, preset, asCoding: repeats);
        }

        WriteValues(json, "_typeFilter", request.TypeFilters);
        WriteValue(json, "organizeOutputBy", "valueString", request.OrganizeOutputBy);
        if (request.AllowPartialManifests is { } allow)
        {
            WriteParameter(json, "allowPartialManifests", () => json.WriteBoolean("valueBoolean", allow));
        }
    }

    private static string[] Joined(IReadOnlyList<string> values) => values.Count == 0 ? [] : [string.Join(',', values)];

    private static void WriteAssociatedData(Utf8JsonWriter json, AssociatedData preset, bool asCoding)
    {
        if (!asCoding)
        {
            WriteValue(json, "includeAssociatedData", "valueCode", preset.Code);
            return;
        }

        WriteParameter(json, "includeAssociatedData", () =>
        {
            json.WriteStartObject("valueCoding");
            json.WriteOptional("system", preset.System);
            json.WriteString("code", preset.Code);
            json.WriteEndObject();
        });
    }

    private static void WriteValues(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        foreach (string value in values)
        {
            WriteValue(json, name, "valueString", value);
        }
    }

    private static void WriteValue(Utf8JsonWriter json, string name, string element, string? value)
    {
        if (value is not null)
        {
            WriteParameter(json, name, () => json.WriteString(element, value));
        }
    }

    private static void WriteParameter(Utf8JsonWriter json, string name, Action value)
    {
        json.WriteStartObject();
        json.WriteString("name", name);
        value();
        json.WriteEndObject();
    }
}
