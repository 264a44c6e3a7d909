using GroupExport.Fhir;
using GroupExport.Jobs;
using GroupExport.Requests;

namespace GroupExport.Files;

/// <summary>
/// An earlier export that a further one goes on from: the server's time of its query becomes the next <c>_since</c>, verbatim (Bulk Data Access,
/// "Group Membership Request Pattern"). Only one that missed nothing will do: a gap in one run would be a gap for ever.
/// </summary>
/// <param name="Name">What to call it in messages.</param>
/// <param name="Job">Its job.</param>
/// <param name="State">The state of its receipt.</param>
/// <param name="TransactionTime">The server's time of its query.</param>
internal sealed record SinceSource(string Name, ExportJob Job, string? State, string? TransactionTime)
{
    private const string Advice = "Nothing was sent: go on from another export, or start anew without -Since and go on from that";

    public static SinceSource Of(ExportReceipt receipt) => new(receipt.Path, receipt, receipt.State, receipt.TransactionTime);

    /// <exception cref="ExportException">The folder has no receipt, or it cannot be read.</exception>
    public static SinceSource OfFolder(string folder) => Of(Receipts.Open(folder));

    /// <summary>The instant from which a request goes on without a gap.</summary>
    /// <exception cref="ExportException">There would be one (<see cref="ExportErrorKind.SinceSourceIncomplete"/>, <see cref="ExportErrorKind.SinceSourceDiffers"/>).</exception>
    public string InstantFor(ExportRequest request, string server)
    {
        if (State is not (ExportReceipt.Complete or ExportReceipt.Empty))
        {
            throw Incomplete($"is {State ?? "in no known state"}. What is missing there would be missing for ever");
        }

        string instant = Instant();
        return Difference(request, server) is { } difference
            ? throw new ExportException(ExportErrorKind.SinceSourceDiffers, $"The export in {Name} {difference}, so that what lies before it was not exported as it is asked for now. {Advice}.") { Subject = Name }
            : instant;
    }

    /// <summary>The transaction time. An export that the server completed with empty answers has none: what it went on from is still the last time known.</summary>
    private string Instant()
    {
        if (TransactionTime is null && State == ExportReceipt.Empty)
        {
            return Job.Since is { } earlier && FhirInstant.IsInstant(earlier)
                ? earlier
                : throw Incomplete("has no transaction time, because the server completed it with empty answers and no manifest, and it is not known to continue an earlier export");
        }

        return TransactionTime is not null && FhirInstant.IsInstant(TransactionTime) ? TransactionTime : throw Incomplete("has no transaction time that is an instant");
    }

    /// <summary>What to look at before going on from it; null when there is nothing.</summary>
    /// <remarks>A group may be empty. But what a client could not see in a whole export comes with no later one either, unless it changes.</remarks>
    public string? Caution => State == ExportReceipt.Empty && !Job.Parameters.Contains("_since")
        ? $"The export in {Name} is empty and did not itself go on from another. If that is because this client could not see the data then (its scopes or grants, or a group still without members), what lies before {TransactionTime} will never come with -Since: start anew without it."
        : null;

    /// <summary>What the earlier export left out or asked for otherwise; null when it was the same but for the time.</summary>
    private string? Difference(ExportRequest request, string server)
    {
        if (Job.PatientCount > 0 || Job.Parameters.Contains("patient"))
        {
            return "was of some patients of the group only";
        }

        if (Job.Parameters.Contains("_until"))
        {
            return "ended at an instant before its transaction time (_until)";
        }

        if (Job.Server != server)
        {
            return $"came from {Job.Server ?? "a server that is not recorded"}";
        }

        if (Job.GroupId != request.GroupId)
        {
            return $"was of group {Job.GroupName} and not of {request.GroupId}";
        }

        if (!Job.Types.ToHashSet(StringComparer.Ordinal).SetEquals(request.Types))
        {
            return $"was of {(Job.Types.Length == 0 ? "all types" : string.Join(", ", Job.Types))}";
        }

        return Job.Scope is { } scope && RequestFingerprint.MatchesScope(scope, request, server) ? null : "had other filters, elements or other parameters";
    }

    private ExportException Incomplete(string why) =>
        new(ExportErrorKind.SinceSourceIncomplete, $"The export in {Name} {why}. {Advice}; Get-ExportReceipt tells what is wrong with it.") { Subject = Name };
}
