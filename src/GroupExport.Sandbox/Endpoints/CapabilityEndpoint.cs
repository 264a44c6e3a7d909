using System.Text.Json;
using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.Selection;
using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Describes the server (http://hl7.org/fhir/R4/capabilitystatement.html): the export operation, the exportable types and their filters.</summary>
internal sealed class CapabilityEndpoint(ExportData data)
{
    private const string Instantiated = "http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data";
    private const string ExportDefinition = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export";

    public Reply Read(string origin, ServiceBase serviceBase) => Reply.WithJson(200, Reply.FhirJson, JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "CapabilityStatement"u8);
        json.WriteString("status"u8, "active"u8);
        json.WriteString("date"u8, "2026-01-01"u8);
        json.WriteString("kind"u8, "instance"u8);
        WriteTexts(json, "instantiates", serviceBase.Spec.Canonical(Instantiated));
        json.WriteStartObject("implementation"u8);
        json.WriteString("description"u8, "Practice server for FHIR Bulk Data group exports"u8);
        json.WriteString("url"u8, origin + serviceBase.Path);
        json.WriteEndObject();
        json.WriteString("fhirVersion"u8, "4.0.1"u8);
        WriteTexts(json, "format", "application/fhir+json");
        json.WriteStartArray("rest"u8);
        json.WriteStartObject();
        json.WriteString("mode"u8, "server"u8);
        json.WriteStartArray("resource"u8);
        WriteGroup(json, serviceBase.Spec);
        foreach (var type in data.Files.Select(file => file.ResourceType).Distinct().Where(type => type != "Group"))
        {
            WriteType(json, type);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }));

    private static void WriteGroup(Utf8JsonWriter json, SpecRules spec)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "Group"u8);
        json.WriteStartArray("interaction"u8);
        json.WriteStartObject();
        json.WriteString("code"u8, "read"u8);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartArray("operation"u8);
        json.WriteStartObject();
        json.WriteString("name"u8, "export"u8);
        json.WriteString("definition"u8, spec.Canonical(ExportDefinition));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteType(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteStartArray("searchParam"u8);
        foreach (var parameter in SearchParameter.Of(type).DistinctBy(parameter => parameter.Name))
        {
            json.WriteStartObject();
            json.WriteString("name"u8, parameter.Name);
            json.WriteString("type"u8, parameter.Kind == SearchKind.Token ? "token"u8 : "date"u8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
