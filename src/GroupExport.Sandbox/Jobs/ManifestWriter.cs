using System.Text.Json;
using GroupExport.Sandbox.Endpoints;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.KickOffs;
using GroupExport.Sandbox.Specification;

namespace GroupExport.Sandbox.Jobs;

/// <summary>Writes a manifest in the shape of a version of Bulk Data Access ("Response - Output Manifest").</summary>
internal static class ManifestWriter
{
    private const string ManifestType = "http://hl7.org/fhir/uv/bulkdata/StructureDefinition/BulkDataManifest";

    public static ReadOnlyMemory<byte> Write(ManifestPage page, ExportJob job, FilePlan filePlan) => JsonBytes.Write(json =>
    {
        var spec = job.Terms.Base.Spec;
        json.WriteStartObject();
        if (job.Terms.Base.Style == RequestStyle.Redox)
        {
            RedoxMeta.Write(json, "status-check-response", job.LogId);
        }

        WriteHead(json, page, spec, filePlan);
        WriteOrganizing(json, page, spec);
        WriteItems(json, page, spec, "output", page.Output);
        WriteItems(json, page, spec, "deleted", page.Deleted);
        WriteItems(json, page, spec, spec.OutcomeField, page.Outcomes);
        WriteLink(json, page);
        if (spec.IsManifestExtended)
        {
            WriteExtension(json);
        }

        json.WriteEndObject();
    });

    private static void WriteHead(Utf8JsonWriter json, ManifestPage page, SpecRules spec, FilePlan filePlan)
    {
        if (spec.IsManifestExtended)
        {
            json.WriteString("manifestType"u8, ManifestType);
        }

        if (!page.Omitted.Contains("transactionTime"))
        {
            json.WriteString("transactionTime"u8, FhirInstant.Format(page.TransactionTime));
        }

        if (spec.HasRequest && !page.Omitted.Contains("request"))
        {
            json.WriteString("request"u8, page.Request);
        }

        if (!page.Omitted.Contains("requiresAccessToken"))
        {
            filePlan.WriteRequiresAccessToken(json, page.IsTokenRuleText);
        }

        if (spec.IsManifestExtended)
        {
            json.WriteString("outputFormat"u8, Reply.Ndjson);
        }
    }

    private static void WriteOrganizing(Utf8JsonWriter json, ManifestPage page, SpecRules spec)
    {
        if (page.OrganizedBy is { } type)
        {
            json.WriteString("outputOrganizedBy"u8, type);
            if (spec.IsManifestExtended && type.Length > 0)
            {
                json.WriteString("outputOrganizedByDetail"u8, "Each block holds a patient and the resources of its compartment; shared ones are repeated.");
            }
        }
    }

    private static void WriteItems(Utf8JsonWriter json, ManifestPage page, SpecRules spec, string name, IReadOnlyList<ManifestItem> items)
    {
        if (page.Omitted.Contains(name) || (items.Count == 0 && spec.OmitsEmptyArrays))
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            WriteItem(json, item, spec);
        }

        json.WriteEndArray();
    }

    private static void WriteItem(Utf8JsonWriter json, ManifestItem item, SpecRules spec)
    {
        json.WriteStartObject();
        if (item.Type is not null)
        {
            json.WriteString("type"u8, item.Type);
        }

        json.WriteString("url"u8, item.Url);
        if (item.ContinuesIn is not null)
        {
            json.WriteString("continuesInFile"u8, item.ContinuesIn);
        }

        json.WriteNumber("count"u8, item.Count);
        if (spec.IsManifestExtended)
        {
            json.WriteNumber("fileSize"u8, item.Length);
            WriteSeverities(json, item.Severities);
        }

        json.WriteEndObject();
    }

    private static void WriteSeverities(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, int>> severities)
    {
        if (severities.Count == 0)
        {
            return;
        }

        json.WriteStartArray("countSeverity"u8);
        foreach (var (code, count) in severities)
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteNumber("count"u8, count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLink(Utf8JsonWriter json, ManifestPage page)
    {
        if (page.Next is not null)
        {
            json.WriteStartArray("link"u8);
            json.WriteStartObject();
            json.WriteString("relation"u8, "next"u8);
            json.WriteString("url"u8, page.Next);
            json.WriteEndObject();
            json.WriteEndArray();
        }
    }

    private static void WriteExtension(Utf8JsonWriter json)
    {
        json.WriteStartArray("extension"u8);
        json.WriteStartObject();
        json.WriteString("url"u8, "http://example.org/fhir/StructureDefinition/made-up-data"u8);
        json.WriteBoolean("valueBoolean"u8, true);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
