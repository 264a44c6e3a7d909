using System.Text;
using System.Text.Json;
using GroupExport.Sandbox.Data;
using GroupExport.Sandbox.MadeUp;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace GroupExport.Tests.Sandbox;

public sealed class MadeUpDataTests
{
    private static readonly JsonSerializerOptions s_strict = new JsonSerializerOptions().ForFhir(ModelInfo.ModelInspector).UsingMode(DeserializationMode.Strict);

    [Theory]
    [InlineData(1)]
    [InlineData(-2)]
    [InlineData(20261123)]
    public void All_made_up_resources_are_valid_R4(int seed)
    {
        var resources = Lines(MadeUpData.Create(60, seed, "g")).Select(line => JsonSerializer.Deserialize<Resource>(line, s_strict)!).ToList();
        Assert.Equal(
            ["AllergyIntolerance", "Condition", "DiagnosticReport", "Encounter", "Immunization", "MedicationRequest", "Observation", "Organization", "Patient", "Practitioner", "Procedure"],
            resources.Select(resource => resource.TypeName).Distinct().Order(StringComparer.Ordinal));
        Assert.InRange(resources.Count / 60, 30, 60);
        Assert.Equal(resources.Count, resources.Select(resource => resource.TypeName + "/" + resource.Id).Distinct().Count());
        Assert.All(resources, resource => Assert.InRange(resource.Meta!.LastUpdated!.Value.UtcDateTime, Calendar.First, Calendar.End));
    }

    [Fact]
    public void References_lead_to_resources()
    {
        var documents = Lines(MadeUpData.Create(10, 1, "g")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var known = documents.Select(resource => $"{resource.GetProperty("resourceType").GetString()}/{resource.GetProperty("id").GetString()}").ToHashSet();
        Assert.All(documents.SelectMany(References), reference => Assert.Contains(reference, known));
    }

    [Fact]
    public void Values_keep_trailing_zeros_and_names_their_letters()
    {
        var text = string.Join('\n', Lines(MadeUpData.Create(20, 1, "g")));
        Assert.Matches("\"value\":[0-9]+\\.[0-9]0,", text);
        Assert.Contains("ß", text, StringComparison.Ordinal);
        Assert.Contains("é", text, StringComparison.Ordinal);
        Assert.Contains("太郎", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        Assert.Equal(Lines(MadeUpData.Create(5, 7, "g")), Lines(MadeUpData.Create(5, 7, "g")));
        Assert.NotEqual(Lines(MadeUpData.Create(5, 7, "g")), Lines(MadeUpData.Create(5, 8, "g")));
    }

    [Fact]
    public void The_bytes_are_the_same_on_every_runtime()
    {
        // Written down once: a change here changes the data of everyone who tests with a seed.
        var random = new StableRandom(1, 1);
        Assert.Equal(new[] { 741, 120, 562 }, new[] { random.Next(0, 1000), random.Next(0, 1000), random.Next(0, 1000) });
    }

    [Fact]
    public void A_patient_does_not_change_with_the_number_of_patients()
    {
        Assert.Subset(Lines(MadeUpData.Create(9, 1, "g")).ToHashSet(), Lines(MadeUpData.Create(3, 1, "g")).ToHashSet());
    }

    [Fact]
    public async System.Threading.Tasks.Task The_smaller_groups_hold_a_part_of_the_default_group()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { PatientCount = 10 });
        Assert.Equal(["diabetes-2026", "hypertension-2026", "asthma-2026"], client.Sandbox.GroupIds);
        var url = client.FhirExport.Replace("diabetes-2026", "hypertension-2026", StringComparison.Ordinal);
        var resources = await client.Resources(await client.Finish(await client.Http.SendAsync(PracticeClient.KickOff(HttpMethod.Get, url))));
        Assert.Equal(
            ["patient-0001", "patient-0004", "patient-0007", "patient-0010"],
            resources.Where(resource => resource.GetProperty("resourceType").GetString() == "Patient").Select(resource => resource.GetProperty("id").GetString()));
        Assert.DoesNotContain(resources.SelectMany(References), reference => reference is "Patient/patient-0002");
    }

    [Fact]
    public async System.Threading.Tasks.Task No_patients_give_an_empty_group()
    {
        using var client = new PracticeClient(PracticeClient.Fast with { PatientCount = 0 });
        Assert.Equal(0, client.Sandbox.PatientCount);
        Assert.Empty((await client.Export("")).Output);
        var group = JsonSerializer.Deserialize<Group>(await client.Http.GetStringAsync($"{client.Sandbox.FhirBaseUri}/Group/diabetes-2026"), s_strict)!;
        Assert.Empty(group.Member);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async System.Threading.Tasks.Task Group_and_capabilities_are_valid_R4(bool redox)
    {
        using var client = new PracticeClient();
        var serviceBase = redox ? client.RedoxBase : client.Sandbox.FhirBaseUri.ToString();
        var group = JsonSerializer.Deserialize<Group>(await client.Http.GetStringAsync(serviceBase + "/Group/diabetes-2026"), s_strict)!;
        Assert.Equal(["Patient/patient-0001", "Patient/patient-0002", "Patient/patient-0003", "Patient/patient-0004"], group.Member.Select(member => member.Entity!.Reference));
        var capabilities = JsonSerializer.Deserialize<CapabilityStatement>(await client.Http.GetStringAsync(serviceBase + "/metadata"), s_strict)!;
        var operation = capabilities.Rest.Single().Resource.Single(resource => resource.Type == "Group").Operation.Single();
        Assert.Equal("export", operation.Name);
        Assert.Equal("http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export" + (redox ? "" : "|2.0.0"), operation.Definition);
        Assert.Equal(serviceBase, capabilities.Implementation!.Url);
    }

    [Fact]
    public async System.Threading.Tasks.Task Subsets_and_outcomes_are_valid_R4()
    {
        using var client = new PracticeClient();
        foreach (var resource in await client.Resources("_elements=id"))
        {
            JsonSerializer.Deserialize<Resource>(resource.GetRawText(), s_strict);
        }

        using var refused = await client.FhirGet("_type=x&_since=y");
        Assert.Equal(2, JsonSerializer.Deserialize<OperationOutcome>(await refused.Content.ReadAsStringAsync(), s_strict)!.Issue.Count);
    }

    private static List<string> Lines(ExportData data) =>
        [.. data.Files.SelectMany(file => file.Lines.Select(line => Encoding.UTF8.GetString(file.Bytes(line).Span)))];

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            property.NameEquals("reference") && property.Value.ValueKind == JsonValueKind.String ? [property.Value.GetString()!] : References(property.Value)),
        _ => [],
    };
}
