using System.Text;
using System.Text.Json.Nodes;
using GroupExport.Fhir;

namespace GroupExport.Tests.Fhir;

/// <summary>Resources as objects of the FHIR library.</summary>
public sealed class FhirJsonTests
{
    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"1","birthDate":"2026-11"}""")]
    [InlineData("""{"resourceType":"Patient","gender":"not-in-R4","madeUp":{"a":[1.50]},"birthDate":"20"}""")]
    public void A_resource_is_read_as_long_as_nothing_of_it_is_lost(string json)
    {
        object resource = FhirJson.ReadResource(Encoding.UTF8.GetBytes(json), out ReadingFault? fault)!;

        Assert.Null(fault);
        Assert.Equal("Hl7.Fhir.Model.Patient", resource.GetType().FullName);
        Assert.Equal(JsonNode.Parse(json)!["birthDate"]!.GetValue<string>(), resource.GetType().GetProperty("BirthDate")!.GetValue(resource));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"secret","id":"secret"}""")]
    [InlineData("""{"resourceType":"Patient","id":"secret\ud83d"}""")]
    [InlineData("""{"resourceType":"Patient","id":"secret" """)]
    [InlineData("""{"resourceType":"Patient","id":"b","":"secret"}""")]
    [InlineData("""{"resourceType":"Patient","id":"b","contained":"secret"}""")]
    [InlineData("null")]
    public void Of_a_resource_that_it_cannot_hold_only_codes_are_told(string json)
    {
        object? resource = FhirJson.ReadResource(Encoding.UTF8.GetBytes(json), out ReadingFault? fault);

        Assert.Null(resource);
        Assert.NotEmpty(fault!.Codes);
        Assert.All(fault.Codes, code => Assert.DoesNotContain("secret", code, StringComparison.Ordinal));
    }
}
