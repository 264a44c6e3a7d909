using GroupExport.Fhir;
using GroupExport.Http;

namespace GroupExport.Jobs;

/// <summary>Represents what the verdict on the answer of a kick-off depends on.</summary>
/// <param name="Answer">Its status code and body.</param>
/// <param name="Place">What its <c>Content-Location</c> or <c>Location</c> is.</param>
/// <param name="NamesTime">Whether it has a <c>Retry-After</c>.</param>
internal sealed record KickOffReading(ServerAnswer Answer, StatusPlace Place = StatusPlace.None, bool NamesTime = false)
{
    /// <summary>Gets the status code.</summary>
    public int Status => Answer.StatusCode;

    /// <summary>Gets a value indicating whether the status code is a success.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Gets a value indicating whether requests can be sent to the named URL.</summary>
    public bool HasStatusUrl => Place is StatusPlace.StatusUrl or StatusPlace.Version;

    /// <summary>Gets a value indicating whether the body is a FHIR resource that is not an OperationOutcome.</summary>
    public bool IsOtherResource => Answer.ResourceType is not (null or "OperationOutcome");

    /// <summary>Gets a value indicating whether a success says in its body that it is none.</summary>
    public bool IsRefusedSuccess => IsSuccess && Answer.IsRefusal;

    /// <summary>Determines whether one of the reported errors has one of some issue codes (FHIR R4, issue-type).</summary>
    public bool HasCode(params string[] codes) => Errors.Any(issue => codes.Contains(issue.Code));

    /// <summary>Determines whether the destination behind the server answered with one of some status codes.</summary>
    public bool HasDestination(params int[] codes) => Errors.Any(issue => issue.DestinationStatusCode is { } code && codes.Contains(code));

    private IEnumerable<OutcomeIssue> Errors => Answer.Issues.Where(issue => issue.IsProblem);
}
