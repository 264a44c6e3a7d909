using System.Text.Json;
using GroupExport.ModuleTests.Engine;

namespace GroupExport.ModuleTests.Commands;

/// <summary>What is piped into New-GroupExport arrives at the server as it should, and nothing else does.</summary>
public sealed class PipelineInputTests : SandboxRunspace
{
    // Made-up patients are not asked for by id here: the sandbox refuses strangers, and what it logs is what matters.
    private JsonElement[] Bodies => [.. Requests.Select(request => JsonDocument.Parse((string)request.Properties["Body"].Value).RootElement)];

    [Fact]
    public void Patients_and_types_come_mixed_by_value_and_duplicates_are_sent_once()
    {
        Run("'Patient/1', 'observation', 'Patient/2', 'Patient/1', 'Condition', 'Observation' | New-GroupExport g");

        JsonElement body = Assert.Single(Bodies);
        Assert.Equal("Patient/1,Patient/2", body.GetProperty("patient").GetString());
        Assert.Equal("Observation,Condition", body.GetProperty("_type").GetString());
        Assert.Equal("g", body.GetProperty("id").GetString());
    }

    [Fact]
    public void Rows_bind_their_patients_and_groups_and_no_stray_column()
    {
        Run("""
            $rows = [pscustomobject]@{ id = 'x'; GroupId = 'g2'; PatientId = '1'; Test = 'true'; Method = 'Get'; Source = 'foo'; Since = 'yesterday' },
                    [pscustomobject]@{ id = 'y'; GroupId = 'g1'; PatientId = 'Patient/2'; Test = ''; Method = ''; Source = ''; Since = '' },
                    [pscustomobject]@{ id = 'z'; GroupId = 'g2'; PatientId = '3'; Test = ''; Method = ''; Source = ''; Since = '' }
            $rows | New-GroupExport
            """);

        Assert.Equal(["g2", "g1"], Bodies.Select(body => body.GetProperty("id").GetString()));
        Assert.Equal(["Patient/1,Patient/3", "Patient/2"], Bodies.Select(body => body.GetProperty("patient").GetString()));
        Assert.All(Requests, request => Assert.Equal("POST", request.Properties["Method"].Value));
        Assert.All(Bodies, body => Assert.Equal(["Meta", "id", "patient"], body.EnumerateObject().Select(property => property.Name)));
        Assert.All(Bodies, body => Assert.Equal(
            ["DataModel", "EventType", "EventDateTime", "Destinations"],
            body.GetProperty("Meta").EnumerateObject().Select(property => property.Name)));
    }

    [Theory]
    [InlineData("@{ resourceType = 'Patient'; id = '7'; gender = 'other' } | New-GroupExport g", "Patient/7")]
    [InlineData("[pscustomobject]@{ resourceType = 'Patient'; id = '7'; type = 'x' } | New-GroupExport g", "Patient/7")]
    [InlineData("New-GroupExport g -Patient ([pscustomobject]@{ resourceType = 'Patient'; id = '7' }), 8", "Patient/7,Patient/8")]
    [InlineData("@{ Patient = 'Patient/7', '8'; GroupId = 'g' } | New-GroupExport", "Patient/7,Patient/8")]
    [InlineData("\"$($(Get-GroupExportConnection).Server)Patient/7\", 'Patient/7' | New-GroupExport g", "Patient/7")]
    [InlineData("'https://elsewhere.example/r4/Patient/7' | New-GroupExport g", "https://elsewhere.example/r4/Patient/7")]
    [InlineData("'Patient/8' | New-GroupExport g -Patient 7", "Patient/7,Patient/8")]
    [InlineData("'Patient/7' | New-GroupExport Group/g", "Patient/7")]
    [InlineData("New-GroupExport g -InputObject 'Patient/7', 'Patient/8'", "Patient/7,Patient/8")]
    public void Patients_come_in_every_form_that_people_have(string script, string expected)
    {
        Run(script);

        JsonElement body = Assert.Single(Bodies);
        Assert.Equal(expected, body.GetProperty("patient").GetString());
        Assert.Equal("g", body.GetProperty("id").GetString());
    }

    [Fact]
    public void A_type_column_is_read_unless_types_are_given()
    {
        Run("[pscustomobject]@{ Type = 'condition'; GroupId = 'g' } | New-GroupExport; [pscustomobject]@{ Type = 'Type 2 diabetes'; PatientId = '1' } | New-GroupExport g -Type Patient");

        Assert.Equal(["Condition", "Patient"], Bodies.Select(body => body.GetProperty("_type").GetString()));
    }

    [Fact]
    public void Types_of_a_row_with_a_group_belong_to_that_group_and_bare_types_to_all()
    {
        Run("@{ GroupId = 'a'; Type = 'Condition' }, @{ GroupId = 'b' }, 'Patient' | New-GroupExport");

        Assert.Equal(["Patient,Condition", "Patient"], Bodies.Select(body => body.GetProperty("_type").GetString()));
    }

    [Theory]
    [InlineData("-Test", "Meta", "Test", "true")]
    [InlineData("-Test:$false", "Meta", "Test", "false")]
    [InlineData("-FacilityCode ED", "Meta", "FacilityCode", "\"ED\"")]
    [InlineData("-EventDateTime 2026-11-01T00:00:00Z", "Meta", "EventDateTime", "\"2026-11-01T00:00:00Z\"")]
    [InlineData("-Source @{ ID = '0f9b4e5a-1111-4222-8333-123456789abc'; Name = 'us' }", "Meta", "Source", """{"ID":"0f9b4e5a-1111-4222-8333-123456789abc","Name":"us"}""")]
    [InlineData("-Destination @{ Name = 'a' }, @{ Name = 'b' }", "Meta", "Destinations", """[{"Name":"a"},{"Name":"b"}]""")]
    [InlineData("-Log @{ AttemptID = '0f9b4e5a-1111-4222-8333-123456789abc' }", "Meta", "Logs", """[{"AttemptID":"0f9b4e5a-1111-4222-8333-123456789abc"}]""")]
    [InlineData("-AllowPartialManifests", null, "allowPartialManifests", "true")]
    [InlineData("-AllowPartialManifests:$false", null, "allowPartialManifests", "false")]
    [InlineData("-_type Patient", null, "_type", "\"Patient\"")]
    [InlineData("-_since 2026-11-01T00:00:00+01:00", null, "_since", "\"2026-11-01T00:00:00+01:00\"")]
    [InlineData("-Since ([DateTimeOffset] '2026-11-01T00:00:00+01:00')", null, "_since", "\"2026-10-31T23:00:00Z\"")]
    [InlineData("-Since ([datetime]::new(2026, 11, 1, 2, 3, 4, [DateTimeKind]::Utc))", null, "_since", "\"2026-11-01T02:03:04Z\"")]
    [InlineData("-_until 2026-11-01T00:00:00.5Z", null, "_until", "\"2026-11-01T00:00:00.5Z\"")]
    [InlineData("-_typeFilter 'Patient?gender=male&x=a+b'", null, "_typeFilter", "\"Patient?gender=male&x=a+b\"")]
    [InlineData("-_elements id, Patient.name", null, "_elements", "\"id,Patient.name\"")]
    [InlineData("-_outputFormat ndjson", null, "_outputFormat", "\"ndjson\"")]
    [InlineData("-IncludeAssociatedData LatestProvenanceResources, _own", null, "includeAssociatedData", "\"LatestProvenanceResources,_own\"")]
    [InlineData("-OrganizeOutputBy patient", null, "organizeOutputBy", "\"Patient\"")]
    public void Every_parameter_arrives_in_its_field(string parameters, string? parent, string field, string expected)
    {
        Run($"New-GroupExport g {parameters}");

        JsonElement body = Assert.Single(Bodies);
        JsonElement holder = parent is null ? body : body.GetProperty(parent);
        Assert.Equal(expected, holder.GetProperty(field).GetRawText());
    }

    [Fact]
    public void WhatIf_shows_verb_URL_and_body_with_patients_as_a_count_and_sends_nothing()
    {
        EngineRun run = Run("1..3 | ForEach-Object { \"Patient/secret$_\" } | New-GroupExport g -Type Observation -TypeFilter 'Observation?subject=Patient/secret9' -WhatIf");

        run.AssertNoErrors();
        Assert.Empty(run.Output);
        Assert.Empty(Arrived);
    }
}
