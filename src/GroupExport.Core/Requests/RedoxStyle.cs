using System.Text.Json;
using GroupExport.Connections;
using GroupExport.Fhir;

namespace GroupExport.Requests;

/// <summary>The Meta-wrapped object of Redox's "FHIR Bulk Data Access group-export".</summary>
/// <remarks>Every FHIR parameter is a string here: several values are joined by commas, fields that are null are left out.</remarks>
internal static class RedoxStyle
{
    public static KickOffMessage Write(ExportRequest request, ConnectionSettings connection, DateTimeOffset now)
    {
        string? typeFilter = JoinedFilters(request.TypeFilters);
        byte[] body = JsonBody.Write(json =>
        {
            WriteMeta(json, request.Envelope, connection, now);
            json.WriteString("id", request.GroupId);
            json.WriteOptional("patient", Joined(request.Patients));
            json.WriteOptional("includeAssociatedData", Joined([.. request.IncludeAssociatedData.Select(preset => AssociatedData.Read(preset).Code)]));
            json.WriteOptional("organizeOutputBy", request.OrganizeOutputBy);
            json.WriteOptional("allowPartialManifests", request.AllowPartialManifests);
            json.WriteOptional("_outputFormat", request.OutputFormat);
            json.WriteOptional("_since", request.Since);
            json.WriteOptional("_until", request.Until);
            json.WriteOptional("_type", Joined(request.Types));
            json.WriteOptional("_elements", Joined(request.Elements));
            json.WriteOptional("_typeFilter", typeFilter);
        });

        return request.Method == KickOffMethod.Get
            ? new KickOffMessage(HttpMethod.Get, KickOffUri.For(request, connection, FhirQueryStyle.Query(request)), body, "application/json")
            : new KickOffMessage(HttpMethod.Post, KickOffUri.For(request, connection), body, "application/json");
    }

    private static void WriteMeta(Utf8JsonWriter json, RedoxEnvelope envelope, ConnectionSettings connection, DateTimeOffset now)
    {
        json.WriteStartObject("Meta");
        json.WriteString("DataModel", "FHIR Bulk Data Access");
        json.WriteString("EventType", "group-export");
        json.WriteString("EventDateTime", envelope.EventDateTime ?? FhirInstant.From(now));
        json.WriteOptional("Test", envelope.Test);
        if ((envelope.Source ?? connection.Source) is { } source)
        {
            json.WritePropertyName("Source");
            WriteParty(json, source);
        }

        json.WriteStartArray("Destinations");
        foreach (RedoxParty destination in Destinations(envelope, connection))
        {
            WriteParty(json, destination);
        }

        json.WriteEndArray();
        if (envelope.Logs.Count > 0)
        {
            json.WriteStartArray("Logs");
            foreach (RedoxLog log in envelope.Logs)
            {
                json.WriteStartObject();
                json.WriteOptional("ID", log.Id);
                json.WriteOptional("AttemptID", log.AttemptId);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteOptional("FacilityCode", envelope.FacilityCode);
        json.WriteEndObject();
    }

    private static IReadOnlyList<RedoxParty> Destinations(RedoxEnvelope envelope, ConnectionSettings connection)
    {
        if (envelope.Destinations.Count > 0)
        {
            return envelope.Destinations;
        }

        return connection.Destinations.Count > 0 ? connection.Destinations : [new RedoxParty(null, connection.DestinationSlug)];
    }

    private static void WriteParty(Utf8JsonWriter json, RedoxParty party)
    {
        json.WriteStartObject();
        json.WriteOptional("ID", party.Id);
        json.WriteOptional("Name", party.Name);
        json.WriteEndObject();
    }

    private static string? Joined(IReadOnlyList<string> values) => values.Count == 0 ? null : string.Join(',', values);

    private static string? JoinedFilters(IReadOnlyList<string> filters)
    {
        if (filters.Count > 1 && filters.Any(filter => filter.Contains(',')))
        {
            throw new ExportException(
                ExportErrorKind.InvalidParameter,
                "Redox takes several type filters as one comma-joined string, so none of several may hold a comma itself. " +
                "Write the values as filters of their own (Observation?code=a and Observation?code=b are OR-ed), or send one filter per export.")
            {
                Subject = "TypeFilter",
            };
        }

        return Joined(filters);
    }
}
