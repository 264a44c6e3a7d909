using System.Management.Automation;

namespace GroupExport.Errors;

/// <summary>Failures of the engine as PowerShell shows them.</summary>
internal static class ErrorRecords
{
    /// <summary>An error record whose id is the kind of the failure and whose target is the thing it is about.</summary>
    public static ErrorRecord ToErrorRecord(this ExportException failure, object? target = null)
    {
        ErrorMeaning meaning = ErrorMeanings.Of(failure.Kind);
        ErrorMeaning advice = failure.InnerException is ExportException { Kind: ExportErrorKind.JobNotFound } gone ? ErrorMeanings.Of(gone.Kind) : meaning;
        return new ErrorRecord(failure, failure.Kind.ToString(), meaning.Category, failure.Subject ?? target)
        {
            ErrorDetails = new ErrorDetails(failure.Message) { RecommendedAction = advice.RecommendedAction },
        };
    }

    /// <summary>The same for an object of the pipeline, which is named by its place: its value may be a patient's, and error records end up in logs.</summary>
    public static ErrorRecord ToPipedErrorRecord(this ExportException failure, int place)
    {
        ErrorRecord record = failure.ToErrorRecord();
        return new ErrorRecord(failure, failure.Kind.ToString(), record.CategoryInfo.Category, $"piped object {place}")
        {
            ErrorDetails = new ErrorDetails($"Piped object {place}: {failure.Message}") { RecommendedAction = record.ErrorDetails.RecommendedAction },
        };
    }

    /// <summary>What should never come to pass: a fault that the engine does not know.</summary>
    public static ErrorRecord Unexpected(Exception fault, object? target) => new(fault, "Unexpected", ErrorCategory.NotSpecified, target)
    {
        ErrorDetails = new ErrorDetails($"An unexpected fault: {fault.Message} Please report it with the steps that led to it.")
        {
            RecommendedAction = "Report it; files that are saved stay valid.",
        },
    };
}
