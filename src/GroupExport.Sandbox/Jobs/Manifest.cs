using System.Text.Json;
using GroupExport.Sandbox.Endpoints;
using GroupExport.Sandbox.Http;
using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Jobs;

/// <summary>Writes the manifest of a finished job in the shape of Bulk Data Access 2.0.0 and 3.0.0 ("Response - Output Manifest").</summary>
internal static class Manifest
{
    public static ReadOnlyMemory<byte> Write(ExportJob job, string ownOrigin, FilePlan filePlan) => JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        if (job.Base.Style == RequestStyle.Redox)
        {
            RedoxMeta.Write(json, "status-check-response", job.LogId);
        }

        json.WriteString("transactionTime"u8, FhirInstant.Format(job.Started));
        json.WriteString("request"u8, job.KickOffUrl);
        filePlan.WriteRequiresAccessToken(json);
        json.WriteStartArray("output"u8);
        foreach (var file in job.Files.Result)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, file.ResourceType);
            json.WriteString("url"u8, $"{filePlan.ManifestOrigin(ownOrigin)}{job.Base.FilePath(job.Id, file.Name)}");
            json.WriteNumber("count"u8, file.Count);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteEmptyArray(json, "deleted");
        WriteEmptyArray(json, "error");
        json.WriteEndObject();
    });

    private static void WriteEmptyArray(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }
}
