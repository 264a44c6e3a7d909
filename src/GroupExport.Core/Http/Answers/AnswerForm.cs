namespace GroupExport.Http;

/// <summary>Specifies the form in which a server explains an answer.</summary>
internal enum AnswerForm
{
    /// <summary>No body.</summary>
    None,

    /// <summary>An OperationOutcome in JSON or XML, or its issues alone (FHIR R4).</summary>
    Outcome,

    /// <summary>Problem details (RFC 9457), or ASP.NET's validation errors.</summary>
    Problem,

    /// <summary>An OAuth error (RFC 6749, 5.2; RFC 6750, 3).</summary>
    OAuth,

    /// <summary>Redox's <c>Meta.Errors</c>.</summary>
    Redox,

    /// <summary>Other JSON or XML with a message that a person can read, such as a gateway's or a storage service's.</summary>
    Message,

    /// <summary>Another FHIR resource.</summary>
    Resource,

    /// <summary>Other JSON.</summary>
    Json,

    /// <summary>Plain text.</summary>
    Text,

    /// <summary>A web page.</summary>
    Page,

    /// <summary>Bytes that are not text.</summary>
    Unreadable,
}
