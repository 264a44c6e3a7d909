using System.Text.Json;
using GroupExport.Sandbox;

namespace GroupExport.Tests.Sandbox;

/// <summary>Output in blocks, one a patient.</summary>
public sealed class OrganizedOutputTests
{
    private static readonly SandboxOptions s_third = PracticeClient.Fast with { SpecVersion = 3 };

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Each_patient_has_a_block_that_begins_with_a_header(int version)
    {
        using var client = new PracticeClient(s_third with { SpecVersion = version });
        var manifest = await client.Finish(await client.FhirParameters("""{"name":"organizeOutputBy","valueString":"Patient"}"""));
        Assert.Equal("Patient", manifest.Json.GetProperty("outputOrganizedBy").GetString());
        var file = Assert.Single(manifest.Output);
        Assert.Equal("", file.Type);
        var lines = await client.Lines(file.Url);
        Assert.Equal(file.Count, lines.Count(line => Type(line) != "Parameters"));
        Assert.Equal(["Patient/patient-0001", "Patient/patient-0002", "Patient/patient-0003", "Patient/patient-0004"], lines.Where(line => Type(line) == "Parameters").Select(Header));
        for (var index = 0; index < lines.Count; index++)
        {
            if (Type(lines[index]) == "Parameters")
            {
                Assert.Equal(Header(lines[index]), "Patient/" + lines[index + 1].GetProperty("id").GetString());
            }
        }

        // What belongs to nobody stands in every block.
        Assert.Equal(4, lines.Count(line => Type(line) == "Organization" && line.GetProperty("id").GetString() == "organization-1"));
    }

    [Fact]
    public async Task A_block_that_does_not_fit_goes_on_in_the_next_file_under_the_same_header()
    {
        using var client = new PracticeClient(s_third with { PatientCount = 1, MaxResourcesPerFile = 10 });
        var manifest = await client.Export("organizeOutputBy=Patient");
        var items = manifest.Json.GetProperty("output").EnumerateArray().ToList();
        Assert.True(items.Count >= 3);
        for (var index = 0; index < items.Count; index++)
        {
            var next = PracticeClient.Manifest.Text(items[index], "continuesInFile");
            Assert.Equal(index + 1 < items.Count ? manifest.Output[index + 1].Url : "", next);
            var lines = await client.Lines(manifest.Output[index].Url);
            Assert.Equal("Patient/patient-0001", Header(lines[0]));
            Assert.Equal(manifest.Output[index].Count, lines.Count - 1);
        }
    }

    [Fact]
    public async Task A_block_without_its_Patient_comes_of_a_type_that_was_not_asked_for()
    {
        using var client = new PracticeClient(s_third);
        var manifest = await client.Export("organizeOutputBy=Patient&_type=Observation");
        var lines = await client.Lines(Assert.Single(manifest.Output).Url);
        Assert.Equal(["Observation", "Parameters"], lines.Select(Type).Distinct().Order());
    }

    [Fact]
    public async Task Headers_can_be_absolute_and_a_Patient_can_be_missing()
    {
        using var client = new PracticeClient(s_third with { Faults = ["AbsoluteHeaderReference", "BlockWithoutPatient"] });
        var lines = await client.Lines((await client.Export("organizeOutputBy=Patient")).Output[0].Url);
        Assert.Equal(client.Sandbox.FhirBaseUri + "/Patient/patient-0001", Header(lines[0]));
        Assert.Equal(["patient-0002", "patient-0003", "patient-0004"], lines.Where(line => Type(line) == "Patient").Select(line => line.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Only_patients_can_organize()
    {
        using var client = new PracticeClient(s_third);
        using var answer = await client.FhirGet("organizeOutputBy=Encounter");
        Assert.Equal("not-supported", (await Outcomes.SingleIssue(answer)).GetProperty("code").GetString());
        using var lenient = await client.Preferring("respond-async, handling=lenient", "organizeOutputBy=Encounter");
        Assert.False((await client.Finish(lenient)).Json.TryGetProperty("outputOrganizedBy", out _));
    }

    private static string Type(JsonElement line) => line.GetProperty("resourceType").GetString()!;

    private static string Header(JsonElement line)
    {
        var parameter = Assert.Single(line.GetProperty("parameter").EnumerateArray());
        Assert.Equal("header", parameter.GetProperty("name").GetString());
        return parameter.GetProperty("valueReference").GetProperty("reference").GetString()!;
    }
}
