using System.Text;
using System.Text.Json.Nodes;
using GroupExport.Fhir;

namespace GroupExport.Tests.Fhir;

/// <summary>The issues of an OperationOutcome.</summary>
public sealed class FhirJsonTests
{
    [Fact]
    public void Text_is_preferred_to_diagnostics_display_and_code()
    {
        Assert.Equal("text", TextOf("""{"severity":"error","code":"invalid","details":{"text":"text","coding":[{"display":"display"}]},"diagnostics":"diagnostics"}"""));
        Assert.Equal("diagnostics", TextOf("""{"severity":"error","code":"invalid","details":{"coding":[{"display":"display"}]},"diagnostics":"diagnostics"}"""));
        Assert.Equal("display", TextOf("""{"severity":"error","code":"invalid","details":{"coding":[{"display":"display"}]}}"""));
        Assert.Equal("invalid", TextOf("""{"severity":"error","code":"invalid"}"""));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"1","birthDate":"2026-11"}""")]
    [InlineData("""{"resourceType":"Patient","gender":"not-in-R4","madeUp":{"a":[1.50]},"birthDate":"20"}""")]
    public void A_resource_is_read_as_long_as_nothing_of_it_is_lost(string json)
    {
        object resource = FhirJson.ReadResource(Encoding.UTF8.GetBytes(json), out IReadOnlyList<string> codes)!;

        Assert.Empty(codes);
        Assert.Equal("Hl7.Fhir.Model.Patient", resource.GetType().FullName);
        Assert.Equal(JsonNode.Parse(json)!["birthDate"]!.GetValue<string>(), resource.GetType().GetProperty("BirthDate")!.GetValue(resource));
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient","id":"secret","id":"secret"}""")]
    [InlineData("""{"resourceType":"Patient","id":"secret\ud83d"}""")]
    [InlineData("""{"resourceType":"Patient","id":"secret" """)]
    public void Of_a_resource_that_it_cannot_hold_only_codes_are_told(string json)
    {
        object? resource = FhirJson.ReadResource(Encoding.UTF8.GetBytes(json), out IReadOnlyList<string> codes);

        Assert.Null(resource);
        Assert.NotEmpty(codes);
        Assert.All(codes, code => Assert.DoesNotContain("secret", code, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("fatal")]
    [InlineData("error")]
    [InlineData("warning")]
    [InlineData("information")]
    [InlineData("success")]
    public void A_severity_is_kept_those_of_later_FHIR_versions_too(string severity)
    {
        OutcomeIssue issue = Assert.Single(FhirJson.ReadIssues($$"""{"resourceType":"OperationOutcome","issue":[{"severity":"{{severity}}","code":"transient"}]}"""));

        Assert.Equal(severity, issue.Severity);
        Assert.Equal("transient", issue.Code);
    }

    [Theory]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"made-up","diagnostics":"words"}]}""")]
    [InlineData("""{"resourceType":"OperationOutcome","made":"up","issue":[{"severity":"error","code":"invalid","diagnostics":"words","more":1}]}""")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"code":"invalid","diagnostics":"words"}]}""")]
    public void A_faulty_OperationOutcome_still_tells_its_words(string json)
    {
        OutcomeIssue issue = Assert.Single(FhirJson.ReadIssues(json));

        Assert.Equal("words", issue.Text);
        Assert.Equal("error", issue.Severity);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("<html/>")]
    [InlineData("""{"resourceType":"Patient","id":"1"}""")]
    [InlineData("""{"resourceType":"Nonsense"}""")]
    [InlineData("""{"resourceType":"OperationOutcome"}""")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[]}""")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","co""")]
    public void What_is_no_OperationOutcome_has_no_issues(string json) => Assert.Empty(FhirJson.ReadIssues(json));

    private static string TextOf(string issue) => Assert.Single(FhirJson.ReadIssues($$"""{"resourceType":"OperationOutcome","issue":[{{issue}}]}""")).Text;
}
