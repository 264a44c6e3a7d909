namespace GroupExport.Fhir;

/// <summary>One issue of an OperationOutcome (FHIR R4).</summary>
/// <param name="Severity"><c>fatal</c>, <c>error</c>, <c>warning</c> or <c>information</c>.</param>
/// <param name="Code">The issue type, such as <c>transient</c> or <c>not-supported</c>.</param>
/// <param name="Text">The server's words: details text, else diagnostics, else the code.</param>
internal sealed record OutcomeIssue(string Severity, string Code, string Text);
