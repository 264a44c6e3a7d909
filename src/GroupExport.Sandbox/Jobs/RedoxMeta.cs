using System.Text.Json;
using GroupExport.Sandbox.KickOffs;

namespace GroupExport.Sandbox.Jobs;

/// <summary>The envelope of Redox answers.</summary>
internal static class RedoxMeta
{
    public static void Write(Utf8JsonWriter json, string eventType, Guid logId)
    {
        json.WriteStartObject("Meta"u8);
        json.WriteString("DataModel"u8, RedoxBody.DataModel);
        json.WriteString("EventType"u8, eventType);
        json.WriteStartArray("Logs"u8);
        json.WriteStartObject();
        json.WriteString("ID"u8, logId);
        json.WriteString("AttemptID"u8, Guid.NewGuid());
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
