using GroupExport.Sandbox.Authorization;
using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.Http;

namespace GroupExport.Sandbox.Endpoints;

/// <summary>Reads a Group resource with its members (http://hl7.org/fhir/R4/group.html).</summary>
internal sealed class GroupEndpoint(ExportData data)
{
    public Reply Read(string id, ScopeSet scopes)
    {
        if (!scopes.Covers("Group", "r"))
        {
            return AccessGuard.Forbid("The access token does not allow to read groups.", "system/Group.r");
        }

        return data.FindGroup(id) is { } group
            ? Reply.WithJson(200, Reply.FhirJson, Write(group))
            : OperationOutcome.NotFound($"There is no group '{id}'.");
    }

    private ReadOnlyMemory<byte> Write(PatientGroup group) => JsonBytes.Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, "Group"u8);
        json.WriteString("id"u8, group.Id);
        json.WriteBoolean("active"u8, true);
        json.WriteString("type"u8, "person"u8);
        json.WriteBoolean("actual"u8, true);
        json.WriteString("name"u8, group.Name);
        json.WriteNumber("quantity"u8, group.Members.Count);
        if (group.Members.Count > 0)
        {
            json.WriteStartArray("member"u8);
            foreach (var member in group.Members)
            {
                json.WriteStartObject();
                json.WriteStartObject("entity"u8);
                json.WriteString("reference"u8, "Patient/" + data.Patients.Id(member));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    });
}
