namespace GroupExport.Sandbox.KickOffs;

/// <summary>Reads the JSON body of a Redox kick-off, strictly by the field table of "FHIR Bulk Data Access group-export".</summary>
internal static class RedoxBody
{
    public const string DataModel = "FHIR Bulk Data Access";
    private const string EventType = "group-export";

    private static readonly string[] s_texts =
    [
        ParameterNames.IncludeAssociatedData, ParameterNames.OrganizeOutputBy, ParameterNames.OutputFormat, ParameterNames.Since,
        ParameterNames.Until, ParameterNames.Type, ParameterNames.Elements, ParameterNames.TypeFilter,
    ];

    public static IReadOnlyList<RawParameter> Read(ReadOnlyMemory<byte> body, string groupId, bool isGet, IssueList issues)
    {
        if (body.IsEmpty)
        {
            issues.Required("body", "The body is missing: a Redox kick-off carries a JSON object with Meta and id, with GET too.");
            return [];
        }

        using var document = JsonBody.Parse(body, issues);
        if (document is null)
        {
            return [];
        }

        var fields = new RedoxFields(document.RootElement, "", issues);
        ReadMeta(fields, issues);
        if (fields.RequiredString("id") is { } id && id != groupId)
        {
            issues.Invalid("id", $"The field id must be the group of the path, '{groupId}'.");
        }

        var parameters = ReadParameters(fields, isGet, issues);
        fields.Close();
        return parameters;
    }

    private static List<RawParameter> ReadParameters(RedoxFields fields, bool isGet, IssueList issues)
    {
        var parameters = new List<RawParameter>();
        foreach (var name in s_texts)
        {
            if (fields.NullableString(name) is { } value)
            {
                parameters.Add(new RawParameter(name, value));
            }
        }

        if (fields.NullableBoolean(ParameterNames.AllowPartialManifests) is { } allow)
        {
            parameters.Add(new RawParameter(ParameterNames.AllowPartialManifests, allow ? "true" : "false"));
        }

        if (fields.NullableString(ParameterNames.Patient) is { } patients)
        {
            if (isGet)
            {
                issues.Invalid(ParameterNames.Patient, "The field patient is only valid in POST kick-offs.");
            }

            parameters.AddRange(patients.Split(',').Select(patient => new RawParameter(ParameterNames.Patient, patient)));
        }

        return parameters;
    }

    private static void ReadMeta(RedoxFields fields, IssueList issues)
    {
        fields.Require("Meta");
        if (fields.Object("Meta") is not { } meta)
        {
            return;
        }

        Exactly(meta, "DataModel", DataModel, issues);
        Exactly(meta, "EventType", EventType, issues);
        if (meta.NullableString("EventDateTime") is { } time && !(FhirInstant.TryParse(time, out var instant) && instant.Offset == TimeSpan.Zero))
        {
            issues.Invalid("Meta.EventDateTime", "The field Meta.EventDateTime must be an ISO 8601 time in UTC, for example 2026-11-23T08:30:00.000Z.");
        }

        meta.NullableBoolean("Test");
        meta.NullableString("FacilityCode");
        if (meta.Object("Source") is { } source)
        {
            ReadSystem(source);
        }

        ReadDestinations(meta, issues);
        foreach (var log in meta.Objects("Logs") ?? [])
        {
            log.NullableUuid("ID");
            log.NullableUuid("AttemptID");
            log.Close();
        }

        meta.Close();
    }

    private static void Exactly(RedoxFields meta, string name, string expected, IssueList issues)
    {
        if (meta.RequiredString(name) is { } value && value != expected)
        {
            issues.Invalid(meta.Path(name), $"The field {meta.Path(name)} must be exactly '{expected}'.");
        }
    }

    private static void ReadDestinations(RedoxFields meta, IssueList issues)
    {
        meta.Require("Destinations");
        var destinations = meta.Objects("Destinations");
        if (destinations is { Count: 0 })
        {
            issues.Required("Meta.Destinations", "The field Meta.Destinations must hold at least one destination.");
        }

        foreach (var destination in destinations ?? [])
        {
            ReadSystem(destination);
        }
    }

    private static void ReadSystem(RedoxFields system)
    {
        system.NullableUuid("ID");
        system.NullableString("Name");
        system.Close();
    }
}
