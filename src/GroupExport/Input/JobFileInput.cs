using System.Management.Automation;
using GroupExport.Jobs;

namespace GroupExport.Input;

/// <summary>Lets a job file stand for its job, as a file or by its path.</summary>
internal static class JobFileInput
{
    /// <summary>The job of the file; whatever is no file comes back as it is.</summary>
    /// <exception cref="ExportException">It is no job file, or has no job.</exception>
    public static object? Read(PSCmdlet cmdlet, object? input) => Plain.Of(input) switch
    {
        FileInfo file => JobOf(file.FullName),
        string text when PathOf(cmdlet, text) is { } path => JobOf(path),
        _ => input,
    };

    /// <summary>A text is a path when there is such a file; URLs never are.</summary>
    private static string? PathOf(PSCmdlet cmdlet, string text) =>
        text.Contains("://", StringComparison.Ordinal) ? null : FolderPath.Known(cmdlet, text, File.Exists);

    private static ExportJob JobOf(string path)
    {
        JobFileDocument document = JobFile.Read(path) ?? throw Invalid(path, "is not there");
        return document.Job ?? throw (document.State == JobFileDocument.Sending
            ? new ExportException(ExportErrorKind.KickOffUncertain, $"By {path} a kick-off was sent at {document.ChangedAt:u}, and nobody knows what came of it: there is no job to ask for. Look at the server.") { Subject = path }
            : Invalid(path, $"has no job: no export was started ({document.Reason ?? document.State})"));
    }

    private static ExportException Invalid(string path, string why) =>
        new(ExportErrorKind.InvalidJobFile, $"{path} {why}. Give the job file of an export that was started.") { Subject = path };
}
