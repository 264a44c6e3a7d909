using GroupExport.Fhir;

namespace GroupExport.Tests.Fhir;

/// <summary>The issues of an OperationOutcome.</summary>
public sealed class OutcomeReaderTests
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
    [InlineData("fatal")]
    [InlineData("error")]
    [InlineData("warning")]
    [InlineData("information")]
    [InlineData("success")]
    public void A_severity_is_kept_those_of_later_FHIR_versions_too(string severity)
    {
        OutcomeIssue issue = Assert.Single(OutcomeReader.Read($$"""{"resourceType":"OperationOutcome","issue":[{"severity":"{{severity}}","code":"transient"}]}"""));

        Assert.Equal(severity, issue.Severity);
        Assert.Equal("transient", issue.Code);
    }

    [Theory]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"made-up","diagnostics":"words"}]}""")]
    [InlineData("""{"resourceType":"OperationOutcome","made":"up","issue":[{"severity":"error","code":"invalid","diagnostics":"words","more":1}]}""")]
    [InlineData("""{"resourceType":"OperationOutcome","issue":[{"code":"invalid","diagnostics":"words"}]}""")]
    public void A_faulty_OperationOutcome_still_tells_its_words(string json)
    {
        OutcomeIssue issue = Assert.Single(OutcomeReader.Read(json));

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
    public void What_is_no_OperationOutcome_has_no_issues(string json) => Assert.Empty(OutcomeReader.Read(json));

    private static string TextOf(string issue) => Assert.Single(OutcomeReader.Read($$"""{"resourceType":"OperationOutcome","issue":[{{issue}}]}""")).Text;
}
