namespace GroupExport.Fhir;

/// <summary>One issue of an OperationOutcome (FHIR R4), or of another form in which a server explains itself.</summary>
/// <param name="Severity"><c>fatal</c>, <c>error</c>, <c>warning</c>, <c>information</c> or <c>success</c>; <c>error</c> when the server writes another.</param>
/// <param name="Code">The issue type, such as <c>transient</c> or <c>not-supported</c>, or the code that the other form has in its place.</param>
/// <param name="Text">The server's words: details text, else diagnostics, else the code.</param>
internal sealed record OutcomeIssue(string Severity, string Code, string Text)
{
    /// <summary>Gets a value indicating whether the server says that the same request may succeed later.</summary>
    public bool IsTransient { get; init; } = Code == "transient";

    /// <summary>Gets the HTTP status of the destination, in an error that Redox reports of it; null in other issues.</summary>
    public int? DestinationStatusCode { get; init; }

    /// <summary>Gets a value indicating whether the issue means that what was asked for was not done.</summary>
    public bool IsProblem => Severity is "fatal" or "error";
}
